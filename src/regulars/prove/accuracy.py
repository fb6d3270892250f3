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


def _mid_ranks(values: Floats, weights: Floats) -> Floats:
    """Rank customers from 1; equal values share the mean of their ranks."""
    distinct, at = np.unique(values, return_inverse=True)
    size = np.bincount(at, weights=weights, minlength=distinct.size)
    ranks: Floats = (np.cumsum(size) - (size - 1) / 2)[at]
    return ranks


def spearman(expected: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None) -> float:
    """Return Spearman's rank correlation, ties at their mean rank; NaN where one side is constant."""
    (forecast, truth), weights = _rows(expected, actual, count=count)
    a, b = (_mid_ranks(v, weights) for v in (forecast, truth))
    a -= weights @ a / weights.sum()
    b -= weights @ b / weights.sum()
    spread = float(np.sqrt((weights @ a**2) * (weights @ b**2)))
    return float(weights @ (a * b)) / spread if spread > 0 else float("nan")


def _gains(score: Floats, actual: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return customers and events gathered, best score first, at the end of each block of equal scores (from 0, 0)."""
    distinct, at = np.unique(-score, return_inverse=True)
    customers = np.cumsum(np.bincount(at, weights=weights, minlength=distinct.size))
    events = np.cumsum(np.bincount(at, weights=weights * actual, minlength=distinct.size))
    return np.concatenate([[0.0], customers]), np.concatenate([[0.0], events])


def _gini(score: Floats, actual: Floats, weights: Floats) -> float:
    customers, events = _gains(score, actual, weights)
    return float(np.trapezoid(events / events[-1], customers / customers[-1])) - 0.5


def normalised_gini(score: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None) -> float:
    """Return the Gini of the gains curve by `score` over that of the perfect order: 1 perfect, 0 no better than chance.

    Tied scores are one straight piece of the curve, which is the mean over all their orders. NaN where all actual
    values are equal.
    """
    (ranking, truth), weights = _rows(score, actual, count=count)
    if weights @ truth <= 0:
        return float("nan")
    best = _gini(truth, truth, weights)
    return _gini(ranking, truth, weights) / best if best > 0 else float("nan")


def top_capture(score: ArrayLike, actual: ArrayLike, count: ArrayLike | None = None, *, share: float = 0.2) -> float:
    """Return the share of all events that the best `share` of customers by `score` brought.

    The number of customers taken is rounded to a whole one. Of a block of equal scores at the border the expected part
    is taken, as if drawn at random.
    """
    (ranking, truth), weights = _rows(score, actual, count=count)
    customers, events = _gains(ranking, truth, weights)
    if events[-1] <= 0:
        return float("nan")
    return float(np.interp(round(share * customers[-1]), customers, events) / events[-1])


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


class Uniformity(NamedTuple):
    """How far values lie from uniform: Kolmogorov's largest distance and the probability of a larger one by chance."""

    distance: float
    p_value: float


def uniformity(values: ArrayLike) -> Uniformity:
    """Test values for uniformity (Kolmogorov); with many customers the distance says more than the p-value."""
    from scipy.special import kolmogorov

    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = ordered.size
    distance = float(max((np.arange(1, n + 1) / n - ordered).max(), (ordered - np.arange(n) / n).max()))
    root = np.sqrt(n)
    return Uniformity(distance, float(kolmogorov((root + 0.12 + 0.11 / root) * distance)))


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
