"""An experiment read as it was assigned: what each arm brought more than control per customer, net, with its doubt."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from scipy.stats import chi2

from regulars import engine
from regulars.errors import InputError
from regulars.prove.experiments.cautions import cautions
from regulars.prove.experiments.comparing import Difference, collapsed, compare
from regulars.prove.experiments.corrections import CORRECTIONS, Correction, adjusted
from regulars.prove.experiments.looks import Looks, Spending
from regulars.prove.experiments.mismatch import Mismatch, mismatch
from regulars.prove.experiments.moments import Moments, Prepared, moments_by, prepare, whole_moments
from regulars.prove.experiments.order import refuse_backwards
from regulars.prove.experiments.survey import survey
from regulars.prove.experiments.verdict import Evidence, Verdict, enough, judge
from regulars.words import T

Money = Decimal | float | int


@dataclass(frozen=True, slots=True)
class Effect:
    """What one arm had more than control in one outcome, per assigned customer (intention to treat).

    `difference` is before the arm's cost, `net` after it (the same where the outcome bears no cost); `low` and `high`
    bound `net`. `total` is what the whole arm brought net, with its bounds. `p_value` asks whether `net` is zero;
    `p_adjusted` counts the other comparisons of its family and the looks, and is what a verdict goes by.
    `explained` is the share of variance that covariates took away. Where not `enough`, there are too few customers for
    an interval, and no number but the means should be shown.
    """

    arm: str
    outcome: str
    primary: bool
    customers: int
    control_customers: int
    mean: float
    control_mean: float
    difference: float
    cost: float
    net: float
    se: float
    low: float
    high: float
    p_value: float
    p_adjusted: float
    total: float
    total_low: float
    total_high: float
    explained: float
    enough: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the effect for JSON; what is not a number is None."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {n: None if isinstance(v, float) and math.isnan(v) else v for n, v in values.items()}


@dataclass(frozen=True, slots=True)
class SegmentEffect:
    """The effect on the deciding outcome within one segment; exploratory unless it was declared before.

    `effect` is None where the segment has too few of an arm. `p_differs` asks whether the segments of this column
    differ from each other at all.
    """

    column: str
    value: str
    declared: bool
    arm: str
    customers: int
    effect: Effect | None
    p_differs: float | None


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole reading of an experiment.

    `effects` come arm by arm for the first outcome, which decides, then for the others; `verdicts` has one for each
    treated arm. `level` is that of the intervals: 1 − alpha, higher at an early look.
    """

    control: str
    arms: tuple[str, ...]
    outcomes: tuple[str, ...]
    covariates: tuple[str, ...]
    customers: dict[str, int]
    units: dict[str, int]
    effects: tuple[Effect, ...]
    verdicts: dict[str, Verdict]
    segments: tuple[SegmentEffect, ...]
    mismatch: Mismatch | None
    alpha: float
    level: float
    look: int | None
    looks: int | None
    correction: Correction
    warnings: tuple[T, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict on the first treated arm."""
        return self.verdicts[self.arms[0]]

    def effect(self, arm: str, outcome: str | None = None) -> Effect:
        """Return the effect of an arm on an outcome (default: the one that decides)."""
        wanted = outcome or self.outcomes[0]
        return next(each for each in self.effects if each.arm == arm and each.outcome == wanted)

    def as_dict(self) -> dict[str, Any]:
        """Return the reading for JSON, texts in both languages."""
        return {
            "control": self.control,
            "verdicts": {arm: verdict.as_dict() for arm, verdict in self.verdicts.items()},
            "customers": self.customers,
            "effects": [effect.as_dict() for effect in self.effects],
            "segments": [_segment_dict(each) for each in self.segments],
            "mismatch": None
            if self.mismatch is None
            else {
                "counts": self.mismatch.counts,
                "expected": self.mismatch.expected,
                "p_value": self.mismatch.p_value,
                "suspicious": self.mismatch.suspicious,
            },
            "covariates": list(self.covariates),
            "alpha": self.alpha,
            "level": self.level,
            "look": self.look,
            "looks": self.looks,
            "correction": self.correction,
            "warnings": [each.as_dict() for each in self.warnings],
        }


def _segment_dict(segment: SegmentEffect) -> dict[str, Any]:
    plain = {name: getattr(segment, name) for name in SegmentEffect.__slots__}
    return plain | {"effect": None if segment.effect is None else segment.effect.as_dict()}


def analyse(
    frame: Any,
    *,
    arm: str,
    control: str,
    outcomes: Sequence[str],
    covariates: Sequence[str] = (),
    strata: str | None = None,
    household: str | None = None,
    costs: Mapping[str, Money] | None = None,
    alpha: float = 0.05,
    looks: int | Looks | None = None,
    look: int | None = None,
    spending: Spending = "obrien-fleming",
    correction: Correction = "holm",
    segments: Sequence[str] = (),
    declared_segments: Sequence[str] = (),
    key: str | None = None,
    shares: Mapping[str, float] | None = None,
    assigned_on: str | None = None,
    outcome_on: str | None = None,
    worthwhile: float | None = None,
) -> Reading:
    """Read an experiment: everybody who was assigned counts in the arm of the assignment, whatever was done to them.

    Parameters
    ----------
    frame
        One row an assigned customer, of any engine. Outcomes are totals over the declared window, 0 for who bought
        nothing.
    arm, control
        The column of the arms, and which of its values is the control group.
    outcomes
        Columns of outcomes. The first one decides (net profit, as a rule); the others are read beside it.
    covariates
        Columns known before the assignment. One that some customers do not have is 0 there, with an indicator.
    strata
        Column within whose values customers were assigned.
    household
        Column of the households that were assigned together; null for customers on their own.
    costs
        What an arm cost per customer assigned to it, in the unit of the first outcome; control's cost counts, too.
    alpha
        Two-sided rate of false alarms.
    looks, look, spending
        Looks declared before (their number or a `Looks`), and which of them this is, from 1.
    correction
        "holm", "bonferroni" or "none", over the arms for the first outcome and over all other comparisons.
    segments, declared_segments
        Columns within whose values the first outcome is read, too; those not declared before are exploratory.
    key
        Column of the customer: refused where one stands twice.
    shares
        Planned share of each arm, control included, to test the sizes of the arms against.
    assigned_on, outcome_on
        Columns of dates: who has an outcome from before the assignment is refused.
    worthwhile
        The smallest net difference worth having, by which the number of customers still needed is reckoned.

    Raises
    ------
    InputError
        For input that is no experiment: see `survey`; for a look that was not declared.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"arm": ["mail", "none"] * 50, "profit": [3.0, 1.0, 2.0, 0.0] * 25})
    >>> reading = analyse(table, arm="arm", control="none", outcomes=["profit"], costs={"mail": 0.5})
    >>> reading.verdict.title["en"], round(reading.effect("mail").net, 2)
    ('Proved', 1.5)
    """
    if not outcomes:
        raise InputError(
            T(zh="没有说看哪个结果", en="no outcome is named"),
            remedy=T(zh="至少写一列结果，如净利。", en="Name one at least, such as net profit."),
        )
    table = engine.frame(frame)
    covariates = tuple(dict.fromkeys(name for name in covariates if name not in outcomes))
    looked = survey(
        table,
        arm=arm,
        control=control,
        outcomes=outcomes,
        covariates=covariates,
        key=key,
        others=[c for c in (strata, household, assigned_on, outcome_on, *segments, *declared_segments) if c],
    )
    if assigned_on is not None and outcome_on is not None:
        refuse_backwards(looked.table, assigned_on, outcome_on)
    wanted = dict.fromkeys(declared_segments, True) | {
        name: False for name in segments if name not in declared_segments
    }
    prepared = prepare(
        looked, outcomes=outcomes, covariates=covariates, strata=strata, household=household, keep=list(wanted)
    )
    plan = Looks.equal(looks, alpha=alpha, spending=spending) if isinstance(looks, int) else looks
    rules = _Rules(control, _costs(costs, looked.arms), alpha, plan, look, correction, worthwhile)
    moments, thin = collapsed(whole_moments(prepared))
    checked = None if shares is None else mismatch({a: moments.arm(a).units for a in moments.arms}, _known(shares))
    effects = rules.effects(moments, outcomes)
    return Reading(
        control=control,
        arms=rules.treated(moments),
        outcomes=tuple(outcomes),
        covariates=moments.covariates,
        customers={each: moments.arm(each).customers for each in moments.arms},
        units={each: moments.arm(each).units for each in moments.arms},
        effects=tuple(effects),
        verdicts=rules.verdicts(moments, effects, checked),
        segments=tuple(_segments(prepared, wanted, rules)),
        mismatch=checked,
        alpha=alpha,
        level=1 - rules.level,
        look=look,
        looks=None if plan is None else len(plan.times),
        correction=correction,
        warnings=tuple(cautions(looked, moments, thin=thin, checked=checked, household=household, segments=wanted)),
    )  # fmt: skip


def _known(shares: Mapping[str, float]) -> dict[str, float]:
    return {name: float(share) for name, share in shares.items()}


def _costs(costs: Mapping[str, Money] | None, arms: Sequence[str]) -> dict[str, float]:
    for name, cost in (costs or {}).items():
        if name not in arms:
            raise InputError(
                T(zh=f"没有叫 {name!r} 的组，却给了它成本", en=f"there is no arm {name!r} to bear a cost"),
                remedy=T(zh=f"有这些组：{'、'.join(arms)}。", en=f"The arms are: {', '.join(arms)}."),
            )
        if not math.isfinite(cost):
            raise InputError(T(zh=f"成本不能是 {cost}", en=f"a cost cannot be {cost}"))
    return {name: float(cost) for name, cost in (costs or {}).items()}


@dataclass(frozen=True)
class _Rules:
    """How differences become effects and verdicts: costs, level, looks, correction."""

    control: str
    costs: dict[str, float]
    alpha: float
    plan: Looks | None
    look: int | None
    correction: Correction
    worthwhile: float | None

    def __post_init__(self) -> None:
        if self.correction not in CORRECTIONS:
            raise InputError(
                T(zh=f"不认识校正 {self.correction!r}", en=f"there is no correction {self.correction!r}"),
                remedy=T(zh=f"可选 {'、'.join(CORRECTIONS)}。", en=f"Choose among {', '.join(CORRECTIONS)}."),
            )
        if not 0 < self.alpha < 1:
            raise InputError(
                T(zh=f"误报率不能是 {self.alpha}", en=f"the rate of false alarms cannot be {self.alpha}"),
                remedy=T(zh="写成 0.05 这样。", en="Write it like 0.05."),
            )
        if self.plan is None and self.look is not None:
            raise InputError(
                T(zh=f"第 {self.look} 次查看没有事先声明", en=f"look {self.look} was not declared"),
                remedy=T(
                    zh="用 --looks 说明一共声明了几次。", en="Say with --looks how many were declared before the start."
                ),
            )
        _ = self.level

    @property
    def level(self) -> float:
        """Two-sided level of this reading by itself."""
        return self.alpha if self.plan is None else self.plan.alpha_at(self.look)

    def treated(self, moments: Moments) -> tuple[str, ...]:
        """Return the arms beside control."""
        return tuple(arm for arm in moments.arms if arm != self.control)

    def effects(self, moments: Moments, outcomes: Sequence[str]) -> list[Effect]:
        """Return every arm on the first outcome, then on the others; each of the two families corrected by itself."""
        arms = self.treated(moments)
        first = [self.effect(moments, arm, outcomes[0], primary=True) for arm in arms]
        rest = [self.effect(moments, arm, name, primary=False) for name in outcomes[1:] for arm in arms]
        return self.corrected(first) + self.corrected(rest)

    def corrected(self, family: list[Effect]) -> list[Effect]:
        """Return effects with p-values adjusted for the family and for the looks."""
        looks = self.alpha / self.level
        p_values = adjusted([effect.p_value for effect in family], self.correction)
        return [replace(each, p_adjusted=min(1.0, p * looks)) for each, p in zip(family, p_values, strict=True)]

    def effect(self, moments: Moments, arm: str, outcome: str, *, primary: bool) -> Effect:
        """Return the effect of one arm on one outcome, not yet corrected."""
        found = compare(moments, arm=arm, control=self.control, outcome=outcome)
        cost = self.costs.get(arm, 0.0) - self.costs.get(self.control, 0.0) if primary else 0.0
        low, high = found.interval(self.level)
        mine, left, at = moments.arm(arm), moments.arm(self.control), moments.outcomes.index(outcome)
        n = mine.customers
        return Effect(
            arm=arm, outcome=outcome, primary=primary, customers=n,
            control_customers=left.customers,
            mean=found.mean, control_mean=found.control_mean, difference=found.estimate,
            cost=cost, net=found.estimate - cost, se=found.se, low=low - cost, high=high - cost,
            p_value=found.p_value(cost), p_adjusted=found.p_value(cost),
            total=n * (found.estimate - cost), total_low=n * (low - cost), total_high=n * (high - cost),
            explained=_explained(found),
            enough=enough(min(mine.units, left.units), mine.nonzero[at] + left.nonzero[at], found.se),
        )  # fmt: skip

    def verdicts(self, moments: Moments, effects: Sequence[Effect], checked: Mismatch | None) -> dict[str, Verdict]:
        """Pass a verdict on each treated arm by the outcome that decides."""
        left = moments.arm(self.control)
        found = {}
        for effect in effects:
            if not effect.primary:
                continue
            arm = moments.arm(effect.arm)
            found[effect.arm] = judge(
                Evidence(
                    net=effect.net, se=effect.se, p_adjusted=effect.p_adjusted, alpha=self.alpha,
                    units=min(arm.units, left.units), nonzero=arm.nonzero[0] + left.nonzero[0],
                    customers=arm.customers + left.customers,
                    suspicious=checked is not None and checked.suspicious,
                    last_look=self.plan is None or self.look == len(self.plan.times), worthwhile=self.worthwhile,
                )
            )  # fmt: skip
        return found


def _explained(found: Difference) -> float:
    return 0.0 if not found.plain > 0 else max(0.0, 1 - (found.se / found.plain) ** 2)


FEWEST_OF_A_SEGMENT = 30
"""Units of each arm that a segment must have to be read."""


def _segments(prepared: Prepared, wanted: Mapping[str, bool], rules: _Rules) -> list[SegmentEffect]:
    """Read the first outcome within segments; declared and exploratory ones are corrected apart."""
    found: list[SegmentEffect] = []
    for declared in (True, False):
        group: list[SegmentEffect] = []
        for at, (column, was_declared) in enumerate(wanted.items()):
            if was_declared == declared:
                group += _of_column(prepared, at, column, declared, rules)
        effects = iter(rules.corrected([each.effect for each in group if each.effect is not None]))
        found += [each if each.effect is None else replace(each, effect=next(effects)) for each in group]
    return found


def _of_column(prepared: Prepared, at: int, column: str, declared: bool, rules: _Rules) -> list[SegmentEffect]:
    parts = {value: collapsed(moments)[0] for value, moments in moments_by(prepared, at).items()}
    arms = sorted({arm for moments in parts.values() for arm in rules.treated(moments)})
    found = []
    for arm in arms:
        effects = {
            value: rules.effect(moments, arm, prepared.outcomes[0], primary=True)
            if _readable(moments, arm, rules.control)
            else None
            for value, moments in parts.items()
        }
        p = heterogeneity([effect for effect in effects.values() if effect is not None])
        for value, effect in effects.items():
            n = sum(parts[value].arm(each).customers for each in parts[value].arms if each in (arm, rules.control))
            found.append(SegmentEffect(column, value, declared, arm, n, effect, p))
    return found


def _readable(moments: Moments, arm: str, control: str) -> bool:
    return all(
        each in moments.arms
        and moments.arm(each).units >= FEWEST_OF_A_SEGMENT
        and all(
            (each, stratum) in moments.cells and moments.cells[each, stratum].units > 1 for stratum in moments.strata
        )
        for each in (arm, control)
    )


def heterogeneity(effects: Sequence[Effect]) -> float | None:
    """Return the probability of effects so unlike each other where all are the same (Cochran's Q).

    References
    ----------
    Cochran (1954), The combination of estimates from different experiments, Biometrics 10.
    """
    usable = [effect for effect in effects if effect.se > 0]
    if len(usable) < 2:
        return None
    weights = [effect.se**-2 for effect in usable]
    middle = math.fsum(w * e.net for w, e in zip(weights, usable, strict=True)) / math.fsum(weights)
    q = math.fsum(w * (e.net - middle) ** 2 for w, e in zip(weights, usable, strict=True))
    return float(chi2.sf(q, len(usable) - 1))
