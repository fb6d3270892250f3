"""One page of a list: customers with their figures, in a declared order, in both directions."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from regulars.web.core.paging import PAGE_SIZE, KeysetPage, keyset_page
from regulars.web.customers.selectors import visible
from regulars.web.segments.selectors.narrowing import Finding
from regulars.web.segments.sorts import NAME, SORTS, Sort
from regulars.web.valuations.selectors import figures

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer
    from regulars.web.valuations.models import CustomerFigure

REST = "~"
"""Begins the keys of those who have no values: they follow after everybody who has."""


@dataclass(frozen=True, slots=True)
class Row:
    """One customer of a list, with their figures where the valuation knows them."""

    customer: Customer
    figure: CustomerFigure | None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page: its rows, the keys that lead on and back, and the widest interval on it, for one scale of all bars."""

    rows: list[Row]
    after: str | None
    before: str | None
    most: Decimal = field(default=Decimal(1))

    def __len__(self) -> int:
        return len(self.rows)


def list_page(
    found: Finding, sort: Sort, *, after: str | None = None, before: str | None = None, size: int = PAGE_SIZE,
    with_tags: bool = False,
) -> ListPage:  # fmt: skip
    """Return the rows after (or before) a key, in order; who has no values comes after those who have.

    Raises
    ------
    BadRequest
        When the key was not made by this list.
    """
    if not sort.of_value:
        page = keyset_page(found.records(), sort.order, after=after, before=before, size=size)
    elif before is not None:
        page = _back(found, sort, before, size)
    else:
        page = _on(found, sort, after, size)
    return _filled(found, page, with_tags=with_tags)


def _on(found: Finding, sort: Sort, after: str | None, size: int) -> KeysetPage:
    """Read on: the valued to their end, then the rest."""
    if after is not None and after.startswith(REST):
        rest = _rest(found, after=after[1:] or None, size=size)
        return KeysetPage(rest.rows, rest.after, rest.before or REST)
    first = keyset_page(found.valued(), sort.order, after=after, size=size)
    if first.after is not None:
        return first
    room = size - len(first)
    rest = _rest(found, size=room or 1)
    before = first.before or (REST if after else None)
    if not room:
        return KeysetPage(first.rows, REST if rest.rows else None, before)
    return KeysetPage([*first.rows, *rest.rows], rest.after, before)


def _back(found: Finding, sort: Sort, before: str, size: int) -> KeysetPage:
    """Read back: the rest to its beginning, then the valued from their end."""
    if not before.startswith(REST):
        return keyset_page(found.valued(), sort.order, before=before, size=size)
    rest = _rest(found, before=before[1:], size=size) if before[1:] else KeysetPage([], REST, None)
    room = size - len(rest)
    if rest.before is not None:
        return rest
    if not room:
        return KeysetPage(rest.rows, rest.after, REST)
    first = keyset_page(found.valued(), sort.order, before="", size=room)
    return KeysetPage([*first.rows, *rest.rows], rest.after, first.before)


def _rest(found: Finding, *, size: int, after: str | None = None, before: str | None = None) -> KeysetPage:
    """Return a page of those without values, its keys marked."""
    page = keyset_page(found.unvalued(), SORTS[NAME].order, after=after, before=before, size=size)
    return KeysetPage(page.rows, page.after and REST + page.after, page.before and REST + page.before)


def _filled(found: Finding, page: KeysetPage, *, with_tags: bool) -> ListPage:
    """Put records and figures side by side: one query each for all rows."""
    numbers = [getattr(row, "customer_id", row.pk) for row in page.rows]
    people = visible(found.actor).filter(pk__in=numbers).select_related("owner", "team")
    records = (people.prefetch_related("tags") if with_tags else people).in_bulk()
    known = figures(found.actor, found.valuation).filter(customer__in=numbers) if found.valuation else ()
    values = {figure.customer_id: figure for figure in known}
    rows = [
        Row(records[n], values.get(n), tuple(str(tag) for tag in records[n].tags.all()) if with_tags else ())
        for n in numbers
        if n in records
    ]
    most = max((figure.future_high or Decimal(0) for figure in values.values()), default=Decimal(0))
    return ListPage(rows, page.after, page.before, most or Decimal(1))
