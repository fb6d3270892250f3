"""The exact law of the number of purchases within a horizon, as one ragged table of P(X ≥ n | alive) a cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np

from regulars.measure.lifetime.mixture import Mixture
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints

TAIL = 1e-9
"""The table stops where P(X ≥ n | alive) falls below this."""
LONGEST = 200_000
"""No cell's table is longer; a horizon in which someone buys more often is not a horizon."""


class Future(Protocol):
    """The law of the future of customers alive at T, one cell for all who share it."""

    def __len__(self) -> int: ...

    def expected(self, t: float) -> Floats:
        """Return E[X(t) | alive]."""
        ...

    def rough(self, t: float) -> Floats:
        """Return E[X(t) | alive] to four figures, quickly."""
        ...

    def discounted(self, t: float, delta: float) -> Floats:
        """Return the expected discounted purchases within t, given alive."""
        ...

    def residual(self, delta: float) -> Floats:
        """Return the expected discounted purchases of the remaining lifetime, given alive."""
        ...

    def survival(self, n: Floats, cell: Ints, t: float) -> Floats:
        """Return P(X(t) ≥ n | alive) for counts n ≥ 1 of the cells named."""
        ...

    def gap(self, level: float) -> Floats:
        """Return the time by which the next purchase comes with chance `level`, of customers who stay."""
        ...

    def usual_gap(self) -> Floats:
        """Return the gap at the mean purchase rate."""
        ...


@runtime_checkable
class Mixed(Protocol):
    """A future whose cells are mixtures of the cells of another."""

    @property
    def parts(self) -> Future:
        """The futures that are mixed."""
        ...

    @property
    def mixture(self) -> Mixture:
        """Which of them each cell is, with what chance."""
        ...


@dataclass(frozen=True)
class CountTable:
    """P(X ≥ n | alive) for n = 1, …, `length[i]` of part i: `survival[start[i] : start[i] + length[i]]`.

    A cell is a part, or a mixture of parts where there is one.
    """

    survival: Floats
    start: Ints
    length: Ints
    mixture: Mixture | None = None

    def __len__(self) -> int:
        return len(self.start) if self.mixture is None else len(self.mixture)

    def at(self, cell: Ints) -> CountTable:
        """Return the table of the cells named, in that order."""
        if self.mixture is not None:
            return replace(self, mixture=self.mixture.at(cell))
        return CountTable(self.survival, self.start[cell], self.length[cell])

    def reach(self, cell: Ints) -> Ints:
        """Return the count at which each cell's numbers end."""
        if self.mixture is None:
            return self.length[cell]
        first, k = self.mixture.first[cell], self.mixture.weight.shape[1]
        return np.max(self.length[first[:, None] + np.arange(k)], axis=1)

    def at_least(self, n: Ints, cell: Ints) -> Floats:
        """Return P(X ≥ n | alive): 1 for n ≤ 0, 0 beyond the table."""
        if self.mixture is None:
            return self._at_least(n, cell)
        return self.mixture.mean(lambda part: self._at_least(n, part), cell)

    def _at_least(self, n: Ints, cell: Ints) -> Floats:
        inside = (n >= 1) & (n <= self.length[cell])
        index = np.where(inside, self.start[cell] + n - 1, 0)
        value = self.survival[index] if len(self.survival) else np.zeros(len(index))
        return np.where(inside, value, np.where(n <= 0, 1.0, 0.0))

    def pmf(self, cell: int) -> Floats:
        """Return P(X = n | alive) for n = 0, 1, … up to the end of the cell's table."""
        here = np.array([cell])
        n = np.arange(1, int(self.reach(here)[0]) + 1)
        tail = self.at_least(n, np.repeat(here, n.size))
        return -np.diff(np.concatenate(([1.0], tail, [0.0])))

    def quantile(self, level: float, alive: Floats, cell: Ints) -> Ints:
        """Return the smallest n with P(X ≤ n) ≥ level, where X is 0 with chance 1 − `alive`."""
        allowed = 1.0 - level
        low, high = np.zeros(len(cell), dtype=np.int64), self.reach(cell).copy()
        # invariant: P(X ≥ n + 1) > allowed for n < low, ≤ allowed for n = high (up to the tail cut off)
        while np.any(low < high):
            middle = (low + high) // 2
            enough = alive * self.at_least(middle + 1, cell) <= allowed * (1.0 + 1e-12)
            high = np.where(enough, np.minimum(middle, high), high)
            low = np.where(enough, low, np.minimum(middle + 1, high))
        return low

    def moments(self) -> tuple[Floats, Floats]:
        """Return E[X | alive] and E[X² | alive] of each cell."""
        n = np.arange(len(self.survival)) - np.repeat(self.start, self.length) + 1.0
        first, second = np.zeros(len(self.length)), np.zeros(len(self.length))
        filled = np.flatnonzero(self.length > 0)
        if len(filled):
            first[filled] = np.add.reduceat(self.survival, self.start[filled])
            second[filled] = np.add.reduceat((2.0 * n - 1.0) * self.survival, self.start[filled])
        if self.mixture is None:
            return first, second
        return self.mixture.mean(lambda part: first[part]), self.mixture.mean(lambda part: second[part])


def table(future: Future, t: float) -> CountTable:
    """Tabulate P(X(t) ≥ n | alive) for every cell until it falls below `TAIL`; of mixtures, the parts."""
    if isinstance(future, Mixed):
        return replace(table(future.parts, t), mixture=future.mixture)
    length = _lengths(future, t)
    start = np.concatenate(([0], np.cumsum(length)[:-1])) if len(length) else length
    cell = np.repeat(np.arange(len(length)), length)
    n = np.arange(len(cell)) - start[cell] + 1 if len(cell) else cell
    survival = future.survival(n.astype(np.float64), cell, t) if len(cell) else np.zeros(0)
    return CountTable(survival, start, length)


def _lengths(future: Future, t: float) -> Ints:
    """Return how far each cell's table must run: a geometric search, then bisection down to a tenth."""
    cell = np.arange(len(future))
    low, high = np.zeros(len(cell), dtype=np.int64), np.zeros(len(cell), dtype=np.int64)
    if t <= 0:
        return high
    guess = np.maximum(4, np.ceil(2.0 * future.expected(t))).astype(np.int64)
    active = cell
    while len(active):
        high[active] = np.minimum(guess[active], LONGEST)
        open_end = (future.survival(high[active].astype(np.float64), active, t) >= TAIL) & (high[active] < LONGEST)
        active = active[open_end]
        low[active] = high[active]
        guess[active] = high[active] * 2
    for _ in range(4):
        active = np.flatnonzero(high - low > np.maximum(2, high // 8))
        if not len(active):
            break
        middle = (low[active] + high[active]) // 2
        small = future.survival(middle.astype(np.float64), active, t) < TAIL
        high[active] = np.where(small, middle, high[active])
        low[active] = np.where(small, low[active], middle)
    return high
