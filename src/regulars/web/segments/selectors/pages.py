"""One page of a list: customers with their figures, in a declared order, in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from regulars.web.core.paging import PAGE_SIZE, KeysetPage, keyset_page, page_of
from regulars.web.customers.selectors import one_by_one, visible
from regulars.web.segments.rows import Row
from regulars.web.segments.selectors.narrowing import Finding
from regulars.web.segments.sorts import NAME, SORTS, Sort

REST = "~"
"""Begins the keys of those who have no values: they follow after everybody who has."""


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
        page = _part(found, sort, after=after, before=before, size=size)
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
    first = _part(found, sort, after=after, size=size)
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
        return _part(found, sort, before=before, size=size)
    rest = _rest(found, before=before[1:], size=size) if before[1:] else KeysetPage([], REST, None)
    room = size - len(rest)
    if rest.before is not None:
        return rest
    if not room:
        return KeysetPage(rest.rows, rest.after, REST)
    first = _part(found, sort, before="", size=room)
    return KeysetPage([*first.rows, *rest.rows], rest.after, first.before)


def _part(
    found: Finding, sort: Sort, *, size: int, after: str | None = None, before: str | None = None
) -> KeysetPage:  # fmt: skip
    """Return a page of all who can stand in this order."""
    page = found.page(sort, after=after, before=before, size=size)
    if page is None:
        rows = found.valued() if sort.of_value else found.records()
        page = _of(found, rows, sort.order, after=after, before=before, size=size)
    return page


def _rest(found: Finding, *, size: int, after: str | None = None, before: str | None = None) -> KeysetPage:
    """Return a page of those without values, its keys marked."""
    page = _of(found, found.unvalued(), SORTS[NAME].order, after=after, before=before, size=size)
    return KeysetPage(page.rows, page.after and REST + page.after, page.before and REST + page.before)


def _of(
    found: Finding, rows: QuerySet[Any], order: Sequence[str], *, size: int, after: str | None, before: str | None
) -> KeysetPage:  # fmt: skip
    """Return a page of `rows`; few are sorted here, so that no database walks through everybody for them."""
    if found.few is None:
        return keyset_page(rows, order, after=after, before=before, size=size)
    few = rows.order_by().values_list(*(name.removeprefix("-") for name in order), named=True)
    return page_of(few, rows.model, order, after=after, before=before, size=size)


def _filled(found: Finding, page: KeysetPage, *, with_tags: bool) -> ListPage:
    """Put records and figures side by side: one query each for all rows."""
    numbers = [row.customer_id if hasattr(row, "customer_id") else row.id for row in page.rows]
    people = one_by_one(visible(found.actor)).filter(pk__in=numbers).select_related("owner", "team")
    records = (people.prefetch_related("tags") if with_tags else people).in_bulk()
    known = found.valuation.rows.filter(customer__in=list(records)) if found.valuation else ()
    values = {figure.customer_id: figure for figure in known}
    rows = [
        Row(records[n], values.get(n), tuple(str(tag) for tag in records[n].tags.all()) if with_tags else ())
        for n in numbers
        if n in records
    ]
    most = max((figure.future_high or Decimal(0) for figure in values.values()), default=Decimal(0))
    return ListPage(rows, page.after, page.before, most or Decimal(1))
