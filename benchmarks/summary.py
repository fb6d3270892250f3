"""The customer summary: ours, hand-written DuckDB SQL, hand-written Polars, on the same lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.measure import in_turn, row
from regulars import engine
from regulars.measure import customer_summary

SQL = """
with days as (
    select customer_no, order_time::date as day, sum(amount) as amount
    from read_parquet(?) where customer_no is not null group by all having sum(amount) >= 0
)
select customer_no, count(*) - 1 as x, date_diff('day', min(day), max(day)) / 7.0 as t_x,
    date_diff('day', min(day), ?::date) / 7.0 as T,
    (sum(amount) - arg_min(amount, day))::double / nullif(count(*) - 1, 0) as mean_repeat_spend,
    count(*) as n_purchases, date_diff('day', max(day), ?::date) as days_since, sum(amount) as total,
    min(day) as first_purchase, max(day) as last_purchase
from days group by all
"""


def with_sql(orders: Path, as_of: date) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create temp table summary as {SQL}", [str(orders), as_of, as_of])


def with_polars(orders: Path, as_of: date) -> None:
    day = pl.col("order_time").cast(pl.Date).alias("day")
    days = (
        pl.scan_parquet(orders).group_by("customer_no", day).agg(pl.col("amount").sum()).filter(pl.col("amount") >= 0)
    )
    first, last, n = pl.col("day").min(), pl.col("day").max(), pl.len()
    days.group_by("customer_no").agg(
        x=n - 1,
        t_x=(last - first).dt.total_days() / 7,
        T=(pl.lit(as_of) - first).dt.total_days() / 7,
        mean=(pl.col("amount").sum() - pl.col("amount").sort_by("day").first()).cast(pl.Float64) / (n - 1),
        days_since=(pl.lit(as_of) - last).dt.total_days(),
        total=pl.col("amount").sum(),
        first_purchase=first,
        last_purchase=last,
    ).collect()


def ours(orders: Path, as_of: date) -> None:
    with engine.session() as connection:
        lines = engine.frame(connection.read_parquet(str(orders)))
        engine.persist(customer_summary(lines, as_of=as_of, customer="customer_no", time="order_time", amount="amount"))


def bench(orders: Path, as_of: date) -> None:
    """Print the three beside each other."""
    times = in_turn(
        {
            "regulars": lambda: ours(orders, as_of),
            "SQL": lambda: with_sql(orders, as_of),
            "Polars": lambda: with_polars(orders, as_of),
        }
    )
    for name, seconds in times.items():
        row(f"summary, {name}", f"{seconds:.2f} s", f"{seconds / times['SQL']:.2f} × SQL")
