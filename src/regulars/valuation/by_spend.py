"""What a purchase is worth, as spend times a margin: Gamma-Gamma and what a unit of revenue leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw

from regulars.engine import Frame, to_arrow
from regulars.measure.lifetime import GammaGamma
from regulars.measure.lifetime.worth import Spent
from regulars.measure.margin import Margins
from regulars.prove.candidates import AnyModel
from regulars.valuation.scoring import KEYS, Scores, in_order
from regulars.valuation.settings import Settings

FINE = nw.Decimal(38, 9)


@dataclass(frozen=True)
class BySpend:
    """Gamma-Gamma spend, and the margins it is multiplied by; None where values are counted in revenue."""

    spend: GammaGamma
    margins: Margins | None

    def with_ends(self, scored: Frame, model: AnyModel, scores: Scores, settings: Settings) -> Frame:
        """Return the customers as they are: the scores of a history bound the value of everyone who has it."""
        return scored

    def with_worth(self, customers: Frame) -> Frame:
        """Add `_worth` to rows of `customer_value`: what a purchase is expected to leave, spend times the margin."""
        rated = self._rated(customers)
        return rated.with_columns(_worth=nw.col("_rate") * nw.col("expected_spend")).drop("_rate")

    def with_amounts(self, customers: Frame) -> tuple[Frame, dict[str, nw.Expr]]:
        """Add `expected_spend`; return as well every amount of the future, by its column."""
        spend = self.spend.spend
        x, m, rate = nw.col("x"), nw.col("mean_repeat_spend"), nw.col("_rate")
        has_spend = (x > 0) & (m > 0)
        seen = nw.when(has_spend).then(x * m).otherwise(0.0)
        rest = spend.p * nw.when(has_spend).then(x).otherwise(0) + (spend.q - 1.0)
        posterior = spend.p * (spend.v + seen) / nw.when(rest > 0).then(rest).otherwise(1.0)
        nobody = float(self.spend.expected_spend_at(0, 0.0)[0])  # of a customer without repeat spend
        alive = ~nw.col("p_alive").is_null()
        each = self._rated(customers).with_columns(
            expected_spend=nw.when(alive).then(nw.when(has_spend & (rest > 0)).then(posterior).otherwise(nobody)),
            _scale=rate * (spend.v + seen),
        )
        worth = rate * nw.col("expected_spend")
        low, high = nw.col("_scale") * nw.col("_factor_low"), nw.col("_scale") * nw.col("_factor_high")
        gains = rate >= 0
        return each, {
            "future_value": worth * nw.col("_discounted"),
            "future_value_low": nw.when(gains).then(low).otherwise(high),
            "future_value_high": nw.when(gains).then(high).otherwise(low),
            "residual_value": worth * nw.col("_residual"),
            "value_at_risk": nw.when(gains).then(worth * nw.col("_lost")).otherwise(0.0),
        }

    def together(self, customers: Frame, keys: Sequence[str] = KEYS) -> Spent:
        """Add up what the totals need by history, told apart by `keys`, sorted; exact decimals, whatever threads."""
        known, m = self._rated(customers.filter(nw.col("n_purchases") > 0)), nw.col("mean_repeat_spend")
        seen = nw.when(m > 0).then(nw.col("x") * m).otherwise(0.0)
        sized = known.with_columns(_scale=nw.col("_rate") * (self.spend.v_ + seen)).with_columns(
            nw.col("_rate").round(9).cast(FINE).alias("weight"),
            nw.col("_scale").round(6).cast(FINE).alias("scale"),
            (nw.col("_scale") * nw.col("_scale")).round(6).cast(FINE).alias("square"),
            nw.when(nw.col("_rate") < 0).then(1).otherwise(0).alias("loses"),
        )
        sums = sized.group_by(*keys).agg(
            *[nw.col(name).sum().cast(nw.Float64) for name in ("weight", "scale", "square")], nw.col("loses").sum()
        )
        table = to_arrow(sums.sort(*in_order(keys)))
        weight, scale, square, loses = (table[name].to_numpy() for name in ("weight", "scale", "square", "loses"))
        return Spent(self.spend, weight, scale, square, bool(loses.any()))

    def _rated(self, customers: Frame) -> Frame:
        """Add `_rate`: what is left of a unit of revenue, a customer's own trailing year weighed against the base's."""
        margins = self.margins
        if margins is None:
            return customers.with_columns(_rate=nw.lit(1.0))
        revenue, profit = nw.col("revenue").cast(nw.Float64), nw.col("net_profit").cast(nw.Float64)
        known = ~profit.is_null() & (revenue > 0)
        blended = margins.blended(profit, revenue).clip(*margins.bounds)
        return customers.with_columns(_rate=nw.when(known).then(blended).otherwise(margins.rate))
