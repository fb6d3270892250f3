"""What customers brought in the weeks before, from which an experiment is planned: mean, spread, and what repeats."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import narwhals as nw

from regulars import engine
from regulars.engine import MONEY, Frame
from regulars.errors import NotEnoughData
from regulars.measure.current import Basis, with_profit
from regulars.measure.margin import Margin
from regulars.prove.experiments.moments import prepare, whole_moments
from regulars.prove.experiments.survey import ARM, Survey, describe
from regulars.words import T

FEWEST = 30
"""Customers from whom a variance is taken."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a customer brought in the last `days`: those who bought nothing count as 0.

    `customers` are those who had bought before these days began, `explained` the squared correlation with what they
    brought in as many days before: what a reading adjusted for it saves of the variance.
    """

    days: int
    customers: int
    mean: float
    sd: float
    explained: float
    basis: Basis


def past_outcome(lines: Frame, *, as_of: date, days: int, margin: Margin | None = None) -> Past:
    """Return mean and spread of what known customers brought in the last `days` up to `as_of`.

    Raises
    ------
    NotEnoughData
        For fewer than 30 customers, or where none of them brought anything.
    """
    sums, basis = outcome_of(lines, as_of=as_of, days=days, margin=margin)
    columns = describe(sums, ["now", "before"])
    looked = Survey(sums.with_columns(nw.lit("all").alias(ARM)), ("all",), columns, 0)
    moments = whole_moments(prepare(looked, outcomes=["now"], covariates=["before"]))
    cell = moments.cells.get(("all", ""))
    if cell is None or cell.units < FEWEST or cell.scatter[1, 1] <= 0:
        raise NotEnoughData(_TOO_FEW.format(days=days))
    s = cell.scatter
    explained = float(s[1, 2] ** 2 / (s[1, 1] * s[2, 2])) if s[2, 2] > 0 else 0.0
    sd = math.sqrt(float(s[1, 1]) / (cell.units - 1))
    return Past(days, cell.units, float(cell.means[1] + moments.reference[1]), sd, min(explained, 0.99), basis)


def outcome_of(lines: Frame, *, as_of: date, days: int, margin: Margin | None = None) -> tuple[Frame, Basis]:
    """Return `customer_id, now, before` of customers known `days` before `as_of`, and what the money is.

    `now` is what they brought in the last `days`, `before` in as many days before these; 0 where nothing.
    """
    start, earlier = as_of - timedelta(days=days), as_of - timedelta(days=2 * days)
    valued, basis = with_profit(lines.filter(nw.col("business_date") <= nw.lit(as_of)), since=start, margin=margin)
    day, value, nothing = nw.col("business_date"), nw.col("value"), nw.lit(0).cast(MONEY)
    marked = valued.with_columns(
        nw.when(day > nw.lit(start)).then(value).otherwise(nothing).cast(MONEY).alias("_now"),
        nw.when((day <= nw.lit(start)) & (day > nw.lit(earlier)))
        .then(value)
        .otherwise(nothing)
        .cast(MONEY)
        .alias("_b"),
    )
    sums = marked.group_by("customer_id").agg(
        engine.money_sum("_now").alias("now"), engine.money_sum("_b").alias("before"), day.min().alias("_first")
    )
    known = (nw.col("_first") <= nw.lit(start)) & ~nw.col("customer_id").is_null()
    return sums.filter(known).drop("_first"), basis


_TOO_FEW = T(
    zh="{days} 天前就有的客户太少，或都没买过：算不出波动。",
    en="Too few customers were known {days} days ago, or none bought: there is no spread to plan from.",
)
