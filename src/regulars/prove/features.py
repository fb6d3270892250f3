"""What is known of a customer on a day, for learners that take anything: counts, gaps, recency, season, spend."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import narwhals as nw

from regulars import engine

WINDOWS = (28, 91, 182, 364)
"""Days back from the origin over which purchases are counted."""
YEAR = 364
"""Whole weeks, so that weekdays fall on weekdays."""


def features_at(occasions: Any, origin: date, *, days: int) -> engine.Frame:
    """Return what was known of every customer at the end of `origin`, one row a customer; nothing later is read.

    Parameters
    ----------
    occasions
        One row a customer-day: ``customer_id, occasion_date`` and, where spend is to count, ``net_amount``.
    origin
        Last day that counts; customers who came later have no row.
    days
        Length of what will be forecast: purchases in the same days of the year before are counted as the season's.

    Returns
    -------
    Frame
        ``customer_id`` and, as numbers, ``x`` repeat purchases, ``t_x_days``, ``T_days``; ``silent`` days since the
        last purchase, as such, as a share of T and in usual gaps; the last gap and the one before, the spread of gaps
        over their mean; purchases in the last 28, 91, 182 and 364 days and in the same season a year ago; mean and last
        spend. What does not exist is null.
    """
    known = engine.frame(occasions).filter(nw.col("occasion_date") <= nw.lit(origin))
    spends = "net_amount" in known.collect_schema().names()
    day = nw.col("occasion_date")
    ordered = engine.row_number(known, order_by=["occasion_date"], partition_by=["customer_id"], name="_n")
    ordered = ordered.with_columns(_before=day.shift(1).over("customer_id", order_by="occasion_date"))
    dated = engine.days_between(ordered, "_before", "occasion_date", name="_gap")
    dated = engine.days_between(dated, "occasion_date", origin, name="_ago").with_columns(
        _last=nw.col("_n").max().over("customer_id")
    )
    gap, ago, from_end = nw.col("_gap"), nw.col("_ago"), nw.col("_last") - nw.col("_n")
    season = (ago < YEAR) & (ago >= max(YEAR - days, 0))
    columns = dated.with_columns(
        **{f"_in_{w}": nw.when(ago < w).then(1).otherwise(0) for w in WINDOWS},
        _season=nw.when(season).then(1).otherwise(0),
        _square=gap * gap,
        _gap_last=nw.when(from_end == 0).then(gap),
        _gap_before=nw.when(from_end == 1).then(gap),
        **({"_spend_last": nw.when(from_end == 0).then(nw.col("net_amount"))} if spends else {}),
    )
    sums = columns.group_by("customer_id").agg(
        n=nw.len().cast(nw.Int64),
        T_days=ago.max().cast(nw.Int64),
        silent=ago.min().cast(nw.Int64),
        squares=nw.col("_square").sum().cast(nw.Float64),
        gap_last=nw.col("_gap_last").max().cast(nw.Float64),
        gap_before=nw.col("_gap_before").max().cast(nw.Float64),
        season=nw.col("_season").sum().cast(nw.Float64),
        **{f"in_{w}": nw.col(f"_in_{w}").sum().cast(nw.Float64) for w in WINDOWS},
        **(
            {
                "spent": nw.col("net_amount").sum().cast(nw.Float64),
                "spend_last": nw.col("_spend_last").max().cast(nw.Float64),
            }
            if spends
            else {}
        ),
    )
    return _ratios(sums, spends)


def _ratios(sums: engine.Frame, spends: bool) -> engine.Frame:
    counted = sums.with_columns(x=nw.col("n") - 1, t_x_days=nw.col("T_days") - nw.col("silent"))
    x, t_x, T = (nw.col(name).cast(nw.Float64) for name in ("x", "t_x_days", "T_days"))
    silent = nw.col("silent").cast(nw.Float64)
    usual = nw.when(x > 0).then(t_x / x)
    spread = (nw.col("squares") / x - usual * usual).clip(0.0).sqrt() / usual
    made = counted.with_columns(
        silent=silent,
        usual_gap=usual,
        silent_share=nw.when(T > 0).then(silent / T),
        silent_gaps=nw.when(x > 0).then(silent / usual),
        gap_spread=nw.when(x > 1).then(spread),
        **({"spend_mean": nw.col("spent") / nw.col("n")} if spends else {}),
    )
    return made.drop("n", "squares", *(["spent"] if spends else []))


def outcomes(occasions: Any, *, after: date, until: date) -> engine.Frame:
    """Return ``customer_id, actual``: purchases after `after` up to and including `until`, of those who made any."""
    later = nw.col("occasion_date")
    seen = engine.frame(occasions).filter(later > nw.lit(after), later <= nw.lit(until))
    return seen.group_by("customer_id").agg(actual=nw.len().cast(nw.Int64))


def earlier(origin: date, first: date, days: int) -> tuple[date, date]:
    """Return the origin and the end to learn on, known at `origin`: as long a hold-out, or half of what there is."""
    span = min(days, (origin - first).days // 2)
    return origin - timedelta(days=span), origin
