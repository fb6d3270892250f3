"""Where a valuation drew the lines of its classes, from its model card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from regulars.segment import MatrixRule, TierRule, VisitRule, visit_rule
from regulars.segment.tiers import GOLD, SILVER
from regulars.web.valuations.models import Valuation


@dataclass(frozen=True, slots=True)
class Rules:
    """The lines of one run as the library's sentences take them; None where its card does not say."""

    matrix: MatrixRule | None
    tiers: TierRule | None
    visits: VisitRule | None

    @classmethod
    def of(cls, valuation: Valuation) -> Rules:
        """Read them from the card of a published run."""
        said: dict[str, Any] = valuation.card.get("rules") or {}
        basis = valuation.basis or "net_profit"
        matrix, tiers = said.get("matrix"), said.get("tiers")
        return cls(
            MatrixRule(matrix["quantile"], matrix["current"], matrix["future"], basis, "future_value")
            if matrix
            else None,
            TierRule(tiers["gold"], tiers["silver"], GOLD, SILVER, basis) if tiers else None,
            _visits(valuation),
        )


def _visits(valuation: Valuation) -> VisitRule | None:
    first = (valuation.card.get("data") or {}).get("first_date")
    if valuation.as_of is None:
        return None
    return visit_rule(valuation.as_of, date.fromisoformat(first) if first else None)
