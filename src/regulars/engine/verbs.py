"""The few verbs in which Narwhals' engines differ, each with one meaning on all of them.

A verb takes the frame first and returns it with a column more (a column of the same name is replaced). Those that
differ by engine dispatch to `on_duckdb`, `on_polars` or `on_spark`; the others are Narwhals expressions that give the
same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import narwhals as nw

from regulars.engine.frames import MONEY, Frame, backend, wrap

Kind = Literal["int", "float", "decimal", "date", "timestamp"]

HASH_SPAN = 16**7
"""`stable_hash` gives integers from 0 to this number, exclusive."""


def days_between(table: Frame, start: str | date, end: str | date, *, name: str) -> Frame:
    """Add the integer days from `start` to `end`, each a column name or a date; never a float, never an interval."""
    return wrap(backend(table).days_between(table.to_native(), start, end, name))


def add_days(table: Frame, start: str, days: str, *, name: str) -> Frame:
    """Add the date that lies the integer column `days` after the date column `start`."""
    return wrap(backend(table).add_days(table.to_native(), start, days, name))


def business_date(table: Frame, column: str, *, zone: str | None, name: str) -> Frame:
    """Add the calendar day of a moment in the business' `zone`; a moment without zone is local time already."""
    return wrap(backend(table).business_date(table.to_native(), column, zone, name))


def try_cast(table: Frame, column: str, kind: Kind, *, name: str) -> Frame:
    """Add `column` read as `kind`; text that does not read as one becomes null instead of an error."""
    return wrap(backend(table).try_cast(table.to_native(), column, kind, name))


def parse_time(table: Frame, column: str, formats: Sequence[str], *, name: str) -> Frame:
    """Add the timestamp (no zone) read by the first of `formats` that fits, strftime directives; else null."""
    return wrap(backend(table).parse_time(table.to_native(), column, tuple(formats), name))


def stable_hash(table: Frame, column: str, *, salt: str, name: str) -> Frame:
    """Add an integer in ``[0, HASH_SPAN)`` that depends on the key's text and `salt` alone."""
    return wrap(backend(table).stable_hash(table.to_native(), column, salt, name))


def money_mul(table: Frame, a: str, b: str, *, name: str) -> Frame:
    """Add a × b as DECIMAL(38,4); factors up to 10^14 with four decimals."""
    return wrap(backend(table).money_mul(table.to_native(), a, b, name))


def money_sum(column: str) -> nw.Expr:
    """Return the exact sum of an amount (for `group_by().agg()` and `select`), DECIMAL(38,4)."""
    return nw.col(column).sum().cast(MONEY)


def bucket(table: Frame, column: str, edges: Sequence[float], *, name: str) -> Frame:
    """Add how many of the ascending `edges` are ≤ the value: 0 … len(edges). An edge belongs to the bucket above it."""
    value = nw.col(column)
    number = nw.lit(0)
    for edge in edges:
        number = number + nw.when(value >= edge).then(1).otherwise(0)
    return table.with_columns(nw.when(~value.is_null()).then(number.cast(nw.Int64)).alias(name))


def ntile_by(table: Frame, column: str, n: int, *, name: str) -> Frame:
    """Add 1 … n by ascending rank of `column`: ceil(n × share of rows at or below); equal values share a tile."""
    share = n * nw.col(column).rank("max").cast(nw.Int64)
    rows = nw.col(column).count().cast(nw.Int64)
    counted = table.with_columns(_regulars_one=nw.lit(1))
    tiled = counted.with_columns(((share + rows.over("_regulars_one") - 1) // rows.over("_regulars_one")).alias(name))
    return tiled.drop("_regulars_one")


def row_number(table: Frame, *, order_by: Sequence[str], partition_by: Sequence[str] = (), name: str) -> Frame:
    """Add 1, 2, … in the order of `order_by` (ascending), within each partition."""
    if not partition_by:
        return table.with_row_index(name, order_by=list(order_by)).with_columns((nw.col(name) + 1).cast(nw.Int64))
    marked = table.with_columns(_regulars_one=nw.lit(1))
    counted = nw.col("_regulars_one").cum_count().over(*partition_by, order_by=list(order_by))
    return marked.with_columns(counted.cast(nw.Int64).alias(name)).drop("_regulars_one")


def distinct(table: Frame, *columns: str) -> Frame:
    """Return the different rows of `columns` (default: all), in no order.

    Narwhals' own `unique` numbers the rows of every group on DuckDB, which costs a third more.
    """
    keys = columns or table.collect_schema().names()
    return table.group_by(*keys).agg(_regulars_n=nw.len()).drop("_regulars_n")


def group_with_first(
    table: Frame, by: Sequence[str], *aggregates: nw.Expr, value: str, order_by: str, name: str
) -> Frame:
    """Group by `by`, aggregate, and add as `name` the `value` at the smallest `order_by` of each group.

    Values of `order_by` must be unique within a group.
    """
    if table.implementation.is_pyspark() or table.implementation.is_pyspark_connect():
        at = nw.col(order_by)
        only = nw.when(at == at.min().over(*by)).then(nw.col(value))
        return (
            table.with_columns(_regulars_first=only)
            .group_by(*by)
            .agg(*aggregates, nw.col("_regulars_first").max().alias(name))
        )
    return table.group_by(*by).agg(*aggregates, nw.col(value).first(order_by=order_by).alias(name))


def asof_join(left: Frame, right: Frame, *, on: str, by: Sequence[str], take: Sequence[str]) -> Frame:
    """Add to each left row the columns `take` of the latest right row with equal `by` and ``right.on <= left.on``.

    Among right rows with equal `by` and `on` the values of any one of them may be taken: make the pair unique first.
    A left row without match keeps nulls. Null keys match nothing on either side.
    """
    usable = right.filter(~nw.any_horizontal(*[nw.col(c).is_null() for c in (*by, on)], ignore_nulls=False))
    marked = usable.select(*by, on, *take).with_columns(_regulars_side=nw.lit(0))
    schema = marked.collect_schema()
    blank = [nw.lit(None, dtype=schema[c]).alias(f"_regulars_{c}") for c in take]
    theirs = left.collect_schema().names()
    lefts = left.with_columns(*blank, _regulars_side=nw.lit(1))
    typed = left.collect_schema()
    rights = marked.select(
        *[nw.col(c) if c in (*by, on) else nw.lit(None, dtype=typed[c]).alias(c) for c in theirs],
        *[nw.col(c).alias(f"_regulars_{c}") for c in take],
        "_regulars_side",
    )
    both = nw.concat([lefts, rights.select(lefts.collect_schema().names())], how="vertical")
    filled = both.with_columns(
        nw.col(f"_regulars_{c}").fill_null(strategy="forward").over(*by, order_by=[on, "_regulars_side"]) for c in take
    )
    kept = filled.filter(nw.col("_regulars_side") == 1).drop("_regulars_side")
    return kept.rename({f"_regulars_{c}": c for c in take})


def unpivot(table: Frame, *, keys: Sequence[str], columns: Sequence[str], name: str, value: str) -> Frame:
    """Turn `columns` into rows of (`keys`, `name`, `value`); the columns must share one type."""
    return nw.concat(
        [table.select(*keys, nw.lit(c).alias(name), nw.col(c).alias(value)) for c in columns], how="vertical"
    )
