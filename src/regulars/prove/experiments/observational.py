"""Without an experiment: customers who happened to be treated beside alike ones who were not, under assumptions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from scipy.stats import norm

from regulars.errors import NotEnoughData
from regulars.prove.experiments.uplift import Floats, NewModel, TLearner, boosted, folds_of, refuse_few
from regulars.words import T

EDGE = 0.1
"""Chances of being treated beyond which customers have no counterpart and are left out (Crump et al. 2009)."""
LEAST_OVERLAP = 0.5
"""Part of the customers that must remain."""
ASSUMPTIONS = (
    T(
        zh="谁被处理只取决于这里列出的特征；漏掉一个既影响处理又影响结果的原因，差别就是假的。",
        en="Who was treated depends on the columns given and on nothing else that matters for the outcome: one cause "
        "of both that is missing makes the difference false.",
    ),
    T(
        zh="每位留下的客户都可能被处理，也可能没被处理。",
        en="Everybody who is compared could have been treated and could have been left alone.",
    ),
    T(zh="这些特征在处理之前就已确定。", en="The columns were settled before the treatment."),
    T(zh="客户之间互不影响。", en="Customers do not influence each other."),
)
"""What has to be true; no data can show that it is."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A difference between customers who were treated and alike ones who were not: a comparison, never a proof.

    `e_value` is how strongly an unknown cause would have to go with both treatment and outcome (as a ratio of risks) to
    explain the difference away, `e_value_interval` the same for the end of the interval nearest to zero: 1 where the
    interval holds zero. `overlap` is the share of customers who have counterparts; the others are left out.
    """

    difference: float
    low: float
    high: float
    naive: float
    customers: int
    overlap: float
    e_value: float
    e_value_interval: float
    assumptions: tuple[T, ...] = ASSUMPTIONS

    @property
    def says(self) -> T:
        """The comparison in words, its bound in the same sentence."""
        return _SAYS.format(
            difference=f"{self.difference:+,.2f}", low=f"{self.low:+,.2f}", high=f"{self.high:+,.2f}",
            e=f"{self.e_value:.2f}", e_interval=f"{self.e_value_interval:.2f}", overlap=f"{self.overlap:.0%}",
        )  # fmt: skip


def compare_observed(
    X: ArrayLike,
    treated: ArrayLike,
    y: ArrayLike,
    *,
    model: NewModel = boosted,
    chance: Callable[[Floats, NDArray[np.bool_], Floats], Floats] | None = None,
    folds: int = 5,
    alpha: float = 0.05,
    seed: int = 0,
) -> Observed:
    """Return the mean difference that treatment made, if who was treated depends on X alone.

    Parameters
    ----------
    X
        Customers × columns known before the treatment, without gaps.
    treated, y
        Who was treated; the outcome.
    model
        Makes an outcome model.
    chance
        Takes columns and treatment of some customers and the columns of others, returns the others' chances to be
        treated; default: a logistic regression.

    Raises
    ------
    NotEnoughData
        Where fewer than half of the customers have counterparts in the other group.

    Notes
    -----
    Augmented inverse-propensity weighting, outcome and propensity models cross-fitted (Robins et al. 1994; Chernozhukov
    et al. 2018), over customers with a chance between 0.1 and 0.9 (Crump, Hotz, Imbens & Mitnik 2009, Biometrika 96).
    E-value (VanderWeele & Ding 2017, Annals of Internal Medicine 167): of RR ≈ exp(0.91 d), d being the difference in
    standard deviations of the outcome, RR + √(RR (RR − 1)).
    """
    rows, arms, outcome = np.asarray(X, np.float64), np.asarray(treated, bool), np.asarray(y, np.float64)
    refuse_few(arms, folds)
    place = folds_of(arms, folds, seed)
    e, gamma = np.empty(arms.size), np.empty(arms.size)
    for fold in range(folds):
        rest, mine = place != fold, place == fold
        e[mine] = (chance or logistic_chance)(rows[rest], arms[rest], rows[mine])
        with_it, without = TLearner(model).fit(rows[rest], arms[rest], outcome[rest]).outcomes(rows[mine])
        p = np.clip(e[mine], 0.01, 0.99)
        gamma[mine] = with_it - without + np.where(
            arms[mine], (outcome[mine] - with_it) / p, -(outcome[mine] - without) / (1 - p)
        )  # fmt: skip
    alike = (e >= EDGE) & (e <= 1 - EDGE)
    if alike.mean() < LEAST_OVERLAP:
        raise NotEnoughData(_NO_OVERLAP.format(share=f"{alike.mean():.0%}"))
    kept = gamma[alike]
    middle, half = float(kept.mean()), float(norm.isf(alpha / 2) * kept.std(ddof=1) / math.sqrt(kept.size))
    spread = float(outcome[alike].std(ddof=1))
    nearest = 0.0 if middle - half <= 0 <= middle + half else min(abs(middle - half), abs(middle + half))
    return Observed(
        middle, middle - half, middle + half, float(outcome[arms].mean() - outcome[~arms].mean()), int(kept.size),
        float(alike.mean()), e_value(middle, spread), e_value(nearest, spread),
    )  # fmt: skip


def e_value(difference: float, sd: float) -> float:
    """Return how strong an unknown common cause would have to be to make the whole difference, as a ratio of risks.

    Examples
    --------
    >>> round(e_value(0.5, 1.0), 2)
    2.53
    """
    ratio = math.exp(0.91 * abs(difference) / sd) if sd > 0 else 1.0
    return ratio + math.sqrt(ratio * (ratio - 1))


def logistic_chance(X: Floats, treated: NDArray[np.bool_], others: Floats) -> Floats:
    """Return chances by a logistic regression on standardised columns, a little shrunk so that it always ends."""
    mean, sd = X.mean(axis=0), X.std(axis=0)
    sd[sd == 0] = 1.0
    rows = np.column_stack([np.ones(len(X)), (X - mean) / sd])
    ridge = np.diag([0.0, *np.ones(X.shape[1])])
    beta: Any = np.zeros(rows.shape[1])
    for _ in range(50):
        p = expit(rows @ beta)
        slope = rows.T @ (treated - p) - ridge @ beta
        step = np.linalg.solve((rows.T * (p * (1 - p))) @ rows + ridge + 1e-9 * np.eye(beta.size), slope)
        beta = beta + step
        if float(np.abs(step).max()) < 1e-10:
            break
    return np.asarray(expit(np.column_stack([np.ones(len(others)), (others - mean) / sd]) @ beta))


_SAYS = T(
    zh="相似的客户之间差 {difference}（95% 在 {low} 到 {high}），不是试验：只要有一个没记录的原因，"
    "和处理、结果的关联都有 {e} 倍，差别就可能全是它造成的（要让区间碰到零，{e_interval} 倍就够）。"
    "{overlap} 的客户有可比的对象。",
    en="Between alike customers the difference is {difference} (95% within {low} to {high}); this is no experiment. "
    "One cause that was not recorded, going {e} times as often with both treatment and outcome, could make all of it "
    "({e_interval} times for the interval to reach zero). {overlap} of the customers have counterparts.",
)
_NO_OVERLAP = T(
    zh="只有 {share} 的客户在另一边有可比的对象：两边的人本来就不一样，比不出什么。",
    en="Only {share} of the customers have counterparts on the other side: they were different people to begin with.",
)
