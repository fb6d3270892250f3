"""Which lifetime model to believe: chosen on earlier origins, never on the one that the card is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from regulars.errors import NotEnoughData
from regulars.prove.candidates import PREFERENCE, RANDOM, SUGGESTS, Fits, competing
from regulars.prove.forecast import Floats, Forecast
from regulars.prove.grouping import NO_ORIGIN, Verdict, standard_error, untried, weigh
from regulars.prove.origins import Cells
from regulars.words import T

SAMPLE = 10_000
"""Customers that the choice is made on where there are more; chosen by a hash of their id."""

MATTERS = 0.002
"""A mean log probability a customer that is better by less than this (0.2 %) is no better, however surely."""

FEWEST_CUSTOMERS = 50
FEWEST_REPEATERS = 10

Fit = Callable[[str, Cells], Any]

NOT_FINITE = T(zh="预测不是有限的数", en="its forecasts are not finite")


@dataclass(frozen=True, slots=True)
class Score:
    """How one model forecast the earlier origins.

    `log_score` is the mean log probability a customer of what happened (higher is better), `deficit` how far it is
    below the best model's and `standard_error` that of the deficit; `failed` says why there are none.
    """

    model: str
    log_score: float | None
    deficit: float | None
    standard_error: float | None
    failed: T | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The model chosen, why, and what the choice rests on.

    `k` is the measured regularity of gaps that models of regular buyers were fitted with, 1 where they did not
    compete; `alike` are the models that the earlier origins cannot tell from the best, the chosen one first;
    `regularity` says in words how regular the gaps were measured, None where they were too few; `groups` whether groups
    earned their place, where some were asked for.
    """

    model: str
    reason: T
    scores: tuple[Score, ...]
    n_origins: int
    n_customers: int
    sampled: bool
    alike: tuple[str, ...] = ()
    k: int = RANDOM
    regularity: T | None = None
    groups: Verdict | None = None

    @property
    def by_groups(self) -> bool:
        """Whether the model chosen has parameters of its own for each group."""
        return self.groups is not None and self.groups.taken

    def as_dict(self) -> dict[str, Any]:
        """Return the choice as the model card carries it."""
        return {
            "name": self.model,
            "reason": self.reason.as_dict(),
            "rule": RULE.as_dict(),
            "origins": self.n_origins,
            "customers": self.n_customers,
            "sampled": self.sampled,
            "alike": list(self.alike),
            "k": self.k,
            "regularity": None if self.regularity is None else self.regularity.as_dict(),
            **({} if self.groups is None else {"groups": self.groups.as_dict()}),
            "scores": [
                {
                    "name": s.model,
                    "log_score": s.log_score,
                    "deficit": s.deficit,
                    "standard_error": s.standard_error,
                    "failed": None if s.failed is None else s.failed.as_dict(),
                }
                for s in self.scores
            ],
        }


RULE = T(
    zh="在较早的检验起点上比较各模型给实际购买次数的对数概率；按 {order} 的顺序，"
    "取第一个与最好者相差不超过一个标准误（或 0.002）的模型。规律型客户的模型（CNBD-k）只在购买间隔确实比随机整齐时参加"
    "（由最近两个间隔估计的 k 不小于 {least}）。",
    en="Models are compared by the log probability they gave to the purchases that followed earlier origins; in the "
    "order {order} the first within one standard error (or 0.002) of the best is taken. "
    "Models of regular buyers (CNBD-k) compete only where gaps are less random: k, read from each customer's last two, "
    "is {least} or more.",
).format(order=T(zh="、".join(PREFERENCE), en=", ".join(PREFERENCE)), least=SUGGESTS)


def enough(cells: Cells) -> bool:
    """Return whether an origin knows enough customers to fit and compare models on."""
    return cells.n >= FEWEST_CUSTOMERS and cells.repeaters >= FEWEST_REPEATERS


def choose_model(
    cells: Sequence[Cells], *, sampled: bool = False, fit: Fit | None = None, k: int = RANDOM, by: str | None = None
) -> Choice:
    """Choose among the lifetime models on the cells of the earlier origins; the default where there are none.

    `sampled` says that the cells are those of a hashed sample of `SAMPLE` customers: the choice may rest on one, what
    is fitted and scored with the chosen model uses everyone. `k` is the regularity of gaps, from which models of
    regular buyers compete. `by` names the groups that the cells tell apart, where they do.
    """
    if not cells:
        none = T(zh="数据跨度不够，没有较早的检验起点可比", en="the span carries no earlier origin to compare on")
        return _default(none, by)
    return choose(cells, sampled=sampled, fit=fit, k=k)


def choose(cells: Sequence[Cells], *, sampled: bool = False, fit: Fit | None = None, k: int = RANDOM) -> Choice:
    """Choose by the one-standard-error rule among the models that compete on the origins that `cells` describe.

    Notes
    -----
    The logarithmic score is proper: no model gains by forecasting anything but what it believes. Deficits are paired:
    each customer's score under one model minus that under the best. The same customers stand at several origins, so the
    standard error is the mean of the origins' own, as if they agreed perfectly: too large rather than too small.
    """
    usable = [each for each in cells if enough(each)]
    if not usable:
        return _default(T(zh="较早的检验起点上客户太少", en="too few customers at the earlier origins"), _by(cells))
    fit = fit or Fits(k)
    scored: dict[str, list[Floats]] = {}
    failed: dict[str, T] = {}
    for name in competing(k):
        try:
            scored[name] = [_log_scores(fit(name, each).law, each) for each in usable]
        except NotEnoughData as error:
            failed[name] = error.why
        except ArithmeticError:
            failed[name] = NOT_FINITE
    if not scored:
        none = T(zh="没有一个模型能在较早的起点上拟合", en="no model could be fitted at the earlier origins")
        return _default(none, _by(cells))
    scores = _scores(scored, usable, failed)
    alike = tuple(
        s.model for s in scores if s.deficit is not None and s.deficit <= max(s.standard_error or 0.0, MATTERS)
    )
    model = alike[0]
    customers = max(each.n for each in usable)
    choice = Choice(model, _reason(model, scores, len(usable)), scores, len(usable), customers, sampled, alike, k)
    return choice if usable[0].group is None else _by_groups(choice, scored, usable, failed, fit)


def _by_groups(
    choice: Choice, scored: Mapping[str, list[Floats]], cells: Sequence[Cells], failed: Mapping[str, T], fit: Fit
) -> Choice:
    """Hold the model chosen against itself fitted by groups, and take that where it is better by the same rule."""
    verdict, own = weigh(
        choice.model, scored[choice.model], cells, lambda name, each: _log_scores(fit(name, each).law, each), MATTERS
    )
    said = T(zh="{a}{b}", en="{a} {b}").format(a=choice.reason, b=verdict.reason)
    choice = replace(choice, reason=said, groups=verdict)
    if verdict.name is None:
        return choice
    if own is None:  # too small at the first of the origins to be laid beside the others there
        return replace(choice, model=verdict.name, alike=(verdict.name,)) if verdict.taken else choice
    scores = _scores({**scored, verdict.name: own}, cells, failed)
    if not verdict.taken:
        return replace(choice, scores=scores)
    others = [s.model for s in scores if s.deficit is not None and s.deficit <= max(s.standard_error or 0.0, MATTERS)]
    alike = (verdict.name, *(name for name in others if name != verdict.name))
    return replace(choice, model=verdict.name, scores=scores, alike=alike)


def _log_scores(law: Any, cells: Cells) -> Floats:
    scores = Forecast(law, cells).log_scores
    if not np.isfinite(scores).all():
        raise ArithmeticError(NOT_FINITE.en)
    return scores


def _scores(
    scored: Mapping[str, Sequence[Floats]], cells: Sequence[Cells], failed: Mapping[str, T]
) -> tuple[Score, ...]:
    sizes = np.array([each.n for each in cells], dtype=np.float64)
    share = sizes / sizes.sum()
    means = {
        name: float(share @ [each.count @ s / each.n for each, s in zip(cells, parts, strict=True)])
        for name, parts in scored.items()
    }
    best = max(means, key=lambda name: means[name])
    out = []
    for name in (*PREFERENCE, *(each for each in scored if each not in PREFERENCE)):
        if name in failed:
            out.append(Score(name, None, None, None, failed[name]))
        if name not in scored:
            continue
        pairs = zip(cells, scored[best], scored[name], strict=True)
        errors = [standard_error(top - mine, each.count) for each, top, mine in pairs]
        out.append(Score(name, means[name], means[best] - means[name], float(share @ errors)))
    return tuple(out)


def _by(cells: Sequence[Cells]) -> str | None:
    return None if cells[0].group is None else cells[0].group.by


def _default(why: T, by: str | None = None) -> Choice:
    reason = T(zh="{why}，因此用默认的 {model}。", en="Default {model}: {why}.").format(why=why, model=PREFERENCE[0])
    if by is None:
        return Choice(PREFERENCE[0], reason, (), 0, 0, False)
    groups = untried(by, NO_ORIGIN)
    said = T(zh="{a}{b}", en="{a} {b}").format(a=reason, b=groups.reason)
    return Choice(PREFERENCE[0], said, (), 0, 0, False, groups=groups)


def _reason(model: str, scores: Sequence[Score], n_origins: int) -> T:
    by_name = {s.model: s for s in scores}
    best = min((s for s in scores if s.deficit is not None), key=lambda s: s.deficit or 0.0).model
    on = T(zh="{n} 个较早的起点上", en="{n} earlier origin{s}").format(n=n_origins, s="" if n_origins == 1 else "s")
    if model == PREFERENCE[0]:
        said = (
            T(zh="在 {on}，默认的 {model} 预测得最好。", en="The default {model} forecast best on {on}.")
            if best == model
            else T(
                zh="在 {on}，{best} 只略好于默认的 {model}（差 {d:.4f}，标准误 {e:.4f}；低于 0.002 不算），"
                "因此留用默认。",
                en="On {on} {best} did little better than the default {model} ({d:.4f}, standard error {e:.4f}; below "
                "0.002 does not count), so the default stays.",
            )
        )
    else:
        said = T(
            zh="在 {on}，{model} 比默认的 {default} 好（差 {d:.4f}，标准误 {e:.4f}；一个标准误和 0.002 以内不算）。",
            en="On {on} {model} beat the default {default} by {d:.4f} (standard error {e:.4f}; one of these "
            "or 0.002 does not count).",
        )
    default = by_name[PREFERENCE[0]]
    if default.deficit is None:
        said = T(
            zh="默认的 {default} 在 {on}无法拟合，改用 {model}。",
            en="The default {default} could not be fitted on {on}; {model} it is.",
        )
    return said.format(
        on=on, model=model, best=best, default=PREFERENCE[0], d=default.deficit or 0.0, e=default.standard_error or 0.0
    )
