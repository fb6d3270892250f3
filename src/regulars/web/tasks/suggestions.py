"""The next action that a customer's class and rhythm ask for. It is a proposal until somebody makes it a task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from regulars.decide import strategy
from regulars.decide.contact import GONE
from regulars.web.tasks.kinds import ACQUAINT, AT_RISK, FIRST_ORDER, KINDS, WIN_BACK, Kind
from regulars.web.tasks.models import Stake
from regulars.web.tasks.reasons import Reason, say

if TYPE_CHECKING:
    from regulars.web.valuations.models import CustomerFigure, Valuation


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to do next for one customer, and why. A person decides."""

    kind: Kind
    reason: Reason
    at_stake: Decimal | None = None
    stake: str = ""

    @property
    def title(self) -> str | Promise:
        """What to do."""
        return self.kind.title

    @property
    def why(self) -> str:
        """Why, in the reader's language."""
        return say(self.reason)


def suggest(figure: CustomerFigure | None, *, valuation: Valuation | None) -> Suggestion:
    """Return the next action: of the rhythm first (late, just begun), else of the value class by the playbook.

    Somebody without figures, or without an order, is to be got to know: there is a next action for everyone.
    """
    as_of = valuation.as_of if valuation else None
    if valuation is None or figure is None or not figure.n_purchases or as_of is None:
        return Suggestion(KINDS[ACQUAINT], Reason("no_order"))
    at_stake, stake = stake_of(figure, valuation)
    kind, reason = _by_rhythm(figure, as_of) or _by_class(figure, as_of)
    return Suggestion(KINDS[kind], reason, at_stake, stake)


def stake_of(figure: CustomerFigure, valuation: Valuation) -> tuple[Decimal | None, str]:
    """Return the amount that a task is about and which it is: value at risk, else what the customer brings now.

    Where the model sees hardly anyone leave, value at risk is next to nothing for everybody and would order nobody.
    """
    if figure.value_at_risk is not None and valuation.risk_tells:
        return figure.value_at_risk, Stake.VALUE_AT_RISK
    if figure.current_value is not None:
        return figure.current_value, Stake.CURRENT_VALUE
    return None, ""


def _by_rhythm(figure: CustomerFigure, as_of: date) -> tuple[str, Reason] | None:
    if figure.at_risk:
        gone = figure.p_alive is not None and figure.p_alive < GONE
        return WIN_BACK if gone else AT_RISK, silence(figure, as_of)
    if figure.n_purchases == 1 and figure.last_purchase is not None:
        return FIRST_ORDER, Reason("first_order", {"on": figure.last_purchase.isoformat()})
    return None


def _by_class(figure: CustomerFigure, as_of: date) -> tuple[str, Reason]:
    if figure.matrix is None:
        return ACQUAINT, silence(figure, as_of)
    return strategy(figure.matrix).code, Reason("strategy", {"matrix": figure.matrix})


def silence(figure: CustomerFigure, as_of: date) -> Reason:
    """Return for how long a customer has not ordered, and when the next order was due."""
    days = (as_of - figure.last_purchase).days if figure.last_purchase else 0
    due = {"due": figure.next_order_due.isoformat()} if figure.next_order_due else {}
    return Reason("silent", {"days": days, **due})
