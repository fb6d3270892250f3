"""An experiment read as it was assigned: what each arm brought more than control per customer, net, with its doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from regulars import engine
from regulars.errors import InputError
from regulars.prove.experiments.cautions import cautions
from regulars.prove.experiments.comparing import collapsed
from regulars.prove.experiments.corrections import Correction
from regulars.prove.experiments.effects import Reading
from regulars.prove.experiments.looks import Looks, Spending
from regulars.prove.experiments.moments import prepare, whole_moments
from regulars.prove.experiments.order import refuse_backwards
from regulars.prove.experiments.rules import Money, Rules
from regulars.prove.experiments.sample_ratio import mismatch
from regulars.prove.experiments.segments import read_segments
from regulars.prove.experiments.survey import refuse_costs, refuse_shares, refuse_unknown, survey
from regulars.words import T


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
        Two-sided rate of false alarms; a `Looks` brings its own.
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
    plan = Looks.equal(looks, alpha=alpha, spending=spending) if isinstance(looks, int) else looks
    alpha = alpha if plan is None else plan.alpha
    rules = Rules(control, costs or {}, alpha, plan, look, correction, worthwhile)
    covariates = tuple(dict.fromkeys(name for name in covariates if name not in outcomes))
    wanted = dict.fromkeys(declared_segments, True) | {n: False for n in segments if n not in declared_segments}
    others = [name for name in (strata, household, key, assigned_on, outcome_on, *wanted) if name is not None]
    named = engine.frame(frame)
    refuse_unknown(named, [arm, *outcomes, *covariates, *others])
    # Read several times below: what it comes from, perhaps joins, is computed once.
    table = engine.persist(named.select(list(dict.fromkeys([arm, *outcomes, *covariates, *others]))))
    try:
        looked = survey(table, arm=arm, control=control, outcomes=outcomes, covariates=covariates, key=key)
        refuse_costs(rules.costs, looked.arms)
        if shares is not None:
            refuse_shares(shares, looked.arms)
        if assigned_on is not None and outcome_on is not None:
            refuse_backwards(looked.table, assigned_on, outcome_on)
        prepared = prepare(
            looked, outcomes=outcomes, covariates=covariates, strata=strata, household=household, keep=list(wanted)
        )
        moments, thin = collapsed(whole_moments(prepared))
        checked = None if shares is None else mismatch({a: moments.arm(a).units for a in moments.arms}, shares)
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
            segments=tuple(read_segments(prepared, wanted, rules)),
            mismatch=checked,
            alpha=alpha,
            level=1 - rules.level,
            look=look,
            looks=None if plan is None else len(plan.times),
            correction=correction,
            warnings=tuple(cautions(looked, moments, thin=thin, checked=checked, household=household, segments=wanted)),
        )
    finally:
        engine.release(table)
