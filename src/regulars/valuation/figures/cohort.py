"""Cohort retention: of those who first bought in a month, how many buy again n months later."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import narwhals as nw

from regulars.engine import Frame, to_arrow

COHORTS = 12
SMALLEST = 30
"""A cohort of fewer customers is shown without percentages."""


def cohort_figures(customers: Frame, occasions: Frame, *, as_of: date) -> dict[str, Any]:
    """Return the share of each monthly cohort that bought in each later full month, the last twelve cohorts.

    Parameters
    ----------
    customers
        ``customer_id, first_purchase``.
    occasions
        ``customer_id, occasion_date``.
    as_of
        The last day that counts; a month that it cuts short is left out.
    """
    first = customers.filter(nw.col("first_purchase") <= as_of)
    joined = first.select("customer_id", cohort=_month("first_purchase"))
    months = to_arrow(joined.select("cohort").unique().sort("cohort"))["cohort"].to_pylist()[-COHORTS:]
    recent = joined.filter(nw.col("cohort") >= (months[0] if months else 0))
    bought = occasions.filter(nw.col("occasion_date") <= as_of).select("customer_id", month=_month("occasion_date"))
    active = bought.join(recent, on="customer_id").unique(["customer_id", "month"])
    counted = active.group_by("cohort", "month").agg(nw.len().alias("n"))
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in to_arrow(counted).to_pylist():
        found[int(row["cohort"])][int(row["month"] - row["cohort"])] = int(row["n"])
    last = _last_full_month(as_of)
    return {
        "rows": [_row(cohort, found[cohort], last - cohort) for cohort in sorted(found)],
        "min_size": SMALLEST,
    }


def _month(column: str) -> nw.Expr:
    day = nw.col(column)
    return (day.dt.year() * 12 + day.dt.month() - 1).cast(nw.Int64)


def _last_full_month(as_of: date) -> int:
    month = as_of.year * 12 + as_of.month - 1
    return month if (as_of + timedelta(days=1)).month != as_of.month else month - 1


def _row(cohort: int, active: dict[int, int], ages: int) -> dict[str, Any]:
    n = active[0]
    return {
        "cohort": f"{cohort // 12:04d}-{cohort % 12 + 1:02d}",
        "n": n,
        "retention": [active.get(age, 0) / n for age in range(1, min(ages, 12) + 1)],
    }
