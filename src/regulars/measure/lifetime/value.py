"""Quantiles of what a customer will spend within a horizon: counts mixed over the Gamma-Gamma spend.

Given n purchases the total is (v + x·m) times a BetaPrime(p·n, p·x + q) variable, whatever the mean spend m so far.
So the law of the *factor* depends on (x, T) only: it is tabulated once a cell, and a customer's quantile is read
from it at the level that P(alive) leaves. Stated tolerance: 1 % of the quantile (tested against the exact mixture).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import betaincc, betaincinv, ndtr, ndtri

from regulars.measure.lifetime.counts import CountTable
from regulars.measure.lifetime.mixture import Mixture
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.spend import Spend
from regulars.measure.lifetime.triples import Ints

GRID = 128
"""Points of ln(factor) at which the tail is tabulated."""
TAIL = 2e-4
"""The grid reaches where the chance of more falls below this."""


@dataclass(frozen=True)
class FactorTable:
    """P(factor > e^grid | alive) a cell; `step` and `origin` give each cell's grid of ln(factor)."""

    tail: Floats
    origin: Floats
    step: Floats
    any_purchase: Floats
    mixture: Mixture | None = None

    def _more(self, cell: Ints, point: Ints) -> Floats:
        if self.mixture is None:
            return np.asarray(self.tail[cell, point])
        return self.mixture.mean(lambda part: self.tail[part, point], cell)

    def quantile(self, level: float, alive: Floats, cell: Ints) -> Floats:
        """Return the factor's quantile at `level` for customers of the cells, 0 where buying nothing covers it."""
        with np.errstate(divide="ignore", invalid="ignore"):
            wanted = np.where(alive > 0, (1.0 - level) / alive, np.inf)
        position = self._locate(wanted, cell)
        mixture = self.mixture
        part = cell if mixture is None else mixture.first[cell]  # the parts of a cell share a grid
        factor = np.exp(self.origin[part] + self.step[part] * position)
        any_purchase = self.any_purchase
        any_at_all = any_purchase[cell] if mixture is None else mixture.mean(lambda i: any_purchase[i], cell)
        return np.where(wanted >= any_at_all * (1.0 - 1e-12), 0.0, factor)

    def _locate(self, wanted: Floats, cell: Ints) -> Floats:
        """Return the fractional grid position where the tail equals `wanted`, by bisection over the falling row."""
        low = np.zeros(len(cell), dtype=np.int64)
        high = np.full(len(cell), GRID - 1, dtype=np.int64)
        for _ in range(GRID.bit_length()):
            middle = (low + high) // 2
            above = self._more(cell, middle) > wanted
            low = np.where(above & (high - low > 1), middle, low)
            high = np.where(~above & (high - low > 1), middle, high)
        # between two points the tail's normal score is nearly straight in ln(factor), the tail itself is not
        left, right, here = (
            ndtri(np.clip(v, 1e-16, 1.0 - 1e-16)) for v in (self._more(cell, low), self._more(cell, high), wanted)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            part = (left - here) / (left - right)
        return np.asarray(low + np.clip(np.nan_to_num(part), 0.0, 1.0))


def factor_table(counts: CountTable, x: Floats, spend: Spend) -> FactorTable:
    """Tabulate the factor's tail for the cells of a count table, whose purchases so far are `x`."""
    if counts.mixture is not None:
        part, x_of_part, mixture = counts.mixture.split(x)
        return replace(factor_table(replace(counts, mixture=None).at(part), x_of_part, spend), mixture=mixture)
    tail = np.zeros((len(x), GRID))
    origin, step = np.zeros(len(x)), np.ones(len(x))
    order = np.argsort(x, kind="stable")
    distinct, first = np.unique(x[order], return_index=True)
    for value, rows in zip(distinct, np.split(order, first[1:]), strict=True):
        longest = int(counts.length[rows].max())
        if longest == 0:
            continue
        grid = _grid(counts, rows, float(value), spend)
        given_n = _tail_given_n(longest, float(value), grid, spend)
        n = np.arange(1, longest + 1)
        at_least = np.stack([counts.at_least(n + k, np.repeat(rows[:, None], longest, 1)) for k in (0, 1)])
        tail[rows] = np.einsum("cn,ng->cg", at_least[0] - at_least[1], given_n, optimize=False)
        origin[rows], step[rows] = grid[0], grid[1] - grid[0]
    one = np.ones(len(x), dtype=np.int64)
    return FactorTable(tail, origin, step, counts.at_least(one, np.arange(len(x))))


def _grid(counts: CountTable, rows: Ints, x: float, spend: Spend) -> Floats:
    """Return evenly spaced ln(factor) from one small purchase to many large ones."""
    most = counts.quantile(1.0 - TAIL, np.ones(len(rows)), rows).max()
    q = spend.p * x + spend.q
    low = betaincinv(spend.p, q, TAIL)
    high = betaincinv(spend.p * max(float(most), 1.0), q, 1.0 - TAIL)
    ends = np.log(np.clip([low, high], 1e-280, 1.0 - 1e-15))
    ends -= np.log1p(-np.exp(ends))
    return np.linspace(ends[0], max(ends[1], ends[0] + 1e-6), GRID)


def _tail_given_n(longest: int, x: float, grid: Floats, spend: Spend) -> Floats:
    """Return P(factor > e^grid | n) for n = 1 … longest: exact at some n, else by its normal score, linear in ln n."""
    n = np.arange(1, longest + 1, dtype=np.float64)
    # the narrower the law given n, the closer the exact rows
    width = np.sqrt(1.0 / (spend.p * longest) + 1.0 / (spend.p * x + spend.q))
    steps = np.log(max(longest, 7) / 6.0) / float(np.clip(4.0 * width, 0.12, 0.3))
    more = np.geomspace(6.0, max(longest, 7), max(2, int(np.ceil(steps)) + 1))
    nodes = n if longest <= 6 else np.concatenate((n[:5], more))
    f = np.exp(grid)
    exact = betaincc(spend.p * nodes[:, None], spend.p * x + spend.q, (f / (1.0 + f))[None, :])
    if longest <= 6:
        return np.asarray(exact)
    score = np.clip(ndtri(exact), -9.0, 9.0)
    right = np.clip(np.searchsorted(nodes, n), 1, len(nodes) - 1)
    left = right - 1
    part = np.log(n / nodes[left]) / np.log(nodes[right] / nodes[left])
    return np.asarray(ndtr(score[left] + (score[right] - score[left]) * part[:, None]))
