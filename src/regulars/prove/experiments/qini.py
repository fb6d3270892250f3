"""Whether scores put those for whom it works first: Qini curve and coefficient, area under the uplift curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """What treating the best-scored share of a list would have brought.

    `share` goes from 0 to 1; `gain` is the incremental outcome of that share, per customer of the whole list. Treating
    at random is the straight line to the last gain.
    """

    share: Floats
    gain: Floats

    @property
    def auuc(self) -> float:
        """Area under the curve: the mean gain over all shares, in the outcome's unit per customer."""
        return float(np.trapezoid(self.gain, self.share))

    @property
    def qini(self) -> float:
        """Area between the curve and treating at random: 0 for scores that say nothing."""
        return self.auuc - float(self.gain[-1]) / 2


def qini_curve(scores: ArrayLike, treated: ArrayLike, y: ArrayLike) -> Curve:
    """Return the Qini curve of scores.

    Parameters
    ----------
    scores
        Expected effects, of a learner that has not seen the customers (`cross_fitted`).
    treated, y
        In the treated arm or not; the outcome.

    Notes
    -----
    Of the best-scored share with n_t treated and n_c control customers, the gain is (Σ_t y − Σ_c y · n_t / n_c) / N_t,
    N_t being all treated: the incremental outcome among the treated, per treated customer of the list. Customers of
    equal score come in together, on a straight line. Before there is anybody in control the gain is 0.

    References
    ----------
    Radcliffe (2007), Using control groups to target on predicted lift, Direct Marketing Analytics Journal 1, eq. for
    Q; Gutierrez & Gérardy (2017), PMLR 67, for its relatives.
    """
    order, ends = _order(np.asarray(scores, np.float64))
    return _curve(np.asarray(treated, bool)[order], np.asarray(y, np.float64)[order], np.ones(order.size), ends)


def _order(scores: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return customers from the highest score down, and where each group of equal scores ends."""
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    return order, ends


def _curve(treated: NDArray[np.bool_], y: Floats, weight: Floats, ends: NDArray[np.int64]) -> Curve:
    mine, left = weight * treated, weight * ~treated
    n_t, n_c, y_t, y_c = (np.cumsum(each)[ends] for each in (mine, left, mine * y, left * y))
    gain = np.where(n_c > 0, y_t - y_c * n_t / np.maximum(n_c, 1), 0.0) / n_t[-1]
    share = np.cumsum(weight)[ends] / weight.sum()
    return Curve(np.append(0.0, share), np.append(0.0, gain))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A measure of scores with its interval, over samples of customers drawn again."""

    value: float
    low: float
    high: float


def compare_scores(
    scores: Mapping[str, ArrayLike],
    treated: ArrayLike,
    y: ArrayLike,
    *,
    draws: int = 400,
    seed: int = 0,
    alpha: float = 0.05,
) -> dict[str, dict[str, Ranked]]:
    """Return Qini coefficient and AUUC of several scores, and how each differs from the first.

    Parameters
    ----------
    scores
        One array a name; the first is what the others are compared with.

    Returns
    -------
    dict
        Name → {"qini", "auuc", "difference"}; the difference is that of the Qini coefficients, customer samples drawn
        alike for both (paired), 0 for the first.

    Notes
    -----
    Percentile intervals of the bootstrap within arms (Efron & Tibshirani 1993, ch. 8 and 13); scores are held as they
    are, so that the learners' own uncertainty is not in it.
    """
    arms, outcome = np.asarray(treated, bool), np.asarray(y, np.float64)
    orders = {name: _order(np.asarray(each, np.float64)) for name, each in scores.items()}
    rng = np.random.default_rng([seed, 31])
    drawn: dict[str, list[Curve]] = {name: [] for name in scores}
    for at in range(draws + 1):
        weight = np.ones(arms.size) if at == 0 else _drawn(rng, arms)
        for name, (order, ends) in orders.items():
            drawn[name].append(_curve(arms[order], outcome[order], weight[order], ends))
    first = next(iter(scores))
    base = np.array([curve.qini for curve in drawn[first]])
    found = {}
    for name, curves in drawn.items():
        qini, auuc = np.array([c.qini for c in curves]), np.array([c.auuc for c in curves])
        found[name] = {
            key: _ranked(values, alpha) for key, values in (("qini", qini), ("auuc", auuc), ("difference", qini - base))
        }
    return found


def _drawn(rng: np.random.Generator, arms: NDArray[np.bool_]) -> Floats:
    """Return how often each customer is drawn, both arms keeping their sizes."""
    weight = np.zeros(arms.size)
    for arm in (True, False):
        members = np.flatnonzero(arms == arm)
        weight[members] = np.bincount(rng.integers(members.size, size=members.size), minlength=members.size)
    return weight


def _ranked(values: Floats, alpha: float) -> Ranked:
    low, high = np.quantile(values[1:], [alpha / 2, 1 - alpha / 2])
    return Ranked(float(values[0]), float(low), float(high))
