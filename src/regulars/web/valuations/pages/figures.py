"""The figures that a person is shown: of all customers as the valuation stored them, or of those they reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from regulars.web.core.actor import Actor
from regulars.web.customers import selectors as customers
from regulars.web.facts.selectors import cohorts, structure
from regulars.web.valuations.models import Valuation
from regulars.web.valuations.pages.hiding import hidden

RECKONED = ("totals", "concentration", "pyramid", "matrix", "rfm", "tiers", "crosstab")


@dataclass
class Shown:
    """One valuation as one person may see it.

    Parameters
    ----------
    figures
        As `regulars.valuation.figures` has them; over the customers that the person reaches.
    """

    actor: Actor
    valuation: Valuation

    @property
    def opens(self) -> bool:
        """Whether the person may open customers' records: else nothing leads to them and small cells are hidden."""
        return self.actor.may("customers.read")

    @property
    def of_all(self) -> bool:
        """Whether these are the figures of the whole workspace."""
        return self.actor.scope == "all" or not self.opens

    @cached_property
    def figures(self) -> Mapping[str, Any]:
        """The figures."""
        stored: dict[str, Any] = self.valuation.figures
        if not self.opens:
            return hidden(stored)
        if self.of_all:
            return stored
        found = structure(self.actor, self.valuation.card.get("rules") or {}, valuation=self.valuation.pk)
        if found is None:
            return stored | dict.fromkeys(RECKONED)
        meta = stored["meta"] | {"n_customers": found["n"]}
        return stored | {"meta": meta} | {name: found[name] for name in RECKONED}

    @cached_property
    def with_cohorts(self) -> Mapping[str, Any]:
        """The figures with the cohorts, which read the order lines of those of whom they are not stored."""
        if self.of_all:
            return self.figures
        return {**self.figures, "cohort": cohorts(self.actor, valuation=self.valuation.pk)}

    @property
    def currency(self) -> str:
        """The currency of all amounts."""
        return self.valuation.currency

    def names(self, numbers: list[int]) -> dict[int, str]:
        """Return the names of those of `numbers` whose records the person opens."""
        if not self.opens:
            return {}
        found = customers.visible(self.actor).filter(pk__in=numbers)
        return {one.pk: str(one) for one in found}
