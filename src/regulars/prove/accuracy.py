"""How close forecasts came: level, ranking, calibration, on customers or on groups of equal ones.

Every function takes `count`, how many customers each row stands for. Ties never depend on the order of rows: where a
ranking cannot tell customers apart, the figure is its expectation over all orders of the tied ones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def _rows(*columns: ArrayLike, count: ArrayLike | None) -> tuple[list[Floats], Floats]:
    arrays = [np.asarray(c, dtype=np.float64) for c in columns]
    weights = np.ones(arrays[0].shape) if count is None else np.asarray(count, dtype=np.float64)
    if weights.sum() <= 0:
        raise ValueError("accuracy needs at least one customer")
    return arrays, weights


def bias(expected: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None) -> float:
    """Return the relative error of the total, Σ expected / Σ actual − 1; NaN where nothing happened."""
    (forecast, truth), weights = _rows(expected, actual, count=count)
    total = float(weights @ truth)
    return float(weights @ forecast) / total - 1 if total > 0 else float("nan")


def mae(expected: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None) -> float:
    """Return the mean absolute error a customer.

    A poor gate for counts that are mostly zero: forecasting zero for everyone nearly wins it.
    """
    (forecast, truth), weights = _rows(expected, actual, count=count)
    return float(weights @ np.abs(forecast - truth) / weights.sum())


def rmse(expected: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None) -> float:
    """Return the root of the mean squared error a customer."""
    (forecast, truth), weights = _rows(expected, actual, count=count)
    return float(np.sqrt(weights @ (forecast - truth) ** 2 / weights.sum()))


class _Blocks(NamedTuple):
    """Customers with equal scores together, lowest score first: each row's block, and the customers in each."""

    at: NDArray[np.int64]
    size: Floats

    @classmethod
    def of(cls, score: Floats, weights: Floats) -> _Blocks:
        distinct, at = np.unique(score, return_inverse=True)
        return cls(at, np.bincount(at, weights=weights, minlength=distinct.size))

    def mid_ranks(self) -> Floats:
        """Rank customers from 1; equal values share the mean of their ranks."""
        ranks: Floats = (np.cumsum(self.size) - (self.size - 1) / 2)[self.at]
        return ranks

    def gains(self, events: Floats) -> tuple[Floats, Floats]:
        """Return customers and events gathered, best score first, at the end of each block (from 0, 0)."""
        gathered = np.bincount(self.at, weights=events, minlength=self.size.size)
        start = [0.0]
        customers = np.concatenate([start, np.cumsum(self.size[::-1])])
        return customers, np.concatenate([start, np.cumsum(gathered[::-1])])


class Ranking(NamedTuple):
    """How well scores order customers; each NaN where it does not exist."""

    spearman: float
    gini: float
    capture: float


def ranking(score: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None, *, share: float = 0.2) -> Ranking:
    """Return Spearman's correlation, the normalised Gini and the capture of the best `share`, from one sort."""
    (scores, truth), weights = _rows(score, actual, count=count)
    by_score, by_truth = _Blocks.of(scores, weights), _Blocks.of(truth, weights)
    events = weights * truth
    mine, best = by_score.gains(events), by_truth.gains(events)
    agreement = _correlation(by_score.mid_ranks(), by_truth.mid_ranks(), weights)
    return Ranking(agreement, _ratio(_gini(*mine), _gini(*best)), _captured(*mine, share))


def _correlation(a: Floats, b: Floats, weights: Floats) -> float:
    a = a - weights @ a / weights.sum()
    b = b - weights @ b / weights.sum()
    spread = float(np.sqrt((weights @ a**2) * (weights @ b**2)))
    return float(weights @ (a * b)) / spread if spread > 0 else float("nan")


def _gini(customers: Floats, events: Floats) -> float:
    if events[-1] <= 0:
        return float("nan")
    return float(np.trapezoid(events / events[-1], customers / customers[-1])) - 0.5


def _ratio(mine: float, best: float) -> float:
    return mine / best if best > 0 else float("nan")


def _captured(customers: Floats, events: Floats, share: float) -> float:
    if events[-1] <= 0:
        return float("nan")
    return float(np.interp(round(share * customers[-1]), customers, events) / events[-1])


def spearman(expected: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None) -> float:
    """Return Spearman's rank correlation, ties at their mean rank; NaN where one side is constant."""
    return ranking(expected, actual, count).spearman


def normalised_gini(score: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None) -> float:
    """Return the Gini of the gains curve by `score` over that of the perfect order: 1 perfect, 0 no better than chance.

    Tied scores are one straight piece of the curve, which is the mean over all their orders. NaN where all actual
    values are equal.
    """
    return ranking(score, actual, count).gini


def top_capture(score: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None, *, share: float = 0.2) -> float:
    """Return the share of all events that the best `share` of customers by `score` brought.

    The number of customers taken is rounded to a whole one. Of a block of equal scores at the border the expected part
    is taken, as if drawn at random.
    """
    return ranking(score, actual, count, share=share).capture


class Bin(NamedTuple):
    """Customers taken together: how many, and their mean forecast beside what happened on average."""

    customers: float
    expected: float
    actual: float


def binned(group: ArrayLike, expected: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None) -> list[Bin]:
    """Return one `Bin` a distinct value of `group`, lowest first."""
    (groups, forecast, truth), weights = _rows(group, expected, actual, count=count)
    at = np.unique(groups, return_inverse=True)[1]
    sizes, said, seen = (np.bincount(at, weights=w) for w in (weights, weights * forecast, weights * truth))
    return [Bin(float(n), float(e / n), float(y / n)) for n, e, y in zip(sizes, said, seen, strict=True) if n > 0]


def by_decile(expected: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None) -> list[Bin]:
    """Return forecast and outcome of each tenth of customers by forecast, lowest first.

    Customers with equal forecasts stay together, in the tenth of their mean rank, so tenths may differ in size.
    """
    (forecast, truth), weights = _rows(expected, actual, count=count)
    rank = _Blocks.of(forecast, weights).mid_ranks()
    return binned(np.ceil(10 * (rank - 0.5) / weights.sum()), forecast, truth, weights)


def randomised_pit(below: ArrayLike, upto: ArrayLike, count: ArrayLike | None = None, *, seed: int) -> Floats:
    """Draw one randomised probability integral transform a customer: uniform on (F(y − 1), F(y)).

    Uniform over customers exactly where the predictive distributions are right (Czado, Gneiting & Held 2009).

    Parameters
    ----------
    below, upto
        F(y − 1) and F(y) of the count that happened, one row a group.
    count
        Customers a row; the result has one entry a customer.
    """
    (low, high), weights = _rows(below, upto, count=count)
    each = weights.astype(np.int64)
    draws = np.random.default_rng(seed).random(int(each.sum()))
    values: Floats = np.repeat(low, each) + draws * np.repeat(high - low, each)
    return values


def pit_histogram(below: ArrayLike, upto: ArrayLike, count: ArrayLike | None = None, *, bins: int = 10) -> Floats:
    """Return the share of customers in each of `bins` equal bins of the PIT, in expectation over its randomisation.

    Each customer's mass lies evenly over (F(y − 1), F(y)): the histogram of Czado et al. (2009).
    """
    (low, high), weights = _rows(below, upto, count=count)
    edges = np.linspace(0, 1, bins + 1)
    width = np.maximum(high - low, 1e-12)
    reached = np.array([weights @ np.clip((edge - low) / width, 0, 1) for edge in edges])
    reached[0], reached[-1] = 0.0, weights.sum()
    shares: Floats = np.diff(reached) / weights.sum()
    return shares


def histogram_distance(shares: ArrayLike) -> float:
    """Return how far a PIT histogram lies from uniform: the largest distance of the sums from where they should be.

    Nothing is drawn, so the same forecasts always give the same distance; by chance it is less than that of randomised
    values.
    """
    sums = np.cumsum(np.asarray(shares, dtype=np.float64))
    return float(np.abs(sums - np.arange(1, sums.size + 1) / sums.size).max())


class Uniformity(NamedTuple):
    """How far values lie from uniform: Kolmogorov's largest distance and the probability of a larger one by chance."""

    distance: float
    p_value: float


def uniformity(values: ArrayLike) -> Uniformity:
    """Test values for uniformity (Kolmogorov); with many customers the distance says more than the p-value."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = ordered.size
    distance = float(max((np.arange(1, n + 1) / n - ordered).max(), (ordered - np.arange(n) / n).max()))
    return Uniformity(distance, by_chance(distance, n))


def by_chance(distance: float, n: int) -> float:
    """Return how often `n` independent uniform values lie further from uniform than `distance` (Kolmogorov)."""
    from scipy.special import kolmogorov

    root = np.sqrt(n)
    return float(kolmogorov((root + 0.12 + 0.11 / root) * distance))


class Coverage(NamedTuple):
    """Share of customers whose outcome fell inside their interval, and how wide intervals were on average."""

    share: float
    mean_width: float


def coverage(low: ArrayLike, high: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None) -> Coverage:
    """Return how often ``low <= actual <= high`` held, with the mean width; neither says much without the other."""
    (lower, upper, truth), weights = _rows(low, high, actual, count=count)
    inside = (lower <= truth) & (truth <= upper)
    return Coverage(float(weights @ inside / weights.sum()), float(weights @ (upper - lower) / weights.sum()))


def winkler(
    low: ArrayLike, high: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None, *, level: float = 0.9
) -> float:
    """Return the mean Winkler score of central intervals: width plus 2/(1 − level) times the miss. Lower is better."""
    (lower, upper, truth), weights = _rows(low, high, actual, count=count)
    miss = np.maximum(lower - truth, 0) + np.maximum(truth - upper, 0)
    return float(weights @ (upper - lower + 2 / (1 - level) * miss) / weights.sum())
