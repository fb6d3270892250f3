"""Reading an experiment: what its customers brought, by the library's own reading, kept as what a page draws.

Before its day an experiment is looked after, not read: numbers of customers and whether the groups are as they should
be, nothing of what they brought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from regulars import engine
from regulars.engine import MONEY, Frame
from regulars.prove import experiments  # what is asked of it brings SciPy along: pages start without
from regulars.prove.control import CONTROL, TREATED
from regulars.web.campaigns import universal
from regulars.web.campaigns.models import Campaign, Proof
from regulars.web.campaigns.outlook import ALPHA, margin
from regulars.web.facts import actions as facts
from regulars.web.tasks.selectors import assignment
from regulars.web.valuations.selectors import current

ENROLMENT = timedelta(days=91)
"""Of a rule, which goes on: who was assigned in its first thirteen weeks is read, once, when the last is due."""
POINTS = 31
"""Points of the picture over time, at most; a longer window is drawn week by week or more coarsely."""
SETTLED = timedelta(days=60)
"""After the end of a window, within which late orders and returns still change what was read."""


@dataclass(frozen=True, slots=True)
class Span:
    """When an experiment is read: who was assigned until `enrolled`, over the days from `first` to `last`."""

    first: date
    enrolled: date
    last: date


def span_of(proof: Proof, campaign: Campaign | None, started_on: date) -> Span:
    """Return when an experiment is read."""
    if campaign is not None and campaign.first_day and campaign.last_day:
        return Span(campaign.first_day, campaign.first_day, campaign.last_day)
    rolling = proof.holdout.list_kind == "rule"
    enrolled = started_on + (ENROLMENT if rolling else timedelta(0))
    return Span(started_on, enrolled, enrolled + timedelta(days=proof.window_days - 1))


def look_of(proof: Proof, span: Span, until: date) -> int | None:
    """Return which of the declared looks the orders reach, counted from 1, the end being the last; None: none yet."""
    if until >= span.last:
        return len(proof.looks) + 1
    passed = [day for day in proof.looks if until >= span.first + timedelta(days=day - 1)]
    return len(passed) or None


def window_of(proof: Proof, look: int) -> int:
    """Return over how many days a look is read."""
    days: int = proof.window_days if look > len(proof.looks) else proof.looks[look - 1]
    return days


def assigned_in(proof: Proof, campaign: Campaign | None, span: Span) -> pa.Table:
    """Return who is read: `customer_id, arm, stratum, household, first_day`."""
    if proof.is_universal:
        people = universal.assigned(proof.holdout, proof.holdout.started_at)
    else:
        people = assignment(proof.holdout)
    if campaign is not None or proof.is_universal:
        days = pa.array([span.first], pa.date32()).take(pc.fill_null(pc.multiply(people["customer_id"], 0), 0))
    else:
        people = people.filter(pc.less_equal(people["assigned_on"], pa.scalar(span.enrolled, pa.date32())))
        days = people["assigned_on"]
    return people.select(["customer_id", "arm", "stratum", "household"]).append_column("first_day", days)


def health(people: pa.Table, share: Decimal) -> dict[str, Any]:
    """Return how many there are in each group, and the probability of such sizes by chance."""
    counts = {arm: int(pc.sum(pc.equal(people["arm"], arm)).as_py() or 0) for arm in (TREATED, CONTROL)}
    checked = experiments.mismatch(counts, {CONTROL: float(share), TREATED: 1 - float(share)})
    return {"counts": counts, "p_value": checked.p_value, "suspicious": checked.suspicious}


def read(proof: Proof, people: pa.Table, span: Span, look: int) -> dict[str, Any]:
    """Return the reading of one declared look as what is kept: verdict, effects, the course over time, costs."""
    valuation = current()
    basis = (valuation.basis if valuation else "") or "revenue"
    last_look, window = look > len(proof.looks), window_of(proof, look)
    n_treated = int(pc.sum(pc.equal(people["arm"], TREATED)).as_py() or 0)
    fixed = (proof.fixed_cost / n_treated).quantize(Decimal("0.0001")) if n_treated else Decimal(0)
    terms = facts.Terms(window, basis, margin(), proof.contact_cost + fixed, proof.offer_cost)
    days = course_days(window)
    with facts.outcomes(people, terms, until=span.last, days=days[:-1]) as found:
        outcomes = [*(f"net_{day}" for day in days[:-1]), "net"]
        reading = _analysed(proof, found.table, outcomes[-1:] + outcomes[:-1], look)
        sums = _sums(found.table)
    return {
        "basis": basis, "window": window, "look": look, "looks": len(proof.looks) + 1, "last_look": last_look,
        "reading": _kept(reading), "course": [_point(reading, *one) for one in zip(outcomes, days, strict=True)],
        "costs": _costs(proof, sums),
        "bought": {arm: row["bought"] for arm, row in sums.items()},
    }  # fmt: skip


def _kept(reading: experiments.Reading) -> dict[str, Any]:
    """Return a reading as what is stored: the effect that decides; the others stand in the course over time.

    Warnings name outcomes by their columns: those about the course are left out, the other column gets words.
    """
    kept = reading.as_dict()
    warnings = [
        {"zh": one["zh"].replace("“net”", "每人所得"), "en": one["en"].replace(" of net:", " of what is compared:")}
        for one in kept["warnings"]
        if "net_" not in one["en"]
    ]
    return {**kept, "effects": kept["effects"][:1], "warnings": warnings}


def course_days(window: int) -> list[int]:
    """Return the days that the picture over time has: each of a short window, else every so many, the last among them.

    Examples
    --------
    >>> course_days(5), course_days(70)[:3], course_days(70)[-1]
    ([1, 2, 3, 4, 5], [7, 14, 21], 70)
    """
    step = 1 if window <= POINTS else 7 * -(-window // (7 * POINTS))
    return sorted({*range(step, window, step), window})


def _analysed(proof: Proof, table: Frame, outcomes: Sequence[str], look: int) -> experiments.Reading:
    """Read every outcome in one pass; the first decides, the others are its course over time."""
    share = float(proof.holdout.share)
    households = bool(engine.n_rows(table.filter(~nw.col("household").is_null()).head(1)))
    return experiments.analyse(
        table, arm="arm", control=CONTROL, outcomes=outcomes, covariates=_covariates(table), strata="stratum",
        household="household" if households else None, alpha=ALPHA, looks=_looks(proof),
        look=look if proof.looks else None, segments=["kind"],
        declared_segments=["stratum"] if proof.holdout.strata else [], key="customer_id",
        shares={CONTROL: share, TREATED: 1 - share},
    )  # fmt: skip


def _looks(proof: Proof) -> experiments.Looks | None:
    if not proof.looks:
        return None
    return experiments.Looks((*(day / proof.window_days for day in proof.looks), 1.0), alpha=ALPHA)


def _covariates(table: Frame) -> list[str]:
    past = nw.col("before").cast(nw.Float64)
    row = engine.to_arrow(table.select(past.min().alias("low"), past.max().alias("high"))).to_pylist()[0]
    return ["before"] if row["low"] is not None and row["low"] != row["high"] else []


def _point(reading: experiments.Reading, outcome: str, day: int) -> dict[str, Any]:
    effect = reading.effect(TREATED, outcome)
    return {
        "day": day, "treated": effect.mean, "control": effect.control_mean,
        "net": effect.net, "low": effect.low, "high": effect.high,
    }  # fmt: skip


def _sums(table: Frame) -> dict[str, dict[str, Any]]:
    summed = table.group_by("arm").agg(
        nw.len().cast(nw.Int64).alias("n"),
        nw.col("bought").sum().cast(nw.Int64).alias("bought"),
        engine.money_sum("gross").alias("gross"),
        nw.col("net").sum().cast(MONEY).alias("net"),
    )
    return {row["arm"]: row for row in engine.to_arrow(summed).to_pylist()}


def _costs(proof: Proof, sums: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what was spent, by item: how many at what price."""
    treated = sums.get(TREATED, {"n": 0, "bought": 0})
    items = [
        ("contacts", treated["n"], proof.contact_cost),
        ("offers", treated["bought"], proof.offer_cost),
        ("campaigns" if proof.is_universal else "fixed", 1, proof.fixed_cost),
    ]
    return [{"item": item, "n": n, "each": float(each), "amount": float(n * each)} for item, n, each in items if each]
