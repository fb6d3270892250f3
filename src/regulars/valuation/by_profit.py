"""What a purchase is worth, as the profit it leaves, losses included: the normal-normal model.

A customer's profits are known by their mean, profit to date over purchases, so a row of `customer_value` says all that
a score needs. What bounds the value of a customer depends on the history and on θ, the profit to expect of a purchase:
the ends are reckoned for each history at a few θ, and lie on straight lines between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import narwhals as nw
import numpy as np
import pyarrow as pa

from regulars.engine import Frame, distinct, lookup, to_arrow
from regulars.measure.lifetime import NormalNormal
from regulars.measure.lifetime.counts import table
from regulars.measure.lifetime.earned import total_quantiles
from regulars.measure.lifetime.grouped_law import law_of
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints
from regulars.measure.lifetime.worth import Earned
from regulars.prove.candidates import AnyModel
from regulars.prove.members import CODE
from regulars.valuation.scoring import KEYS, Histories, Scores, in_order
from regulars.valuation.settings import Settings

STEPS = 8
"""Steps of θ within each standard deviation of profit, and within each e-fold beyond."""
UNKNOWN = -1_000_000
"""The step of who has bought something of unknown cost: θ is the mean of all."""
FINE = nw.Decimal(38, 6)


@dataclass(frozen=True)
class ByProfit:
    """Normal-normal profit of a purchase; no margin is taken, costs are in the profits."""

    spend: NormalNormal
    margins: ClassVar[None] = None

    def with_worth(self, customers: Frame) -> Frame:
        """Add `_worth` to rows of `customer_value`: θ, what a purchase is expected to leave."""
        return customers.with_columns(_worth=self._theta())

    def with_ends(self, scored: Frame, model: AnyModel, scores: Scores, settings: Settings) -> Frame:
        """Add for each customer the line on which the two ends of their value lie."""
        stepped, told = scored.with_columns(_step=self._step()), [*scores.histories.keys, "_step"]
        asked = to_arrow(distinct(stepped.filter(~nw.col("p_alive").is_null()), *told))
        keys = {name: asked[name].to_numpy().astype(np.int64) for name in told}
        ends = self._ends(model, scores, settings, keys)
        return stepped.join(lookup(stepped, pa.table(keys | ends)), on=told, how="left")

    def with_amounts(self, customers: Frame) -> tuple[Frame, dict[str, nw.Expr]]:
        """Return the customers, and every amount of the future by its column; spend is not forecast."""
        each = customers.with_columns(_worth=self._theta(), expected_spend=nw.lit(None, dtype=nw.Float64))
        theta, away = nw.col("_worth"), nw.col("_worth") - nw.col("_node")
        return each, {
            "future_value": theta * nw.col("_discounted"),
            "future_value_low": nw.col("_low") + nw.col("_low_slope") * away,
            "future_value_high": nw.col("_high") + nw.col("_high_slope") * away,
            "residual_value": theta * nw.col("_residual"),
            "value_at_risk": nw.when(theta >= 0).then(theta * nw.col("_lost")).otherwise(0.0),
        }

    def together(self, customers: Frame, keys: Sequence[str] = KEYS) -> Earned:
        """Add up what the totals need by history, told apart by `keys`, sorted; exact decimals, whatever threads."""
        own, theta = nw.col("lifetime_profit").cast(nw.Float64), self._theta()
        sure = ~own.is_null()
        sized = customers.filter(nw.col("n_purchases") > 0).with_columns(
            nw.when(sure).then(1).otherwise(0).alias("count"),
            nw.when(sure).then(0).otherwise(1).alias("others"),
            nw.when(sure).then(own / nw.col("n_purchases")).otherwise(0.0).round(6).cast(FINE).alias("mean"),
            theta.round(6).cast(FINE).alias("worth"),
            (theta * theta).round(6).cast(FINE).alias("square"),
        )
        names = ("count", "mean", "others", "worth", "square")
        sums = sized.group_by(*keys).agg(*[nw.col(name).sum().cast(nw.Float64) for name in names])
        found = to_arrow(sums.sort(*in_order(keys)))
        return Earned(self.spend, *(found[name].to_numpy() for name in names))

    def _theta(self) -> nw.Expr:
        mu, between, within = self.spend.mu_, self.spend.tau_**2, self.spend.sigma_**2
        own, n = nw.col("lifetime_profit").cast(nw.Float64), nw.col("n_purchases")
        posterior = mu + (own / n - mu) * (n * between / (n * between + within))
        return nw.when(~own.is_null() & (n > 0)).then(posterior).otherwise(mu)

    def _step(self) -> nw.Expr:
        """Return the step below θ, in asinh(θ / σ)."""
        u = (self._theta() / self.spend.sigma_).abs()
        size = (u + (u * u + 1.0).sqrt()).log() * float(STEPS)
        step = nw.when(self._theta() >= 0).then(size).otherwise(0.0 - size).floor().cast(nw.Int64)
        return nw.when(~nw.col("lifetime_profit").is_null()).then(step).otherwise(UNKNOWN)

    def _ends(self, model: AnyModel, scores: Scores, settings: Settings, keys: Mapping[str, Ints]) -> dict[str, Floats]:
        """Return, for each history and step, θ at the step, both ends there, and their slopes to the next."""
        known, step = scores.histories, keys["_step"]
        history, sure = _places(known, keys), step != UNKNOWN
        nodes = np.unique(np.concatenate([np.stack([history, step]), np.stack([history, step + sure])], axis=1), axis=1)
        row, at = nodes
        theta = np.where(at == UNKNOWN, self.spend.mu_, self.spend.sigma_ * np.sinh(np.maximum(at, -400) / STEPS))
        error = self.spend.standard_error_at(np.where(at == UNKNOWN, 0.0, known.x[row] + 1.0))
        future, cell = law_of(model.law, known.group).given_alive(*known.weeks)
        levels = ((1.0 - settings.level) / 2.0, (1.0 + settings.level) / 2.0)
        counts = table(future, settings.horizon_weeks)
        ends = total_quantiles(levels, counts, cell[row], scores.p_alive[row], theta, error, self.spend.sigma_)
        expected = scores.given_expected[row]
        ends *= np.where(expected > 0, scores.given_discounted[row] / np.where(expected > 0, expected, 1.0), 1.0)
        span = int(at.max(initial=0) - at.min(initial=0)) + 2
        key = row * span + (at - at.min(initial=0))
        here, there = (np.searchsorted(key, history * span + (to - at.min(initial=0))) for to in (step, step + sure))
        gap = np.where(sure, theta[there] - theta[here], 1.0)
        slopes = (ends[:, there] - ends[:, here]) / gap
        return {
            "_node": theta[here], "_low": ends[0, here], "_low_slope": slopes[0],
            "_high": ends[1, here], "_high_slope": slopes[1],
        }  # fmt: skip


def _places(known: Histories, keys: Mapping[str, Ints]) -> Ints:
    """Return where histories stand among the known ones, which are sorted by (x, T, t_x), then by group."""
    span, groups = int(known.T_days.max(initial=0)) + 1, 1 + (0 if known.group is None else len(known.group.names))

    def key(x: Ints, t_x: Ints, T: Ints, group: Ints | int) -> Ints:
        return ((x * span + T) * span + t_x) * groups + group + 1

    own = -1 if known.group is None else known.group.code
    sought = key(keys["x"], keys["t_x_days"], keys["T_days"], keys.get(CODE, -1))
    return np.searchsorted(key(known.x, known.t_x_days, known.T_days, own), sought)
