"""The customer summary: recency, frequency and age, as the lifetime models want them and as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import narwhals as nw

from regulars.engine import MONEY, Frame, business_date, days_between, frame, group_with_first, money_sum
from regulars.errors import InputError
from regulars.periods import unit_days
from regulars.words import T

Span = tuple[date, date]
_NONE: Mapping[str, Any] = MappingProxyType({})

COLUMNS = (
    "x", "t_x", "T", "mean_repeat_spend", "n_purchases", "days_since_last_purchase", "total_spend", "first_purchase",
    "last_purchase", "t_x_days", "T_days",
)  # fmt: skip


def customer_summary(
    transactions: Any,
    *,
    as_of: date,
    unit: str = "week",
    customer: str = "customer_id",
    time: str = "ordered_at",
    amount: str = "net_amount",
) -> Frame:
    """Summarise each customer's purchases up to `as_of`.

    Purchases of one customer on one day are one occasion. A day whose amounts add up to less than nothing (a lone
    refund) is no purchase; a day that adds up to zero is one. Rows after `as_of` do not count, rows without customer or
    time neither. Times with a zone count by their UTC day: bring them to the business' day first where that matters.

    Parameters
    ----------
    transactions
        Any table that `regulars.engine.frame` takes, one row a line, an order or an occasion, in any order.
    as_of
        The last day that counts.
    unit
        The unit of ``x, t_x, T``: "day", "week", "month" or "year", fractional and never floored.
    customer, time, amount
        The names of the columns.

    Returns
    -------
    Frame
        One row a customer, sorted by `customer`, so that what a model returns can be laid beside it: `customer`;
        ``x`` (repeat occasions), ``t_x`` (first to last, in `unit`), ``T`` (first to `as_of`, in `unit`),
        ``mean_repeat_spend`` (mean amount of the repeat occasions, null without one), ``n_purchases`` (x + 1),
        ``days_since_last_purchase``, ``total_spend`` (DECIMAL), ``first_purchase``, ``last_purchase`` (dates),
        ``t_x_days``, ``T_days`` (integers).

    Raises
    ------
    InputError
        When a column is missing or the unit is none of the four.

    Notes
    -----
    The recency trap: ``t_x`` runs from the first to the last purchase; `days_since_last_purchase` from the last one to
    `as_of`.

    References
    ----------
    Fader, P. S., Hardie, B. G. S., Lee, K. L. (2005). "Counting your customers" the easy way. Marketing Science 24(2).

    Examples
    --------
    >>> import pyarrow as pa, datetime as dt
    >>> sold = pa.table({"who": [1, 1, 1], "day": [dt.date(2024, 1, d) for d in (1, 8, 15)], "paid": [5.0, 3.0, 4.0]})
    >>> summary = customer_summary(sold, as_of=dt.date(2024, 1, 22), customer="who", time="day", amount="paid")
    >>> summary.select("x", "t_x", "T", "mean_repeat_spend").collect().rows()
    [(2, 2.0, 3.0, 3.5)]
    """
    counted = summarise(transactions, as_of=as_of, unit=unit, customer=customer, time=time, amount=amount)
    return counted.sort(customer)


def summarise(transactions: Any, *, as_of: date, unit: str, customer: str, time: str, amount: str) -> Frame:
    """Summarise as `customer_summary` does, in no order: for joins, which sorting would only slow down."""
    table = frame(transactions)
    _require(table, customer, time, amount)
    days = _customer_days(table, as_of, customer, time, amount)
    summary = with_times(_counted(days).rename({"_customer": customer}), as_of=as_of, unit=unit)
    return summary.select(customer, *COLUMNS)


def summarise_occasions(
    occasions: Frame,
    *,
    as_of: date,
    counts: Mapping[str, Span] = _NONE,
    lasts: Mapping[str, date] = _NONE,
) -> Frame:
    """Summarise what `purchase_occasions` returned, a customer-day a row already: in no order, and without `TIMES`.

    What others want of every customer's purchases comes along, which spares them a pass of their own.

    Parameters
    ----------
    occasions
        ``customer_id, occasion_date, net_amount``.
    as_of
        The last day that counts.
    counts
        Name → (first day, day after the last): columns with the purchases of these spans.
    lasts
        Name → day: columns with the last purchase up to that day, null where there was none.
    """
    days = occasions.filter(nw.col("occasion_date") <= as_of).select(
        nw.col("customer_id").alias("_customer"),
        nw.col("occasion_date").alias("_day"),
        nw.col("net_amount").alias("_amount"),
    )
    return _counted(days, counts, lasts).rename({"_customer": "customer_id"})


TIMES = ("x", "t_x", "T", "days_since_last_purchase", "t_x_days", "T_days")
"""What follows from the first and last purchase, their number and the date: see `with_times`."""


def with_times(customers: Frame, *, as_of: date, unit: str = "week") -> Frame:
    """Add `TIMES` to customers with `first_purchase, last_purchase, n_purchases`: cheap, so none need be stored."""
    dated = days_between(customers, "first_purchase", "last_purchase", name="t_x_days")
    dated = days_between(dated, "first_purchase", as_of, name="T_days")
    dated = days_between(dated, "last_purchase", as_of, name="days_since_last_purchase")
    days = unit_days(unit)
    return dated.with_columns(
        (nw.col("n_purchases") - 1).alias("x"),
        (nw.col("t_x_days") / days).alias("t_x"),
        (nw.col("T_days") / days).alias("T"),
    )


def _counted(per_day: Frame, counts: Mapping[str, Span] = _NONE, lasts: Mapping[str, date] = _NONE) -> Frame:
    """Count and add up rows that are one customer-day each: `_customer, _day, _amount`."""
    day = nw.col("_day")
    marked = per_day.select(
        "_customer",
        day,
        "_amount",
        *[nw.when((day >= first) & (day < stop)).then(1).otherwise(0).alias(n) for n, (first, stop) in counts.items()],
        *[nw.when(day <= last).then(day).alias(name) for name, last in lasts.items()],
    )
    counted = group_with_first(
        marked,
        ["_customer"],
        nw.len().cast(nw.Int64).alias("n_purchases"),
        nw.col("_day").min().alias("first_purchase"),
        nw.col("_day").max().alias("last_purchase"),
        money_sum("_amount").alias("total_spend"),
        *[nw.col(name).sum().cast(nw.Int64) for name in counts],
        *[nw.col(name).max() for name in lasts],
        value="_amount",
        order_by="_day",
        name="_first_spend",
    )
    repeats = nw.col("n_purchases") - 1
    repeat_spend = (nw.col("total_spend") - nw.col("_first_spend")).cast(nw.Float64)
    return counted.select(
        "_customer",
        "n_purchases",
        "first_purchase",
        "last_purchase",
        "total_spend",
        nw.when(repeats > 0).then(repeat_spend / repeats).alias("mean_repeat_spend"),
        *counts,
        *lasts,
    )


def _require(table: Frame, *columns: str) -> None:
    present = table.collect_schema().names()
    missing = [column for column in columns if column not in present]
    if missing:
        raise InputError(
            T(zh=f"没有这些列：{'、'.join(missing)}", en=f"no such column: {', '.join(missing)}"),
            remedy=T(
                zh=f"用 customer、time、amount 指定列名；表里有 {'、'.join(present)}。",
                en=f"Name the columns by customer, time and amount; the table has {', '.join(present)}.",
            ),
        )


def _customer_days(table: Frame, as_of: date, customer: str, time: str, amount: str) -> Frame:
    rows = table.select(
        nw.col(customer).alias("_customer"), nw.col(time).alias("_time"), nw.col(amount).cast(MONEY).alias("_amount")
    )
    dated = business_date(rows.filter(~nw.col("_customer").is_null()), "_time", zone=None, name="_day")
    known = dated.filter(nw.col("_day") <= as_of)
    per_day = known.group_by("_customer", "_day").agg(money_sum("_amount"))
    return per_day.filter(nw.col("_amount") >= 0)
