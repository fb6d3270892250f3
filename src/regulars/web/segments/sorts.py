"""The declared orders of a list. Each is an index, so that its first page and its thousandth take the same time."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Sort:
    """One order. `of_value`: of the valuation's figures, most first; who has none follows in the order of names."""

    key: str
    title: str | Promise
    order: tuple[str, ...]
    of_value: bool


def _by(column: str, title: str | Promise) -> Sort:
    return Sort(column, title, (f"-{column}", "customer_id"), True)


NAME, NEWEST = "name", "newest"
SORTS: dict[str, Sort] = {
    one.key: one
    for one in (
        _by("future_value", _("Value to come")),
        _by("customer_value", _("Customer value")),
        _by("current_value", _("Value now")),
        _by("value_at_risk", _("Value at risk")),
        _by("last_purchase", _("Last purchase")),
        _by("next_order_due", _("Next order due")),
        Sort(NAME, _("Name"), ("name_key", "id"), False),
        Sort(NEWEST, _("Newest first"), ("-created_at", "id"), False),
    )
}


def sort_of(key: str, actor: Actor, *, valued: bool) -> Sort:
    """Return the order asked for; the best that `actor` may have where it is none of theirs.

    Parameters
    ----------
    valued
        Whether there is a valuation to sort by.
    """
    sort = SORTS.get(key) or SORTS["future_value"]
    usable = valued and actor.may("valuations.read")
    return sort if usable or not sort.of_value else SORTS[NAME]
