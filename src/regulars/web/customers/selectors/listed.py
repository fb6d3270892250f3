"""The address of the list of customers that meet conditions: what a chart's mark or a figure leads to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

Asked = str | int | float | bool | date | Decimal | None


def list_address(**conditions: Asked | Collection[Asked]) -> str:
    """Return the address of the customer list with `conditions`; docs/customers-list.md names them all.

    Parameters
    ----------
    conditions
        Named by their columns. A class (``matrix="IV"``), several of one scheme (``tier=["gold", "silver"]``), None for
        "not known", a bound (``p_alive_from=0.8``, ``last_purchase_to=day``), yes or no (``at_risk=True``), an order
        (``sort="future_value"``).

    Examples
    --------
    ``list_address(matrix="I", tier="gold")`` is ``/customers/?matrix=I&tier=gold``.
    """
    query = urlencode({name: _text(asked) for name, asked in conditions.items()}, safe=",")
    return reverse("customer_list") + (f"?{query}" if query else "")


def _text(asked: Asked | Collection[Asked]) -> str:
    if asked is None:
        return "none"
    if isinstance(asked, bool):
        return "1" if asked else "0"
    if isinstance(asked, date):
        return asked.isoformat()
    if isinstance(asked, str | int | float | Decimal):
        return str(asked)
    return ",".join(_text(one) for one in asked)
