"""Finding the customers of a list without walking through everybody: the narrower side is asked first.

Where one side of the conditions (whose customers, what their records say; or what the valuation says) leaves few, their
numbers are fetched and all else is asked of them alone. Where each leaves many, a walk along the sort's index meets
enough for a page soon. The valuation's own file answers in its columns what its table has no index for.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from regulars.web.core.actor import NOBODY, Actor
from regulars.web.customers import selectors as customers
from regulars.web.facts.selectors import table
from regulars.web.segments.conditions import Conditions, asked_of_file, record_q, value_q
from regulars.web.valuations.selectors import current, figures

if TYPE_CHECKING:
    from regulars.web.valuations.models import Valuation

FEW = 20_000
"""Customers whose numbers are fetched. One in fifty of a million: a walk meets a page of more in 2,500 steps."""
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
        return any(self.conditions.on("value", "file"))

    @cached_property
    def numbers(self) -> list[int] | None:
        """The numbers among which everybody meant is, where they are few; None: too many, or nothing is asked."""
        if self._few_records is not None:
            return self._few_records
        return self._by_values if self.valuation and self.asks_values else None

    @cached_property
    def _few_records(self) -> list[int] | None:
        """The numbers of all whose records are asked for, where they are few."""
        records = self._records.order_by()
        if text := self.conditions.texts.get("q"):
            found = [match.customer.pk for match in customers.find(self.actor, text, limit=MOST_FOUND)]
            return list(records.filter(pk__in=found).values_list("pk", flat=True))
        if not self._narrowed:
            return None
        few = list(records.values_list("pk", flat=True)[: FEW + 1])
        return few if len(few) <= FEW else None

    @cached_property
    def _by_values(self) -> list[int] | None:
        """Who meets the conditions about values; of those that the published figures hold as well, only where few.

        Whether `actor` reaches them is asked of each later, with all else that their records say.
        """
        limit = None if any(self.conditions.on("file")) else FEW + 1
        where = asked_of_file(self.conditions, self.today)
        found: list[int] = table(_of_everyone(self.actor), ["customer_id"], where=where, order=(), limit=limit)[
            "customer_id"
        ].to_pylist()
        return None if limit and len(found) > FEW else found

    def records(self) -> QuerySet[Any]:
        """Return the customers, whether they have values or not."""
        found = customers.one_by_one(self._records)
        if self.numbers is not None:
            found = found.filter(pk__among=self.numbers)
        return found.filter(Exists(self._figures_of("pk"))) if self.asks_values else found

    def valued(self) -> QuerySet[Any]:
        """Return the figures of the customers.

        Conditions are asked of each row by its key, in subqueries: SQLite would else begin at one of their indexes,
        and read and sort a great part of the table.
        """
        if self.valuation is None:
            return figures(NOBODY)
        met = figures(_of_everyone(self.actor), self.valuation)
        if self.numbers is not None:
            met = met.filter(customer__pk__among=self.numbers)
        if self.asks_values:
            met = met.filter(Exists(self._figures_of("customer_id")))
        if self._few_records is not None:  # they have answered for their records already
            return met
        return met.filter(Exists(self._records.filter(pk=OuterRef("customer_id"))))

    def unvalued(self) -> QuerySet[Any]:
        """Return the customers whom the valuation does not know: who never bought, who is new since."""
        if self.asks_values and self.valuation is not None:
            return self.records().none()
        return self.records() if self.valuation is None else self.records().filter(~Exists(self._figures_of("pk")))

    def count(self) -> Count:
        """Return how many there are, counted no further than `COUNTED`."""
        found = self._in_any_order() if self.asks_values else self.records()
        n = found.order_by().values("pk")[: COUNTED + 1].count()
        return Count(COUNTED, more=True) if n > COUNTED else Count(n)

    def _in_any_order(self) -> QuerySet[Any]:
        """Return the figures for counting, where any index of a condition may be begun at."""
        if self.numbers is not None or self.valuation is None:
            return self.valued()
        met = figures(_of_everyone(self.actor), self.valuation).filter(value_q(self.conditions, self.today))
        return met.filter(Exists(self._records.filter(pk=OuterRef("customer_id"))))

    @property
    def _narrowed(self) -> bool:
        """Whether anything about the records leaves customers out."""
        asked = self.conditions.without("archived")
        return self.actor.scope != "all" or self.members is not None or any(asked.on("record"))

    @cached_property
    def _records(self) -> QuerySet[Any]:
        """Whose records are asked for, by what stands in them alone."""
        archived = self.conditions.texts.get("archived") == "1"
        living = Q(erased_at=None, archived_at__isnull=not archived)
        found = customers.visible(self.actor).filter(living, record_q(self.conditions, self.actor))
        return found if self.members is None else found.filter(pk__in=self.members)

    def _figures_of(self, outer: str) -> QuerySet[Any]:
        """Return the figures of the outer query's customer, if they meet the conditions."""
        if self.valuation is None:
            return figures(NOBODY)
        return self.valuation.rows.filter(value_q(self.conditions, self.today), customer=OuterRef(outer))


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
