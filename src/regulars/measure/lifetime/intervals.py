"""Intervals: of a customer's purchases (exact) and spend (tabulated), of totals with their parameters' doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from regulars.errors import InputError
from regulars.measure.lifetime.counts import table
from regulars.measure.lifetime.law import horizon
from regulars.measure.lifetime.model import LifetimeModel
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.spend import Spend
from regulars.measure.lifetime.totals import Total, totals
from regulars.measure.lifetime.triples import Ints, Rows, Triples, as_rows, rows_of
from regulars.measure.lifetime.value import factor_table
from regulars.words import T as Words


@dataclass(frozen=True)
class Moments:
    """Mean and variance of every customer's purchases within the horizon, parameters taken as known."""

    mean: Floats
    variance: Floats


class WithIntervals(LifetimeModel):
    """The lifetime models' intervals; all but the totals' take the parameters as known."""

    def purchase_interval(
        self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float, level: float = 0.9
    ) -> tuple[Ints, Ints]:
        """Return the exact central interval of the purchases in the next `t` units.

        The ends are the (1 ∓ level)/2 quantiles of the mixture: 0 with chance 1 − P(alive), else the law given
        alive. Counts are discrete, so it covers at least `level`.
        """
        groups, member = as_rows(x, t_x, T, self.unit).grouped()
        alive = self.law.probability_alive(groups.x, groups.t_x, groups.T)
        future, index = self.law.given_alive(groups.x, groups.t_x, groups.T)
        counts = table(future, horizon(t))
        low, high = levels(level)
        return counts.quantile(low, alive, index)[member], counts.quantile(high, alive, index)[member]

    def value_interval(
        self,
        x: npt.ArrayLike,
        t_x: npt.ArrayLike,
        T: npt.ArrayLike,
        mean_repeat_spend: npt.ArrayLike,
        t: float,
        spend: Spend | Any,
        *,
        level: float = 0.9,
        delta: float = 0.0,
        spend_x: npt.ArrayLike | None = None,
    ) -> tuple[Floats, Floats]:
        """Return the central interval of what a customer spends in the next `t` units.

        Parameters
        ----------
        mean_repeat_spend
            Mean spend of the repeat occasions so far (anything where there is none).
        spend
            A fitted `GammaGamma`, or `Spend` parameters.
        delta
            Discount per unit. The ends are multiplied by the ratio of discounted to undiscounted expected
            purchases, which is exact for the mean and stated as an approximation for the ends.
        spend_x
            Repeat occasions with spend behind the mean, where they are fewer than x.

        Returns
        -------
        tuple
            Lower and upper end, ≥ 0, within 1 % of the exact mixture's quantiles.
        """
        rows = as_rows(x, t_x, T, self.unit)
        parameters = spend if isinstance(spend, Spend) else spend.spend
        n, m = spend_seen(rows.x, mean_repeat_spend, spend_x)
        ends = np.zeros((2, len(rows.x)))
        # where fewer occasions carry spend than were bought, those rows are cells of their own
        for fewer in (False, True):
            chosen = np.flatnonzero((n != rows.x) == fewer)
            if len(chosen):
                part = Rows(rows.x[chosen], rows.t_x[chosen], rows.T[chosen], unit=self.unit)
                ends[:, chosen] = self._factors(part, n[chosen], t, delta, parameters, level)
        return ends[0] * (parameters.v + n * m), ends[1] * (parameters.v + n * m)

    def _factors(self, rows: Rows, n: Floats, t: float, delta: float, spend: Spend, level: float) -> Floats:
        """Return the ends in units of v + n·m, evaluated once per distinct (x, t_x, T) and n."""
        if np.array_equal(n, rows.x):
            groups, member = rows.grouped()
            seen = groups.x
        else:  # a group a row: few come here
            groups, member = Triples(rows.x, rows.t_x, rows.T, np.ones(len(n))), np.arange(len(n))
            seen = n
        alive = self.law.probability_alive(groups.x, groups.t_x, groups.T)
        base = 1.0 + seen.max()
        future, index = self.law.given_alive(groups.x, groups.t_x, groups.T)
        both, row = np.unique(index * base + seen, return_inverse=True)
        factors = factor_table(table(future, horizon(t)).at((both // base).astype(np.int64)), both % base, spend)
        ends = np.stack([factors.quantile(u, alive, row) for u in levels(level)])
        if delta > 0.0 and t > 0.0:
            ends *= (future.discounted(t, horizon(delta)) / future.expected(t))[index]
        return np.asarray(ends[:, member])

    def moments(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Moments:
        """Return mean and variance of the purchases in the next `t` units, customer by customer."""
        rows = as_rows(x, t_x, T, self.unit)
        alive = self.law.probability_alive(rows.x, rows.t_x, rows.T)
        future, index = self.law.given_alive(rows.x, rows.t_x, rows.T)
        first, second = table(future, horizon(t)).moments()
        mean = alive * first[index]
        return Moments(mean, np.maximum(alive * second[index] - mean**2, 0.0))

    def interval_total(
        self,
        summary: Any,
        t: float,
        *,
        level: float = 0.9,
        spend: Any = None,
        mean_repeat_spend: npt.ArrayLike | None = None,
        spend_x: npt.ArrayLike | None = None,
        weight: npt.ArrayLike | None = None,
        delta: float = 0.0,
        draws: int = 200,
        seed: int = 0,
    ) -> dict[str, Total]:
        """Return the totals over all customers, "still_buying", "purchases" and (with `spend`) "value", with intervals.

        Process variance over customers plus parameter uncertainty: `draws` seeded draws from the estimates'
        asymptotic normal law, evaluated on at most 1,000 distinct triples taken evenly from the sorted list and
        scaled to the exact total.

        Parameters
        ----------
        weight
            Factor on each customer's spend, such as a margin; 1 by default.
        delta
            Discount per unit of the "value" total, as in `value_interval`.
        """
        rows = rows_of(summary, self.unit)
        seen = None
        if spend is not None:
            n, m = spend_seen(rows.x, 0.0 if mean_repeat_spend is None else mean_repeat_spend, spend_x)
            w = np.broadcast_to(np.asarray(1.0 if weight is None else weight, dtype=np.float64), n.shape)
            seen = (n, m, w, spend)
        return totals(self, rows, horizon(t), horizon(delta), seen, level, draws, seed)


def levels(level: float) -> tuple[float, float]:
    """Return the lower and upper level of a central interval."""
    if not 0 < level < 1:
        raise InputError(Words(zh="区间的水平要在 0 与 1 之间", en="the level of an interval lies between 0 and 1"))
    return 0.5 * (1.0 - level), 0.5 * (1.0 + level)


def spend_seen(x: Floats, mean: npt.ArrayLike, spend_x: npt.ArrayLike | None) -> tuple[Floats, Floats]:
    """Return the occasions with spend and their mean; a mean that is not positive counts as no occasion."""
    m = np.broadcast_to(np.asarray(mean, dtype=np.float64), x.shape)
    n = x if spend_x is None else np.broadcast_to(np.asarray(spend_x, dtype=np.float64), x.shape)
    usable = np.isfinite(m) & (m > 0) & (n > 0)
    return np.where(usable, n, 0.0), np.where(usable, m, 0.0)
