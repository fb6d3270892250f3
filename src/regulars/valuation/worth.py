"""The ways in which a purchase to come is worth something, behind one name."""

from __future__ import annotations

from regulars.measure.lifetime import GammaGamma, NormalNormal
from regulars.measure.margin import Margins
from regulars.valuation.by_profit import ByProfit
from regulars.valuation.by_spend import BySpend

SpendModel = GammaGamma | NormalNormal
Worth = BySpend | ByProfit


def worth_of(spend: SpendModel, margins: Margins | None) -> Worth:
    """Return the worth of purchases by a fitted model: profit as it is, or spend times `margins`."""
    return ByProfit(spend) if isinstance(spend, NormalNormal) else BySpend(spend, margins)
