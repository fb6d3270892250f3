"""What a fitted model says of customers known at an origin: means, whole distributions, intervals, the total.

Given "alive at T" a random buyer's future depends on (x, T) alone, P(alive) carries all of t_x, and the heavy functions
are evaluated once for each future that there is and weighed with P(alive) cell by cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from regulars.measure.lifetime.counts import CountTable, Future, table
from regulars.measure.lifetime.grouped_law import AnyLaw, GroupLaw, Membership, law_of
from regulars.measure.lifetime.law import Law
from regulars.prove.origins import Cells

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST = 1e-12
"""A probability below this scores as this, so that one impossible customer does not decide between models."""


@dataclass(frozen=True)
class Forecast:
    """The predictive distribution of every cell over the hold-out, by one model."""

    law: AnyLaw
    cells: Cells

    @cached_property
    def _histories(self) -> tuple[Floats, Floats, Floats, Ints, Law]:
        """Distinct (x, t_x, T), each cell's row among them, and their law; cells are sorted by x, then T, then t_x.

        Where the law differs by group, histories of different groups are different: cells are sorted by group next.
        """
        c, member = self.cells, self._member
        told = [c.x, c.T, c.t_x] if member is None else [c.x, c.T, c.t_x, member.code]
        new = np.concatenate([[True], (np.diff(told) != 0).any(axis=0)])
        law = law_of(self.law, None if member is None else member.at(new))
        return c.x[new], c.t_x[new], c.T[new], np.cumsum(new) - 1, law

    @property
    def _member(self) -> Membership | None:
        return self.cells.group if isinstance(self.law, GroupLaw) else None

    @cached_property
    def _future(self) -> tuple[Future, Ints]:
        x, t_x, age, row, law = self._histories
        future, cell = law.given_alive(x, t_x, age)
        return future, cell[row]

    @property
    def future(self) -> Future:
        """The law of the futures given alive."""
        return self._future[0]

    @cached_property
    def p_alive(self) -> Floats:
        """P(alive) at the origin, one element a cell."""
        x, t_x, age, row, law = self._histories
        return law.probability_alive(x, t_x, age)[row]

    @cached_property
    def expected(self) -> Floats:
        """Expected purchases in the hold-out, one element a cell."""
        given: Floats = self.future.expected(self.cells.horizon)
        return self.p_alive * given[self._future[1]]

    @property
    def total(self) -> float:
        """Expected purchases of all customers together."""
        return float(self.cells.count @ self.expected)

    @cached_property
    def pit_bounds(self) -> tuple[Floats, Floats]:
        """F(y − 1) and F(y) of the purchases that happened, one element a cell."""
        y = self.cells.actual
        return 1.0 - self._reach(y), 1.0 - self._reach(y + 1.0)

    def _reach(self, n: Floats) -> Floats:
        """Return P(X ≥ n), one element a cell."""
        out = np.ones(n.size)
        some = np.flatnonzero(n > 0)
        key = self._future[1][some] * (n.max(initial=0.0) + 1) + n[some]
        distinct, first, back = np.unique(key, return_index=True, return_inverse=True)
        if distinct.size:
            at = some[first]
            given = self.future.survival(n[at], self._future[1][at], self.cells.horizon)
            out[some] = self.p_alive[some] * given[back]
        return out

    @cached_property
    def log_scores(self) -> Floats:
        """Logarithm of the probability of what happened, one element a cell; below `LEAST` it counts as `LEAST`."""
        y = self.cells.actual
        return np.log(np.maximum(self._reach(y) - self._reach(y + 1.0), LEAST))

    @cached_property
    def _table(self) -> CountTable:
        return table(self.future, self.cells.horizon)

    def intervals(self, level: float = 0.9) -> tuple[Floats, Floats]:
        """Return the smallest counts with F ≥ (1 − level)/2 and F ≥ (1 + level)/2, one pair a cell.

        Counts are whole, so such an interval covers at least `level` and usually more.
        """
        low, high = (
            self._table.quantile(q, self.p_alive, self._future[1]).astype(np.float64)
            for q in ((1 - level) / 2, (1 + level) / 2)
        )
        return low, high

    @cached_property
    def process_variance(self) -> float:
        """Variance of the total of all customers' purchases, parameters held: Σ over customers of E[X²] − E[X]²."""
        first, second = (moment[self._future[1]] for moment in self._table.moments())
        return float(self.cells.count @ (self.p_alive * second - (self.p_alive * first) ** 2))
