"""What a model says of the rows of a frame where customers differ by more than x, t_x and T: once a distinct case."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from regulars.measure.lifetime.counts import CountTable, Future, table
from regulars.measure.lifetime.covariates import codes
from regulars.measure.lifetime.intervals import Moments, levels, spend_seen
from regulars.measure.lifetime.law import finite_residual, horizon
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.spend import Spend
from regulars.measure.lifetime.totals import GROUPS, Total, total_of
from regulars.measure.lifetime.triples import Ints, collect
from regulars.measure.lifetime.value import factor_table


@dataclass(frozen=True)
class Known:
    """P(alive) of every distinct case and the law of the future given alive of every distinct cell.

    `cell` is each case's cell, `case` each row's case, `count` the customers of each case, `x` their purchases.
    """

    alive: Floats
    future: Future
    cell: Ints
    case: Ints
    count: Floats
    x: Floats

    def mean(self, given_alive: Floats) -> Floats:
        """Return P(alive) times a number a cell, for every row."""
        return np.asarray((self.alive * given_alive[self.cell])[self.case])


class Asked(Protocol):
    """Distinct cases of a frame's rows."""

    def every(self, stride: int) -> Self:
        """Return every `stride`-th case: enough for a relative change."""
        ...


class Forecasts(ABC):
    """Forecasts by rows of a summary frame; all but the totals' take the parameters as known."""

    @abstractmethod
    def _ask(self, summary: Any, t: float) -> Asked:
        """Return the distinct cases of the rows, for forecasts up to `t` from now."""

    @abstractmethod
    def _score(self, asked: Any, theta: Floats | None = None) -> Known:
        """Return what is known of the cases, at other parameters where given."""

    @abstractmethod
    def _draws(self, n: int, seed: int) -> Floats: ...

    def _known(self, summary: Any, t: float = 0.0) -> Known:
        return self._score(self._ask(summary, t))

    def probability_alive(self, summary: Any) -> Floats:
        """Return P(alive at T) for every row of a summary frame, in [0, 1], in the frame's order."""
        known = self._known(summary)
        return known.alive[known.case]

    def expected_purchases(self, summary: Any, t: float) -> Floats:
        """Return every customer's expected purchases in the next `t` units."""
        known = self._known(summary, horizon(t))
        return known.mean(known.future.expected(t))

    def discounted_purchases(self, summary: Any, t: float, delta: float) -> Floats:
        """Return every customer's expected purchases in the next `t` units, discounted at δ per unit."""
        known = self._known(summary, horizon(t))
        return known.mean(known.future.discounted(t, horizon(delta)))

    def discounted_residual_purchases(self, summary: Any, delta: float) -> Floats:
        """Return every customer's discounted expected residual transactions (DERT), δ > 0 per unit.

        Raises
        ------
        InputError
            Where covariates change with the calendar: nobody knows them for ever.
        """
        known = self._known(summary, np.inf)
        return known.mean(finite_residual(known.future, delta))

    def residual_purchases(self, summary: Any) -> Floats:
        """Return every customer's expected purchases over the remaining lifetime, without discount."""
        return self.discounted_residual_purchases(summary, 0.0)

    def predictive_gap(self, summary: Any, level: float | None = None) -> Floats:
        """Return the time to each customer's next purchase given alive: its `level` point, or the usual gap."""
        known = self._known(summary, np.inf)
        gap = known.future.usual_gap() if level is None else known.future.gap(level)
        return gap[known.cell][known.case]

    def count_cdf(self, n: npt.ArrayLike, summary: Any, t: float) -> Floats:
        """Return P(X ≤ n) of every customer's purchases in the next `t` units, dropout included; 0 for n < 0."""
        known = self._known(summary, horizon(t))
        counts = table(known.future, t)
        count = np.broadcast_to(np.asarray(n, dtype=np.int64), known.case.shape)
        more = counts.at_least(count + 1, known.cell[known.case])
        return np.where(count < 0, 0.0, 1.0 - known.alive[known.case] * more)

    def purchase_interval(self, summary: Any, t: float, level: float = 0.9) -> tuple[Ints, Ints]:
        """Return the exact central interval of every customer's purchases in the next `t` units."""
        known = self._known(summary, horizon(t))
        counts = table(known.future, t)
        low, high = (counts.quantile(u, known.alive, known.cell)[known.case] for u in levels(level))
        return low, high

    def moments(self, summary: Any, t: float) -> Moments:
        """Return mean and variance of every customer's purchases in the next `t` units."""
        known = self._known(summary, horizon(t))
        mean, variance = _moments(known, t)
        return Moments(mean[known.case], variance[known.case])

    def value_interval(
        self, summary: Any, t: float, spend: Spend | Any, *, level: float = 0.9, delta: float = 0.0
    ) -> tuple[Floats, Floats]:
        """Return the central interval of what every customer spends in the next `t` units.

        Parameters
        ----------
        summary
            With `mean_repeat_spend`, besides what the model reads.
        spend
            A fitted `GammaGamma`, or `Spend` parameters.
        delta
            Discount per unit, as in `WithIntervals.value_interval`.
        """
        known = self._known(summary, horizon(t))
        parameters = spend if isinstance(spend, Spend) else spend.spend
        mean = collect(summary, ("mean_repeat_spend",))["mean_repeat_spend"]
        n, m = spend_seen(known.x[known.case], mean.astype(np.float64), None)
        cell = known.cell[known.case]
        first, own = codes([cell, n], len(n))
        counts = table(known.future, t)
        cells = cell[first]
        factors = factor_table(CountTable(counts.survival, counts.start[cells], counts.length[cells]), n[first],
                               parameters)  # fmt: skip
        ends = np.stack([factors.quantile(u, known.alive[known.case], own) for u in levels(level)])
        if delta > 0.0 and t > 0.0:
            ends *= (known.future.discounted(t, horizon(delta)) / known.future.expected(t))[cell]
        return ends[0] * (parameters.v + n * m), ends[1] * (parameters.v + n * m)

    def interval_total(
        self, summary: Any, t: float, *, level: float = 0.9, draws: int = 200, seed: int = 0
    ) -> dict[str, Total]:
        """Return the totals over all customers, "still_buying" and "purchases", with intervals.

        Process variance over customers plus parameter uncertainty: `draws` seeded draws from the estimates'
        asymptotic normal law, evaluated on about 1,000 distinct cases taken evenly.
        """
        asked = self._ask(summary, horizon(t))
        known = self._score(asked)
        mean, variance = _moments(known, t)

        def sums(at: Known, of: Callable[[Future], Floats]) -> Floats:
            bought = at.alive * of(at.future)[at.cell]
            return np.array([np.sum(at.count * at.alive), np.sum(at.count * bought)])

        few = asked.every(max(1, -(-len(known.alive) // GROUPS)))
        here = sums(self._score(few), lambda f: f.rough(t))
        drawn = [sums(self._score(few, theta), lambda f: f.rough(t)) for theta in self._draws(draws, seed)]
        change = np.array(drawn) / np.maximum(here, 1e-300)
        still = known.alive * (1.0 - known.alive)
        return {
            name: total_of(float(np.sum(known.count * value)), change[:, i], float(np.sum(known.count * spread)),
                           level=level)
            for i, (name, value, spread) in enumerate(
                (("still_buying", known.alive, still), ("purchases", mean, variance))
            )
        }  # fmt: skip


def _moments(known: Known, t: float) -> tuple[Floats, Floats]:
    first, second = (moment[known.cell] for moment in table(known.future, t).moments())
    mean = known.alive * first
    return mean, np.maximum(known.alive * second - mean**2, 0.0)
