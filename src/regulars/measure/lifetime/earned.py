"""Quantiles of the profit of a horizon, losses included: counts mixed over the normal-normal law of profit.

Given n purchases the total is normal with mean n·θ and variance n²s² + n·σ², where θ is what is expected of a purchase
of this customer and s its standard error. Counts beyond a few are taken together in narrow ranges, each a normal law of
the same mean and variance; the quantile is found by bisection on the mixture's distribution function, whose atom at
zero (who has left or buys nothing) is exact. Stated tolerance: 1 % of the standard deviation (tested).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from regulars.measure.lifetime.counts import CountTable
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints

EXACT, WIDER = 10, 1.1
"""Counts up to the first have a law each; ranges beyond grow by the second."""
STEPS = 18
"""Halvings of what the search spans: to 1e-4 of a standard deviation."""
ROWS = 8_192


def ranges(longest: int) -> Ints:
    """Return the first count of each range, up to one beyond `longest`."""
    edges = list(range(1, min(EXACT, longest) + 1))
    while edges[-1] <= longest:
        edges.append(max(edges[-1] + 1, int(edges[-1] * WIDER)))
    return np.array(edges, dtype=np.int64)


def total_quantiles(
    levels: tuple[float, ...], counts: CountTable, cell: Ints, alive: Floats, theta: Floats, error: Floats, sigma: float
) -> Floats:
    """Return quantiles of each row's total profit, (levels, rows); a row is a cell of counts with P(alive), θ and s.

    Parameters
    ----------
    levels
        The levels of the quantiles.
    counts, cell
        The law of purchases given alive, and each row's cell of it.
    alive, theta, error
        P(alive), the expected profit of a purchase and its standard error, a row each.
    sigma
        Standard deviation of one customer's profits round their mean.
    """
    out = np.zeros((len(levels), len(cell)))
    order = np.argsort(counts.reach(cell), kind="stable")  # rows of equal length stand together
    for start in range(0, len(order), ROWS):
        rows = order[start : start + ROWS]
        out[:, rows] = _quantiles(levels, counts, cell[rows], alive[rows], theta[rows], error[rows], sigma)
    return out


def _quantiles(
    levels: tuple[float, ...], counts: CountTable, cell: Ints, alive: Floats, theta: Floats, error: Floats, sigma: float
) -> Floats:
    longest = int(counts.reach(cell).max(initial=0))
    if longest == 0:
        return np.zeros((len(levels), len(cell)))
    first = ranges(longest)
    at_least = counts.at_least(np.tile(first, len(cell)), np.repeat(cell, len(first)))
    more = alive[:, None] * at_least.reshape(len(cell), len(first))
    chance = np.maximum(more[:, :-1] - more[:, 1:], 0.0)
    n, width = 0.5 * (first[:-1] + first[1:] - 1.0), (np.diff(first) ** 2 - 1.0) / 12.0
    mean = theta[:, None] * n
    spread = np.sqrt(error[:, None] ** 2 * (n**2 + width) + sigma**2 * n + theta[:, None] ** 2 * width)
    nothing = 1.0 - more[:, 0]
    total = np.sum(chance * mean, axis=1)
    square = np.sum(chance * (mean**2 + spread**2), axis=1)
    # Cantelli: beyond so many standard deviations lies less than the tail, whatever the law
    tail = min(min(level, 1.0 - level) for level in levels)
    reach = tail**-0.5 * np.sqrt(np.maximum(square - total**2, 0.0)) + np.abs(total) + 1e-12
    below = np.sum(chance * ndtr(-mean / spread), axis=1)
    return np.stack([_solved(level, chance, mean, spread, nothing, below, reach) for level in levels])


def _solved(
    level: float, chance: Floats, mean: Floats, spread: Floats, nothing: Floats, below: Floats, reach: Floats
) -> Floats:
    """Solve for the quantile on the side of zero where it lies; zero where the atom there covers the level."""
    gains, loses = below + nothing < level, below > level
    low, high = np.where(gains, 0.0, -reach), np.where(gains, reach, 0.0)
    wanted = np.where(gains, level - nothing, level)
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        under = np.sum(chance * ndtr((middle[:, None] - mean) / spread), axis=1) < wanted
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.where(gains | loses, 0.5 * (low + high), 0.0)
