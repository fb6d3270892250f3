"""Cohort retention: of those who first bought in a month, or in a quarter, how many buy again n of them later."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import narwhals as nw

from regulars.engine import Frame, distinct, to_arrow
from regulars.words import T

COHORTS = 12
SMALLEST = 30
"""A cohort of fewer customers is shown without percentages."""

MONTHS = {"month": 1, "quarter": 3}
_SHORT = T(
    zh="数据还不够长：首购之后还没有过完一个整月",
    en="the data are too short: no full month lies after a first purchase",
)
_THIN = T(
    zh="每月、每季的新客都不足 {least} 位（最多 {most} 位），不足以算回头率",
    en="no month and no quarter has {least} new customers ({most} at most), too few for a retention",
)


def cohort_figures(customers: Frame, occasions: Frame, *, as_of: date) -> dict[str, Any]:
    """Return the share of each cohort that bought in each later full month or quarter, the last twelve cohorts.

    Months, unless most of them have too few new customers and quarters do better.

    Parameters
    ----------
    customers
        ``customer_id, first_purchase``.
    occasions
        ``customer_id, occasion_date``.
    as_of
        The last day that counts; a month or quarter that it cuts short is left out.

    Returns
    -------
    dict
        ``rows`` [{cohort, n, retention}], ``unit`` (month, quarter), ``min_size``; ``why`` says in words why no cohort
        carries a share, else it is None.
    """
    monthly = _rows(customers, occasions, as_of, "month")
    unit, rows = "month", monthly
    if 2 * _carrying(monthly) < sum(bool(row["retention"]) for row in monthly):
        quarterly = _rows(customers, occasions, as_of, "quarter")
        if _carrying(quarterly):
            unit, rows = "quarter", quarterly
    return {"rows": rows, "unit": unit, "min_size": SMALLEST, "why": None if _carrying(rows) else _why(monthly)}


def _carrying(rows: list[dict[str, Any]]) -> int:
    """Count the cohorts large and old enough to carry a share."""
    return sum(row["n"] >= SMALLEST and bool(row["retention"]) for row in rows)


def _why(monthly: list[dict[str, Any]]) -> dict[str, str]:
    most = max((row["n"] for row in monthly), default=0)
    return (_SHORT if most >= SMALLEST else _THIN.format(least=SMALLEST, most=most)).as_dict()


def _rows(customers: Frame, occasions: Frame, as_of: date, unit: str) -> list[dict[str, Any]]:
    first = customers.filter(nw.col("first_purchase") <= as_of)
    joined = first.select("customer_id", cohort=_period("first_purchase", unit))
    periods = to_arrow(distinct(joined, "cohort").sort("cohort"))["cohort"].to_pylist()[-COHORTS:]
    recent = joined.filter(nw.col("cohort") >= (periods[0] if periods else 0))
    began = _first_day(periods[0], unit) if periods else as_of
    bought = occasions.filter(nw.col("occasion_date") <= as_of, nw.col("occasion_date") >= began)
    active = bought.select("customer_id", period=_period("occasion_date", unit)).join(recent, on="customer_id")
    counted = distinct(active, "customer_id", "cohort", "period").group_by("cohort", "period").agg(nw.len().alias("n"))
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in to_arrow(counted).to_pylist():
        found[int(row["cohort"])][int(row["period"] - row["cohort"])] = int(row["n"])
    last = _last_full(as_of, unit)
    return [_row(cohort, found[cohort], last - cohort, unit) for cohort in sorted(found)]


def _period(column: str, unit: str) -> nw.Expr:
    day = nw.col(column)
    return ((day.dt.year() * 12 + day.dt.month() - 1).cast(nw.Int64) // MONTHS[unit]).cast(nw.Int64)


def _first_day(period: int, unit: str) -> date:
    months = period * MONTHS[unit]
    return date(months // 12, months % 12 + 1, 1)


def _last_full(as_of: date, unit: str) -> int:
    """Return the last month or quarter that is over at the end of `as_of`."""
    tomorrow = as_of + timedelta(days=1)
    return (tomorrow.year * 12 + tomorrow.month - 1) // MONTHS[unit] - 1


def _row(cohort: int, active: dict[int, int], ages: int, unit: str) -> dict[str, Any]:
    n, each = active[0], 12 // MONTHS[unit]
    year, part = f"{cohort // each:04d}", cohort % each + 1
    return {
        "cohort": f"{year}-{part:02d}" if unit == "month" else f"{year}-Q{part}",
        "n": n,
        "retention": [active.get(age, 0) / n for age in range(1, min(ages, 12) + 1)],
    }
