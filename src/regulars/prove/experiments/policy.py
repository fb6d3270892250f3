"""Whom to treat at what cost, and what that rule would bring: its value on customers that the rule has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from regulars.prove.experiments.uplift import Floats, NewModel, TLearner, boosted, folds_of, refuse_few

FEWEST_TREATED = 30


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """What a rule brings per customer of the list, net of the cost of treating, against treating nobody.

    `share` is the part of the list that it treats, `over_all` the same against treating everybody; each with a
    two-sided interval.
    """

    share: float
    value: float
    low: float
    high: float
    over_all: float
    over_all_low: float
    over_all_high: float


def effect_scores(
    X: ArrayLike,
    treated: ArrayLike,
    y: ArrayLike,
    *,
    propensity: ArrayLike | float,
    model: NewModel = boosted,
    folds: int = 5,
    seed: int = 0,
) -> Floats:
    """Return doubly robust scores: one number a customer whose mean over any group estimates that group's effect.

    Parameters
    ----------
    X, treated, y
        Covariates known before; in the treated arm or not; the outcome.
    propensity
        Chance of being treated, known from the assignment: one number, or one a customer.

    Notes
    -----
    μ₁ − μ₀ + T (y − μ₁) / e − (1 − T)(y − μ₀) / (1 − e), outcome models cross-fitted: right on average whatever the
    models say, as long as e is the true chance (Robins, Rotnitzky & Zhao 1994, JASA 89; Chernozhukov et al. 2018,
    Econometrics Journal 21).
    """
    rows, arms, outcome = np.asarray(X, np.float64), np.asarray(treated, bool), np.asarray(y, np.float64)
    refuse_few(arms, folds)
    e = np.broadcast_to(np.asarray(propensity, np.float64), arms.shape)
    place = folds_of(arms, folds, seed)
    found = np.empty(arms.size)
    for fold in range(folds):
        rest, mine = place != fold, place == fold
        with_it, without = TLearner(model).fit(rows[rest], arms[rest], outcome[rest]).outcomes(rows[mine])
        residual = np.where(arms[mine], (outcome[mine] - with_it) / e[mine], -(outcome[mine] - without) / (1 - e[mine]))
        found[mine] = with_it - without + residual
    return found


def policy_value(
    chosen: ArrayLike, gamma: ArrayLike, *, cost: ArrayLike | float = 0.0, alpha: float = 0.05
) -> PolicyValue:
    """Return the value of treating those who are chosen.

    Parameters
    ----------
    chosen
        Whether the rule treats a customer; it must not depend on their own outcome (cross-fitted scores do not).
    gamma
        Scores of `effect_scores`.
    cost
        Of treating a customer.

    References
    ----------
    Athey & Wager (2021), Policy learning with observational data, Econometrica 89(1), eq. 2.
    """
    rule = np.asarray(chosen, bool)
    net = np.asarray(gamma, np.float64) - np.asarray(cost, np.float64)
    value, low, high = _mean(rule * net, alpha)
    more, more_low, more_high = _mean((rule - 1.0) * net, alpha)
    return PolicyValue(float(rule.mean()), value, low, high, more, more_low, more_high)


def worth_treating(scores: ArrayLike, *, cost: ArrayLike | float = 0.0, budget: float = 1.0) -> NDArray[np.bool_]:
    """Return who is expected to bring more than they cost, the best first, to at most a share `budget` of the list."""
    net = np.asarray(scores, np.float64) - np.asarray(cost, np.float64)
    most = int(np.floor(budget * net.size + 1e-9))
    best = np.argsort(-net, kind="stable")[:most]
    chosen = np.zeros(net.size, dtype=bool)
    chosen[best] = net[best] > 0
    return chosen


def _mean(values: Floats, alpha: float) -> tuple[float, float, float]:
    middle = float(values.mean())
    half = float(norm.isf(alpha / 2) * values.std(ddof=1) / np.sqrt(values.size))
    return middle, middle - half, middle + half
