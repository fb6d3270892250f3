"""What the customer page knows of one customer's value; each part is read once, when somebody asks for it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from regulars.web.core.request import Request
from regulars.web.facts.selectors import Rhythm, Waterfall, rhythm, value_row, waterfall
from regulars.web.valuations import selectors
from regulars.web.valuations.models import Valuation


class Known:
    """One customer as the current valuation and the lake know them, for one person."""

    def __init__(self, request: Request, customer: Any) -> None:
        self.actor, self.customer = request.actor, customer

    @cached_property
    def valuation(self) -> Valuation | None:
        """The current valuation, for who may read values."""
        return selectors.current() if self.actor.may("valuations.read") else None

    @cached_property
    def row(self) -> dict[str, Any] | None:
        """The customer's row of it; None where it does not know them."""
        return value_row(self.actor, self.customer) if self.valuation else None

    @cached_property
    def rhythm(self) -> Rhythm | None:
        """When they bought; None where they never did."""
        return rhythm(self.actor, self.customer)

    @cached_property
    def waterfall(self) -> Waterfall | None:
        """Where the revenue of twelve months went."""
        return waterfall(self.actor, self.customer) if self.row else None

    @property
    def currency(self) -> str:
        """The currency of all amounts; empty where it is not known."""
        return self.valuation.currency if self.valuation else ""


def known(request: Request, customer: Any) -> Known:
    """Return what is known of `customer`: the sections of one page share it."""
    kept: dict[int, Known] = vars(request).setdefault("_known_values", {})
    return kept.setdefault(customer.pk, Known(request, customer))
