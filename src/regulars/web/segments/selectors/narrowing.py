"""Finding the customers of a list without walking through everybody: each side answers what it knows.

Records (whose customers, what people wrote of them) are the database's; figures are the valuation's file's, which
meets any condition on its columns in one scan and has them in order. Where one side leaves few, the other is asked of
these alone. Where both leave many, the file's customers are taken in order, and the database is asked which of them
are among the records meant, a stretch at a time, until a page is full.
"""

from __future__ import annotations

from array import array
from collections import namedtuple
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from regulars.web.core import tables
from regulars.web.core.actor import NOBODY, Actor
from regulars.web.core.paging import KeysetPage, Read, page_read, reader
from regulars.web.customers import selectors as customers
from regulars.web.facts.selectors import in_order, numbers_where
from regulars.web.segments.conditions import Conditions, asked_of_values, record_q
from regulars.web.segments.selectors.walking import LONGEST, STRETCH, walking
from regulars.web.valuations.selectors import current, figures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regulars.web.segments.sorts import Sort
    from regulars.web.valuations.models import Valuation

FEW = 10_000
"""Customers who are fetched and sorted here. Of a million, a walk meets a page of more in 5,000 steps."""
SOME = 60_000
"""Customers whose numbers go to the file, where most of those who meet its conditions would be somebody else's."""
MOST_FOUND = 200
"""Customers that a look-up by name, phone or card shows."""
COUNTED = 10_000
"""How far a list is counted; beyond it is "more than"."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many customers a list has: exactly `n`, or more than `n`."""

    n: int
    more: bool = False


@dataclass
class Finding:
    """The customers of `actor` that meet `conditions`, and of `members` alone where a list of them is frozen.

    Parameters
    ----------
    members
        A query of numbers.
    """

    actor: Actor
    conditions: Conditions
    today: date
    members: QuerySet[Any] | None = None

    @cached_property
    def valuation(self) -> Valuation | None:
        """The valuation whose figures stand beside the customers; None where there is none, or none to be read."""
        return current() if self.actor.may("valuations.read") else None

    @cached_property
    def asks_values(self) -> bool:
        """Whether a condition can only be met by who has values."""
        return any(self.conditions.on("value"))

    @cached_property
    def few(self) -> list[int] | None:
        """The numbers of all customers, where they are few; None: too many, or nothing is asked."""
        if not self.asks_values:
            return self._records_meant
        return list(self._among_records(self.met)) if len(self.met) <= FEW else None

    @cached_property
    def met(self) -> NDArray[np.int64]:
        """Who meets the conditions about values, in order; of the records meant, where these are not too many.

        Whether `actor` reaches the others is asked of each later, with all else that their records say.
        """
        if self.valuation is None:
            return np.empty(0, np.int64)
        where = asked_of_values(self.conditions, self.today)
        return numbers_where(_of_everyone(self.actor), where, among=self._records_meant, valuation=self.valuation.pk)

    @cached_property
    def _records_meant(self) -> list[int] | None:
        """The numbers of all whose records are asked for; None where they are too many, or everybody is."""
        records = self._records.order_by()
        if text := self.conditions.texts.get("q"):
            found = [match.customer.pk for match in customers.find(self.actor, text, limit=MOST_FOUND)]
            return list(records.filter(pk__in=found).values_list("pk", flat=True))
        if not self._narrowed:
            return None
        most = SOME if self.asks_values else FEW
        some = list(records.values_list("pk", flat=True)[: most + 1])
        return some if len(some) <= most else None

    def records(self) -> QuerySet[Any]:
        """Return the customers, whether they have values or not."""
        found = customers.one_by_one(self._records)
        if self.asks_values:
            return found.filter(pk__among=self.met)
        return found if self._records_meant is None else found.filter(pk__among=self._records_meant)

    def numbers(self) -> NDArray[np.int64]:
        """Return the numbers of all of them, in order."""
        if self.few is not None:
            return tables.distinct(np.array(self.few, np.int64))
        meant = tables.numbers(self._records.order_by().values_list("pk"))
        return np.intersect1d(self.met, meant, assume_unique=True) if self.asks_values else meant

    def valued(self) -> QuerySet[Any]:
        """Return the figures of the customers.

        Records are asked for by key of each row, in a subquery: SQLite would else begin at one of their indexes, and
        read and sort a great part of the table.
        """
        if self.valuation is None:
            return figures(NOBODY)
        met = figures(_of_everyone(self.actor), self.valuation)
        if self.few is not None:  # they have answered for their records already
            return met.filter(customer__pk__among=self.few)
        if self.asks_values:
            met = met.filter(customer__pk__among=self.met)
        return met.filter(Exists(self._records.filter(pk=OuterRef("customer_id"))))

    def unvalued(self) -> QuerySet[Any]:
        """Return the customers whom the valuation does not know: who never bought, who is new since."""
        if self.asks_values and self.valuation is not None:
            return self.records().none()
        if self.valuation is None:
            return self.records()
        return self.records().filter(~Exists(self.valuation.rows.filter(customer=OuterRef("pk"))))

    def count(self) -> Count:
        """Return how many there are, counted no further than `COUNTED`."""
        if self.few is not None:
            n = len(self.few)
        elif self.asks_values:
            n = self._counted()
        else:
            n = self._records.order_by().values("pk")[: COUNTED + 1].count()
        return Count(COUNTED, more=True) if n > COUNTED else Count(n)

    def _counted(self) -> int:
        """Return how many of those who meet the conditions about values have records that are meant."""
        if self._records_meant is not None:
            return len(self.met)
        n, start, size = 0, 0, COUNTED + COUNTED // 5
        while start < len(self.met) and n <= COUNTED:
            n += self._among_records(self.met[start : start + size]).count()
            start += size
            size = min(LONGEST, (COUNTED - n) * start // max(1, n) + STRETCH)  # by as many as there were so far
        return n

    def page(self, sort: Sort, *, after: str | None, before: str | None, size: int) -> KeysetPage | None:
        """Return a page of who meets the conditions about values; None where none are asked, or few meet them."""
        if self.valuation is None or not self.asks_values:
            return None
        if sort.of_value:
            read, model = self._in_order_of_figures(sort), self.valuation.rows.model
        elif self.few is None:
            read, model = self._in_order_of_records(sort), self._records.model
        else:
            return None
        return page_read(read, model, sort.order, after=after, before=before, size=size)

    def _in_order_of_figures(self, sort: Sort) -> Read:
        """Take who meets the conditions about values in their order; keep those whose records are meant."""
        row, where = namedtuple("row", (sort.key, "customer_id")), asked_of_values(self.conditions, self.today)

        def stretch(beyond: Sequence[Any] | None, backwards: bool, n: int) -> list[Any]:
            return in_order(
                _of_everyone(self.actor), sort.key, where, among=self._records_meant, limit=n, backwards=backwards,
                beyond=(beyond[0], beyond[1]) if beyond else None,
                valuation=self.valuation.pk if self.valuation else None,
            )  # fmt: skip

        def keep(rows: list[Any]) -> list[Any]:
            numbers = array("q", [number for _value, number in rows])
            meant = set(numbers if self._records_meant is not None else self._among_records(numbers))
            return [row(*one) for one in rows if one[1] in meant]

        return walking(stretch, keep, lambda last: last)

    def _in_order_of_records(self, sort: Sort) -> Read:
        """Walk through the records meant in their order; keep who meets the conditions about values."""
        names = [name.removeprefix("-") for name in sort.order]
        rows = customers.one_by_one(self._records).only(*names)

        def keep(found: list[Any]) -> list[Any]:
            numbers = np.array([one.pk for one in found], np.int64)
            there = self.met[np.minimum(np.searchsorted(self.met, numbers), len(self.met) - 1)] == numbers
            return [one for one, meets in zip(found, there, strict=True) if meets]

        return walking(reader(rows, sort.order), keep, lambda last: [getattr(last, name) for name in names])

    def _among_records(self, numbers: Any) -> QuerySet[Any]:
        """Return the numbers of those whose records are meant."""
        meant = customers.one_by_one(self._records).filter(pk__among=numbers)
        return meant.values_list("pk", flat=True)

    @property
    def _narrowed(self) -> bool:
        """Whether anything about the records leaves customers out."""
        asked = self.conditions.without("archived")
        return self.actor.scope != "all" or self.members is not None or any(asked.on("record"))

    @property
    def _team_is_asked(self) -> bool:
        """Whether conditions are asked of the records of a team."""
        return self.actor.scope == "team" and any(self.conditions.without("archived", "q").on("record"))

    @cached_property
    def _records(self) -> QuerySet[Any]:
        """Whose records are asked for, by what stands in them alone."""
        archived = self.conditions.texts.get("archived") == "1"
        living = Q(erased_at=None, archived_at__isnull=not archived)
        reach = customers.visible(self.actor)
        if connection.vendor == "sqlite" and self._team_is_asked:
            reach = customers.one_by_one(reach)  # which begins at no index of a team's: its customers may be most
        found = reach.filter(living, record_q(self.conditions, self.actor))
        return found if self.members is None else found.filter(pk__in=self.members)


def _of_everyone(actor: Actor) -> Actor:
    """Return `actor` as if they reached everyone: whom they do reach is asked of each customer, not listed before."""
    known = {field.name: getattr(actor, field.name) for field in fields(Actor)}
    return Actor(**{**known, "scope": "all"})


def finding(actor: Actor, conditions: Conditions, *, members: QuerySet[Any] | None = None) -> Finding:
    """Return the customers that `actor` reaches and that meet the conditions which they may ask for.

    Raises
    ------
    PermissionDenied
        Where `actor` may not read customers.
    """
    actor.require("customers.read")
    return Finding(actor, conditions.readable(actor), timezone.localdate(), members)
