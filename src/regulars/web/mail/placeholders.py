"""What stands for something else in a message: ``{{ name }}``, from a fixed list, filled in by substitution alone.

There is no engine behind it: what is filled in is never looked at again, so nobody's name can be a command.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PLACEHOLDERS: dict[str, str | Promise] = {
    "name": _("the customer's name"),
    "salutation": _("“Dear …”, with the customer's name"),
    "owner": _("who looks after the customer, else the company"),
    "company": _("the name of this workspace"),
    "offer": _("what the campaign offers"),
    "unsubscribe": _("the link to unsubscribe; without it, it stands at the end"),
}
UNSUBSCRIBE = "unsubscribe"
_MARK = re.compile(r"\{\{([^{}]*)\}\}")


def named(text: str) -> set[str]:
    """Return the placeholders of a text."""
    return {found.strip() for found in _MARK.findall(text)}


def refuse_unknown(text: str, *, but: tuple[str, ...] = ()) -> None:
    """Refuse a text with a placeholder that nobody knows, or one that is not closed.

    Raises
    ------
    ValidationError
        Naming it, and those that are known.
    """
    known = [name for name in PLACEHOLDERS if name not in but]
    unknown = sorted(named(text) - set(known))
    if unknown:
        raise ValidationError(
            _("“%(unknown)s” is no placeholder here. Known are: %(known)s."),
            params={"unknown": "”, “".join(unknown), "known": ", ".join(f"{{{{ {name} }}}}" for name in known)},
            code="placeholder",
        )
    if left := re.search(r"\{\{|\}\}", _MARK.sub("", text)):
        raise ValidationError(
            _("“%(mark)s” stands alone: a placeholder is written {{ name }}."), params={"mark": left[0]}, code="open"
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with each placeholder replaced by its value; values are not looked at again.

    Raises
    ------
    KeyError
        For a placeholder without a value.
    """
    return _MARK.sub(lambda found: values[found[1].strip()], text)


def one_line(value: str) -> str:
    """Return a value as it may stand in a line of a header: without line breaks and signs that are not seen."""
    seen = "".join(" " if unicodedata.category(sign) in _UNSEEN else sign for sign in value)
    return " ".join(seen.split())


_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
