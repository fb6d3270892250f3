"""Finding the customers of a list without walking through everybody: the narrower side is asked first.

Where one side of the conditions (whose customers, what their records say; or what the valuation says) leaves few, their
numbers are fetched and all else is asked of them alone. Where each leaves many, a walk along the sort's index meets
enough for a page soon. The valuation's own file answers in its columns what its table has no index for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from regulars.web.core.actor import Actor
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
        if "q" in self.conditions.texts:
            return [
                match.customer.pk for match in customers.find(self.actor, self.conditions.texts["q"], limit=MOST_FOUND)
            ]
        if self._narrowed:
            few = list(self._records.order_by().values_list("pk", flat=True)[: FEW + 1])
            if len(few) <= FEW:
                return few
        return self._by_values if self.valuation and self.asks_values else None

    @cached_property
    def _by_values(self) -> list[int] | None:
        """Who meets the conditions about values; of those that the published figures hold as well, only where few."""
        limit = None if any(self.conditions.on("file")) else FEW + 1
        where = asked_of_file(self.conditions, self.today)
        found: list[int] = table(self.actor, ["customer_id"], where=where, order=(), limit=limit)[
            "customer_id"
        ].to_pylist()
        return None if limit and len(found) > FEW else found

    def records(self) -> QuerySet[Any]:
        """Return the customers, whether they have values or not."""
        found = self._records
        if self.numbers is not None:
            found = found.filter(pk__among=self.numbers)
        if self.asks_values:
            met = value_q(self.conditions, self.today, prefix="figures__")
            found = found.filter(met, figures__valuation_id=self.valuation.pk) if self.valuation else found.none()
        return found

    def valued(self) -> QuerySet[Any]:
        """Return the figures of the customers, their records along with them."""
        if self.valuation is None:
            return figures(self.actor, self.valuation).none()
        held = self._living("customer__") & value_q(self.conditions, self.today)
        if self.numbers is not None:
            held &= Q(customer__pk__among=self.numbers)
        else:
            held &= record_q(self.conditions, self.actor, prefix="customer__")
            held &= Q() if self.members is None else Q(customer__in=self.members)
        return figures(self.actor, self.valuation).filter(held)

    def unvalued(self) -> QuerySet[Any]:
        """Return the customers whom the valuation does not know: who never bought, who is new since."""
        if self.valuation is None:
            return self.records()
        if self.asks_values:
            return self.records().none()
        known = figures(self.actor, self.valuation).model._default_manager.filter(
            valuation_id=self.valuation.pk, customer=OuterRef("pk")
        )
        return self.records().filter(~Exists(known))

    def count(self) -> Count:
        """Return how many there are, counted no further than `COUNTED`."""
        found = self.valued() if self.asks_values else self.records()
        n = found.order_by().values("pk")[: COUNTED + 1].count()
        return Count(COUNTED, more=True) if n > COUNTED else Count(n)

    @property
    def _narrowed(self) -> bool:
        """Whether anything about the records leaves customers out."""
        return self.actor.scope != "all" or self.members is not None or bool(record_q(self.conditions, self.actor))

    @cached_property
    def _records(self) -> QuerySet[Any]:
        """Whose records are asked for, by what stands in them alone."""
        found = customers.visible(self.actor).filter(self._living(""), record_q(self.conditions, self.actor))
        return found if self.members is None else found.filter(pk__in=self.members)

    def _living(self, prefix: str) -> Q:
        """Return the condition that customers are dealt with, or in the archive where that is asked for."""
        archived = self.conditions.texts.get("archived") == "1"
        return Q(**{f"{prefix}erased_at": None, f"{prefix}archived_at__isnull": not archived})


def finding(actor: Actor, conditions: Conditions, *, members: QuerySet[Any] | None = None) -> Finding:
    """Return the customers that `actor` reaches and that meet the conditions which they may ask for.

    Raises
    ------
    PermissionDenied
        Where `actor` may not read customers.
    """
    actor.require("customers.read")
    return Finding(actor, conditions.readable(actor), timezone.localdate(), members)
