"""Functions of a customer's age, evaluated at a few ages for each number of purchases and interpolated between.

Given x, what a model expects of a customer alive at T is analytic in ln(α + T). So are the logarithms, and Chebyshev
interpolation converges geometrically: 32 points give every function here to rounding (tested), however many ages there
are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints

POINTS = 32

_ANGLES = (2.0 * np.arange(POINTS) + 1.0) * np.pi / (2.0 * POINTS)
_PLACES = np.cos(_ANGLES)
_LEAST = np.finfo(np.float64).tiny
_WEIGHTS = np.where(np.arange(POINTS) % 2 == 0, 1.0, -1.0) * np.sin(_ANGLES)


@dataclass(frozen=True)
class Ages:
    """Cells (group, age) of which the large groups are evaluated at `POINTS` ages only.

    Parameters
    ----------
    group, age
        What is evaluated, one element a point: `POINTS` for each large group, then the cells of the small ones.
    """

    group: Ints
    age: Floats
    _size: int
    _large: Ints
    _small: Ints
    _row: Ints
    _position: Floats

    @classmethod
    def of(cls, group: Ints, age: Floats) -> Ages:
        """Plan the evaluation of cells with these groups (0 … k − 1) and positive ages."""
        count = np.bincount(group)
        order = np.argsort(group, kind="stable")
        ends = np.cumsum(count)
        logs = np.log(age)
        sorted_logs = logs[order]
        starts = (ends - count)[count > 0]
        low, high = np.zeros(len(count)), np.zeros(len(count))
        low[count > 0] = np.minimum.reduceat(sorted_logs, starts) if len(starts) else 0.0
        high[count > 0] = np.maximum.reduceat(sorted_logs, starts) if len(starts) else 0.0
        worth = (count > POINTS) & (high > low)
        groups = np.flatnonzero(worth)
        middle, half = 0.5 * (low + high), 0.5 * (high - low)
        points = np.exp(middle[groups, None] + half[groups, None] * _PLACES)
        large, small = np.flatnonzero(worth[group]), np.flatnonzero(~worth[group])
        inside = group[large]
        return cls(
            np.concatenate([np.repeat(groups, POINTS), group[small]]),
            np.concatenate([points.ravel(), age[small]]),
            len(group),
            large,
            small,
            np.searchsorted(groups, inside),
            (logs[large] - middle[inside]) / half[inside],
        )

    def spread(self, values: Floats) -> Floats:
        """Return one value a cell from the values at the points: positive, or 0 at every age (nothing in no time)."""
        out = np.empty(self._size)
        n = len(values) - len(self._small)
        out[self._small] = values[n:]
        if n:
            at_points = values[:n].reshape(-1, POINTS)
            between = np.exp(self._interpolated(np.log(np.maximum(at_points, _LEAST))))
            out[self._large] = np.where(at_points.any(axis=1)[self._row], between, 0.0)
        return out

    def _interpolated(self, at_points: Floats) -> Floats:
        """Return the barycentric interpolant (Berrut & Trefethen 2004)."""
        distance = self._position[:, None] - _PLACES
        distance[distance == 0.0] = 1e-300
        weights = _WEIGHTS / distance
        return np.asarray(np.sum(weights * at_points[self._row], axis=1) / np.sum(weights, axis=1))


def by_age(group: Ints, age: Floats, evaluate: Callable[[Ints, Floats], Floats]) -> Floats:
    """Return a function of (group, age), one value a cell, evaluated where it has to be."""
    plan = Ages.of(group, age)
    return plan.spread(evaluate(plan.group, plan.age))
