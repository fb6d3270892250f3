"""For whom it works: how much more each customer is expected to bring when treated, by learners of outcomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regulars.errors import InputError
from regulars.words import T

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Model(Protocol):
    """A regression in the manner of scikit-learn."""

    def fit(self, X: Any, y: Any) -> Any:
        """Fit to rows of covariates and outcomes."""

    def predict(self, X: Any) -> Any:
        """Return expected outcomes."""


NewModel = Callable[[], Model]


class Learner(Protocol):
    """A learner of effects: of covariates, who was treated, outcomes."""

    def fit(self, X: Floats, treated: Flags, y: Floats) -> Self:
        """Learn from an experiment."""

    def predict(self, X: Floats) -> Floats:
        """Return the expected difference that the treatment makes to each row."""


def boosted(seed: int = 0) -> Model:
    """Return the usual outcome model: shallow gradient-boosted trees, the same for the same seed.

    Raises
    ------
    InputError
        Where scikit-learn is not installed.
    """
    try:
        from sklearn.ensemble import HistGradientBoostingRegressor
    except ImportError:
        raise InputError(
            T(zh="这要用 scikit-learn", en="this needs scikit-learn"),
            remedy=T(zh='安装：pip install "regulars[uplift]"。', en='Install it: pip install "regulars[uplift]"'),
        ) from None
    model: Model = HistGradientBoostingRegressor(
        max_iter=60, learning_rate=0.05, max_depth=3, min_samples_leaf=100, random_state=seed
    )
    return model


class TLearner:
    """Two models, one an arm; the effect is the difference of what they expect.

    Parameters
    ----------
    model
        Makes an outcome model; default: `boosted`.

    References
    ----------
    Künzel, Sekhon, Bickel, Yu (2019), Metalearners for estimating heterogeneous treatment effects, PNAS 116(10).
    """

    def __init__(self, model: NewModel = boosted) -> None:
        self.model = model

    def fit(self, X: Floats, treated: Flags, y: Floats) -> Self:
        """Fit each arm's model to its own customers."""
        self.treated_ = self.model()
        self.control_ = self.model()
        self.treated_.fit(X[treated], y[treated])
        self.control_.fit(X[~treated], y[~treated])
        return self

    def predict(self, X: Floats) -> Floats:
        """Return the expected difference of each row."""
        return np.asarray(self.treated_.predict(X) - self.control_.predict(X), np.float64)

    def outcomes(self, X: Floats) -> tuple[Floats, Floats]:
        """Return what each row is expected to bring, treated and left alone."""
        return np.asarray(self.treated_.predict(X)), np.asarray(self.control_.predict(X))


class SLearner:
    """One model of both arms in which the treatment is one covariate more; careful, and blind to small effects.

    References
    ----------
    Künzel et al. (2019).
    """

    def __init__(self, model: NewModel = boosted) -> None:
        self.model = model

    def fit(self, X: Floats, treated: Flags, y: Floats) -> Self:
        """Fit the model to everybody."""
        self.model_ = self.model()
        self.model_.fit(np.column_stack([X, treated]), y)
        return self

    def predict(self, X: Floats) -> Floats:
        """Return the expected difference of each row."""
        one, none = np.ones(len(X)), np.zeros(len(X))
        return np.asarray(
            self.model_.predict(np.column_stack([X, one])) - self.model_.predict(np.column_stack([X, none])), np.float64
        )


class XLearner:
    """Effects imputed from the other arm's model, then modelled themselves; made for arms of unlike sizes.

    References
    ----------
    Künzel et al. (2019), eq. 7–9; the weight is the share of treated customers.
    """

    def __init__(self, model: NewModel = boosted) -> None:
        self.model = model

    def fit(self, X: Floats, treated: Flags, y: Floats) -> Self:
        """Fit outcomes, impute effects, fit these."""
        first = TLearner(self.model).fit(X, treated, y)
        gained = y[treated] - np.asarray(first.control_.predict(X[treated]))
        missed = np.asarray(first.treated_.predict(X[~treated])) - y[~treated]
        self.of_treated_, self.of_control_ = self.model(), self.model()
        self.of_treated_.fit(X[treated], gained)
        self.of_control_.fit(X[~treated], missed)
        self.share_ = float(treated.mean())
        return self

    def predict(self, X: Floats) -> Floats:
        """Return the expected difference of each row."""
        mixed = self.share_ * np.asarray(self.of_control_.predict(X))
        return np.asarray(mixed + (1 - self.share_) * np.asarray(self.of_treated_.predict(X)), np.float64)


def folds_of(treated: Flags, folds: int, seed: int) -> NDArray[np.int64]:
    """Return a fold for each customer, at random and of like size in both arms."""
    rng = np.random.default_rng([seed, 29])
    found = np.empty(treated.size, dtype=np.int64)
    for arm in (True, False):
        members = np.flatnonzero(treated == arm)
        found[rng.permutation(members)] = np.arange(members.size) % folds
    return found


def cross_fitted(
    learner: Callable[[], Learner], X: ArrayLike, treated: ArrayLike, y: ArrayLike, *, folds: int = 5, seed: int = 0
) -> Floats:
    """Return each customer's expected effect from a learner that has not seen them.

    Scores that a learner gives its own customers flatter it: everything here that judges scores asks for these.

    Parameters
    ----------
    learner
        Makes a learner, such as `XLearner`.
    X
        Customers × covariates, known before the assignment; NaN where a customer has no history.
    treated, y
        One element a customer: in the treated arm or not, the outcome.
    """
    rows, arms, outcome = np.asarray(X, np.float64), np.asarray(treated, bool), np.asarray(y, np.float64)
    refuse_few(arms, folds)
    place = folds_of(arms, folds, seed)
    scores = np.empty(arms.size)
    for fold in range(folds):
        rest, mine = place != fold, place == fold
        scores[mine] = learner().fit(rows[rest], arms[rest], outcome[rest]).predict(rows[mine])
    return scores


FEWEST_OF_A_FOLD = 20


def refuse_few(treated: Flags, folds: int) -> None:
    """Refuse arms too small to be learned from in folds.

    Raises
    ------
    InputError
        Saying how many there are.
    """
    smallest = int(min(treated.sum(), (~treated).sum()))
    if smallest < FEWEST_OF_A_FOLD * folds:
        raise InputError(
            T(zh=f"较小的一组只有 {smallest} 位，学不出对谁有效", en=f"the smaller arm has only {smallest} customers"),
            remedy=T(
                zh=f"每组至少 {FEWEST_OF_A_FOLD * folds} 位。", en=f"Each arm needs {FEWEST_OF_A_FOLD * folds} or more."
            ),
        )
