"""Which model of renewals to believe: fitted on the early periods, tested on the late ones that were held out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from regulars.errors import NotEnoughData
from regulars.measure.lifetime.contract import BetaDiscreteWeibull, ContractModel, ShiftedBetaGeometric
from regulars.measure.lifetime.hazard import Features, RenewalHazard, refuse_constant, varying
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.survival import Curve, kaplan_meier
from regulars.words import T

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MODELS: Mapping[str, type[ContractModel]] = {"sBG": ShiftedBetaGeometric, "BdW": BetaDiscreteWeibull}
"""By their order: the first within one standard error of the best is taken."""
CONSTANT = "constant"
FEWEST = 30
"""Relationships that a fit needs, and that have to be at risk in a period that is held out."""
HELD_OUT = 0.25
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Tested:
    """One way of saying who renews, on the periods held out.

    `log_score` is the mean log probability a relationship of what happened (higher is better), `deficit` how far it
    lies below the best model's and `standard_error` that of the deficit; `survival` the part of those at the cut that
    it expected to see at the end.
    """

    name: str
    log_score: float
    deficit: float
    standard_error: float
    survival: float


@dataclass(frozen=True)
class Renewals:
    """Survival as counted, the models fitted on everything, and how they did on what was held out.

    Parameters
    ----------
    curve
        Kaplan–Meier, in periods.
    models
        sBG and BdW, fitted on all relationships.
    chosen, reason
        The model to use, and why.
    cut
        The last period fitted on in the test; None where the data carry no test.
    tested
        sBG, BdW and a constant rate, as they did; empty without a test.
    seen
        The part of those at the cut who were still there at the end, with its 95 % interval; None without a test.
    held_out
        How many relationships the test rests on.
    """

    curve: Curve
    models: Mapping[str, ContractModel]
    chosen: str
    reason: T
    cut: int | None
    tested: tuple[Tested, ...]
    seen: tuple[float, float, float] | None
    held_out: int

    @property
    def model(self) -> ContractModel:
        """The model to use."""
        return self.models[self.chosen]

    def as_dict(self) -> dict[str, Any]:
        """Return what a card carries."""
        return {
            "chosen": self.chosen,
            "reason": self.reason.as_dict(),
            "models": {
                name: {
                    "parameters": model.get_params(),
                    "log_likelihood": model.log_likelihood_,
                    "boundary": None if model.boundary_ is None else model.boundary_.as_dict(),
                }
                for name, model in self.models.items()
            },
            "holdout": None if self.cut is None else {
                "fitted_to": self.cut,
                "until": self.curve.last,
                "customers": self.held_out,
                "seen": self.seen,
                "models": [
                    {"name": t.name, "log_score": t.log_score, "deficit": t.deficit, "standard_error": t.standard_error,
                     "survival": t.survival}
                    for t in self.tested
                ],
            },
        }  # fmt: skip


def choose_renewal_model(entered: Ints, periods: Ints, ended: Flags) -> Renewals:
    """Return the fitted models and the one that the last periods speak for.

    Parameters
    ----------
    entered, periods, ended
        One element a relationship: renewals made before it came into view, renewals that came up, and whether the last
        was refused.

    Raises
    ------
    NotEnoughData
        With fewer than 30 relationships of which a renewal was seen, or where nobody left.

    Notes
    -----
    The last quarter of the periods in which 30 relationships or more were at risk is held out: the models are fitted
    on what came before and score what then happened to those who had come so far. sBG is taken unless BdW is better by
    more than one standard error.

    References
    ----------
    Fader & Hardie (2007), who fit on the first years and look at the later ones, too.
    """
    seen = periods > entered
    if seen.sum() < FEWEST or not ended.any():
        raise NotEnoughData(
            T(
                zh="看到续约结果的关系有 {n} 份，其中离开的 {gone} 份；至少要 {least} 份，也要有人离开",
                en="{n} relationships with a renewal that came up, {gone} of which ended; it takes {least}, and an end",
            ).format(n=int(seen.sum()), gone=int(ended.sum()), least=FEWEST)
        )
    entered, periods, ended = entered[seen], periods[seen], ended[seen]
    ones = np.ones(len(periods), dtype=np.int64)
    curve = kaplan_meier(periods, ended, ones, entered)
    models = {name: model().fit_grouped(periods, ended, ones, entered) for name, model in MODELS.items()}
    last = _longest(entered, periods)
    cut = last - max(int(np.ceil(HELD_OUT * last)), 1)
    early, late = entered < cut, periods > cut
    if cut < 2 or late.sum() < FEWEST or not ended[late].any() or not ended[early & (periods <= cut)].any():
        why = T(
            zh="期数太少，没法留出几期来检验；用假设较少的 sBG", en="too few periods to hold some out; sBG assumes less"
        )
        return Renewals(curve, models, "sBG", why, None, (), None, 0)
    return _tested(curve, models, (entered, periods, ended), cut, last)


def _longest(entered: Ints, periods: Ints) -> int:
    """Return the last period in which enough were at risk."""
    steps = np.arange(1, int(periods.max()) + 1)
    at_risk = np.array([np.count_nonzero((periods >= t) & (entered < t)) for t in steps])
    enough = np.flatnonzero(at_risk >= FEWEST)
    return int(steps[enough[-1]]) if len(enough) else 0


def _tested(
    curve: Curve, models: Mapping[str, ContractModel], histories: tuple[Ints, Ints, Flags], cut: int, last: int
) -> Renewals:
    entered, periods, ended = histories
    early = entered < cut
    n, gone, first = np.minimum(periods, cut)[early], (ended & (periods <= cut))[early], entered[early]
    fitted = {name: model().fit_grouped(n, gone, np.ones(len(n)), first) for name, model in MODELS.items()}
    stays = 1.0 - gone.sum() / (n - first).sum()
    late = periods > cut
    start, stop, left = np.maximum(entered, cut)[late], periods[late], ended[late]
    stop, left = np.minimum(stop, last), left & (stop <= last)
    going = start < stop
    start, stop, left = start[going], stop[going], left[going]
    scores = {name: model.log_probability(stop, left, start) for name, model in fitted.items()}
    scores[CONSTANT] = np.log(stays) * (stop - start - left) + np.log1p(-stays) * left
    ends = {name: float(model.survival_after(cut, last - cut)) for name, model in fitted.items()}
    ends[CONSTANT] = float(stays ** (last - cut))
    best = max(MODELS, key=lambda name: scores[name].mean())
    rows = tuple(_row(name, score, scores[best], ends[name]) for name, score in scores.items())
    chosen = next(row for row in rows if row.deficit <= row.standard_error)
    reason = T(
        zh="按前 {cut} 期拟合，在第 {next} 到 {last} 期上检验：{chosen} 与两者中较好的相差不超过一个标准误",
        en="fitted on periods 1 to {cut} and tested on {next} to {last}, {chosen} is within one standard error of the "
        "better of the two",
    ).format(cut=cut, next=cut + 1, last=last, chosen=chosen.name)
    at = kaplan_meier(stop - cut, left, np.ones(len(stop), dtype=np.int64), start - cut).at(last - cut)
    return Renewals(curve, models, chosen.name, reason, cut, rows, at, len(stop))


def _row(name: str, score: Floats, best: Floats, survival: float) -> Tested:
    lost = best - score
    error = float(lost.std(ddof=1) / np.sqrt(len(lost)))
    return Tested(name, float(score.mean()), float(lost.mean()), error, survival)


@dataclass(frozen=True, slots=True)
class Told:
    """Whether features tell who leaves: log probability a relationship, cross-validated, with and without them."""

    gain: float
    standard_error: float

    @property
    def useful(self) -> bool:
        """Whether they do, by more than one standard error."""
        return self.gain > self.standard_error


def features_tell(entered: Ints, periods: Ints, ended: Flags, of: Ints, features: Features) -> Told:
    """Return how much features add to tenure in saying who leaves, on customers held out, five folds.

    Parameters
    ----------
    entered, periods, ended, features
        One element a stretch.
    of
        The relationship of each stretch, 0, 1, …; they are held out whole.

    Raises
    ------
    InputError
        For a feature that is the same for everybody.
    NotEnoughData
        Where nobody left, or everybody did, in a fold.
    """
    refuse_constant(features)
    fold = (of * 2654435761 % 2**32 * FOLDS) // 2**32  # Knuth's multiplicative hash: neighbours fall apart
    gains = np.zeros(int(of.max()) + 1)
    for k in range(FOLDS):
        kept, out = fold != k, fold == k
        for sign, known in ((1.0, features), (-1.0, {})):
            here = varying({name: column[kept] for name, column in known.items()})  # a rare text may lie in one fold
            model = RenewalHazard().fit(entered[kept], periods[kept], ended[kept], here)
            there = {name: column[out] for name, column in known.items()}
            score = model.log_probability(entered[out], periods[out], ended[out], there)
            gains += sign * np.bincount(of[out], weights=score, minlength=len(gains))
    return Told(float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(len(gains))))
