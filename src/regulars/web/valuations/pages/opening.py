"""Where a mark of a picture leads to: the list of its customers, for who may open records."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html

from regulars.web.customers.selectors import list_address
from regulars.web.valuations.pages.figures import Shown


def address(shown: Shown, **conditions: Any) -> str:
    """Return the address of the customers that meet `conditions`; empty for who may not open records."""
    return list_address(**conditions) if shown.opens else ""


def link(to: str, text: Any) -> Any:
    """Return `text`, as a link where it leads somewhere."""
    return format_html('<a href="{}">{}</a>', to, text) if to else text
