"""The difference between an arm and the control group, and how sure it is: formulas on sums alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from regulars.prove.experiments.moments import Cell, Moments, total

Floats = NDArray[np.float64]

FEWEST_TO_ADJUST = 10
"""Units an arm must have beyond its strata before it is adjusted for covariates."""
SAME = 1e-9
"""Part of a covariate's variance, the others known, below which it says nothing of its own."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What an arm had more than control per assigned customer, its standard error and degrees of freedom.

    `mean` and `control_mean` are the arms' own means, unadjusted, `plain` the standard error without covariates.
    """

    estimate: float
    se: float
    freedom: float
    mean: float
    control_mean: float
    plain: float

    def interval(self, alpha: float) -> tuple[float, float]:
        """Return the two-sided interval that misses the truth in `alpha` of experiments."""
        half = self.critical(alpha) * self.se
        return self.estimate - half, self.estimate + half

    def critical(self, alpha: float) -> float:
        """Return how many standard errors the interval reaches to either side."""
        return float(stats.t.isf(alpha / 2, self.freedom))

    def p_value(self, value: float = 0.0) -> float:
        """Return the two-sided probability of a difference this far from `value` where that is the truth."""
        if not self.se > 0:
            return 1.0
        return float(2 * stats.t.sf(abs(self.estimate - value) / self.se, self.freedom))


def compare(moments: Moments, *, arm: str, control: str, outcome: str) -> Difference:
    """Return the intention-to-treat difference of an outcome, per assigned customer.

    Parameters
    ----------
    moments
        Sums by arm and stratum; each stratum must have two units or more of both arms (see `collapsed`), else there is
        a difference without a standard error (NaN).

    Notes
    -----
    With strata s of weight w_s (share of all assigned customers) and covariates x known before assignment, the mean of
    arm a had everybody been assigned to it is Σ_s w_s (ȳ_as − β′(x̄_as − x̄_s)). The slopes β are least squares within
    arms and strata, one set for both arms (Deng et al. 2013 call this CUPED): slopes of their own for each arm (Lin
    2013) gain nothing that was found in skewed outcomes beside small control groups, and cost coverage. The variance
    is Σ_s w_s² G/(G−1) Σ e² / n_as² in each arm, over its G units with residuals e: unequal between arms, whatever β,
    and robust to households, whose residuals are added up first. The scatter of the strata's effects over the n
    customers, divided by n, is added because these are a sample of those to come. Degrees of freedom are Welch &
    Satterthwaite's.

    References
    ----------
    Deng, Xu, Kohavi, Walker (2013), WSDM, §3. Lin (2013), Annals of Applied Statistics 7(1). Miratrix, Sekhon, Yu
    (2013), JRSS B 75(2), on post-stratification. Liang & Zeger (1986), Biometrika 73, for households. Welch (1947),
    Biometrika 34.
    """
    at = 1 + moments.outcomes.index(outcome)
    xs = np.arange(1 + len(moments.outcomes), moments.reference.size)
    treated, left = _Side(moments, arm, at, xs), _Side(moments, control, at, xs)
    _adjust(treated, left)
    weight, middle = _population(moments, xs)
    means = [side.adjusted(middle) for side in (treated, left)]
    variances = [side.variance(weight) for side in (treated, left)]
    effects = means[0] - means[1]
    estimate = float(weight @ effects)
    spread = float(weight @ (effects - estimate) ** 2) * _customers_a_unit(moments)
    sampling = spread / sum(cell.customers for cell in moments.cells.values())
    se = float(np.sqrt(sum(variances) + sampling))
    plain = float(np.sqrt(sum(side.plain(weight) for side in (treated, left)) + sampling))
    raw = [float(side.whole.means[at] + moments.reference[at]) for side in (treated, left)]
    return Difference(estimate, se, _freedom(variances, [treated.freedom, left.freedom]), raw[0], raw[1], plain)


class _Side:
    """One arm, stratum by stratum."""

    def __init__(self, moments: Moments, arm: str, at: int, xs: NDArray[np.int64]) -> None:
        self.cells = [moments.cells[arm, stratum] for stratum in moments.strata]
        self.whole = total(self.cells)
        self.at, self.xs = at, xs
        self.scatter = sum((cell.scatter for cell in self.cells), np.zeros_like(self.whole.products))
        units = self.whole.units - len(self.cells)
        self.slopes = np.zeros(xs.size)
        self.freedom = max(units, 1)
        self.correction = 1.0

    def adjusted(self, middle: Floats) -> Floats:
        """Return the mean outcome a stratum, had its customers' covariates the mean of all arms."""
        means = np.array([cell.means for cell in self.cells])
        return np.asarray(means[:, self.at] - (means[:, self.xs] - middle) @ self.slopes)

    def variance(self, weight: Floats) -> float:
        """Return the variance of the weighted mean over strata, given the slopes."""
        return self.correction * sum(
            float(w**2 * self._residual(cell, self.slopes)) for w, cell in zip(weight, self.cells, strict=True)
        )

    def plain(self, weight: Floats) -> float:
        """Return the same without covariates."""
        none = np.zeros(self.xs.size)
        return sum(float(w**2 * self._residual(cell, none)) for w, cell in zip(weight, self.cells, strict=True))

    def _residual(self, cell: Cell, slopes: Floats) -> float:
        if cell.units < 2:
            return math.nan
        s, at, xs = cell.scatter, self.at, self.xs
        left = s[at, at] - 2 * slopes @ s[xs, at] + slopes @ s[np.ix_(xs, xs)] @ slopes
        return max(float(left), 0.0) * cell.units / (cell.units - 1) / float(cell.sums[0]) ** 2


def _adjust(treated: _Side, left: _Side) -> None:
    """Give both arms the slopes of their covariates, where they have units enough for these."""
    xs, at = treated.xs, treated.at
    units = treated.freedom + left.freedom
    if not xs.size or min(treated.freedom, left.freedom) < FEWEST_TO_ADJUST or units <= 2 * xs.size:
        return
    scatter, products = treated.scatter + left.scatter, treated.whole.products + left.whole.products
    slopes, used = least_squares(scatter[np.ix_(xs, xs)], scatter[xs, at], SAME * np.diag(products)[xs])
    for side in (treated, left):
        side.slopes, side.correction = slopes, units / (units - used)


def least_squares(xx: Floats, xy: Floats, floor: Floats) -> tuple[Floats, int]:
    """Return slopes from sums of products, and how many columns they use.

    A column whose own sum of squares does not exceed `floor`, or that the others tell fully, gets 0.
    """
    slopes = np.zeros(xy.size)
    scale = np.sqrt(np.maximum(np.diag(xx), 0.0))
    used: list[int] = []
    for at in np.flatnonzero(np.diag(xx) > floor):
        trial = [*used, int(at)]
        standard = xx[np.ix_(trial, trial)] / np.outer(scale[trial], scale[trial])
        if 1 / np.linalg.inv(standard + SAME * 1e-3 * np.eye(len(trial)))[-1, -1] > SAME:
            used = trial
    if used:
        standard = xx[np.ix_(used, used)] / np.outer(scale[used], scale[used])
        slopes[used] = np.linalg.solve(standard, xy[used] / scale[used]) / scale[used]
    return slopes, len(used)


def _population(moments: Moments, xs: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return weight and mean covariates of each stratum, over all arms."""
    strata = moments.by_stratum().values()
    counts = np.array([cell.sums[0] for cell in strata])
    return counts / counts.sum(), np.array([cell.means[xs] for cell in strata])


def _customers_a_unit(moments: Moments) -> float:
    """Return how much a household's customers repeat each other at worst: Σ m² / Σ m, one where nobody shares one."""
    everybody = total(moments.cells.values())
    return float(everybody.products[0, 0] / everybody.sums[0])


def _freedom(variances: list[float], freedom: list[int]) -> float:
    whole = sum(variances)
    if not whole > 0:
        return float(sum(freedom))
    return whole**2 / sum(v**2 / f for v, f in zip(variances, freedom, strict=True))


def collapsed(moments: Moments, *, fewest: int = 2) -> tuple[Moments, int]:
    """Return the sums with strata too small to read put together, and how many these were.

    A stratum with fewer than `fewest` units of an arm joins the other small ones; where they are together still too
    few, they join the smallest stratum that is not.
    """
    arms = moments.arms

    def thin(found: Moments, stratum: str) -> bool:
        return any((arm, stratum) not in found.cells or found.cells[arm, stratum].units < fewest for arm in arms)

    small = [stratum for stratum in moments.strata if thin(moments, stratum)]
    if not small or len(moments.strata) == 1:
        return moments, 0
    together = "+".join(small)
    merged = moments.merged(dict.fromkeys(small, together))
    large = [stratum for stratum in merged.strata if stratum != together]
    if large and thin(merged, together):
        sizes = merged.by_stratum()
        host = min(large, key=lambda stratum: (sizes[stratum].units, stratum))
        merged = merged.merged({together: host})
    return merged, len(small)
