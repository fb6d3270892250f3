"""The verbs on Polars."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pyarrow as pa

TYPES: dict[str, Any] = {
    "int": pl.Int64,
    "float": pl.Float64,
    "decimal": pl.Decimal(38, 4),
    "date": pl.Date,
    "timestamp": pl.Datetime("us"),
}


def persist(table: pl.LazyFrame) -> pl.LazyFrame:
    """Compute once; Polars keeps the result in memory."""
    return table.collect().lazy()


def release(table: pl.LazyFrame) -> None:
    """Leave it to Python: Polars frees a frame with its last reference."""


def from_arrow(like: pl.LazyFrame, table: pa.Table) -> pl.LazyFrame:
    """Read an Arrow table."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame.lazy()


def scan_parquet(like: pl.LazyFrame, path: str) -> pl.LazyFrame:
    """Read a Parquet file lazily."""
    return pl.scan_parquet(path)


def _point(at: str | date) -> pl.Expr:
    return pl.col(at).cast(pl.Date) if isinstance(at, str) else pl.lit(at, dtype=pl.Date)


def days_between(table: pl.LazyFrame, start: str | date, end: str | date, name: str) -> pl.LazyFrame:
    """Add the whole days from `start` to `end`."""
    return table.with_columns((_point(end) - _point(start)).dt.total_days().alias(name))


def add_days(table: pl.LazyFrame, start: str, days: str, name: str) -> pl.LazyFrame:
    """Add the date that many days after `start`."""
    return table.with_columns((_point(start) + pl.duration(days=pl.col(days))).cast(pl.Date).alias(name))


def business_date(table: pl.LazyFrame, column: str, zone: str | None, name: str) -> pl.LazyFrame:
    """Add the calendar day in `zone`; a time without zone is local already."""
    moment = pl.col(column)
    if zone is not None and getattr(table.collect_schema()[column], "time_zone", None):
        moment = moment.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    return table.with_columns(moment.cast(pl.Date).alias(name))


def try_cast(table: pl.LazyFrame, column: str, kind: str, name: str) -> pl.LazyFrame:
    """Add `column` as `kind`, null where the text does not read as one."""
    text = pl.col(column).cast(pl.String).str.strip_chars()
    if kind == "date":
        read = text.str.strptime(pl.Date, "%Y-%m-%d", strict=False)
    elif kind == "timestamp":
        formats = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d")
        read = pl.coalesce(text.str.strptime(pl.Datetime("us"), f, strict=False) for f in formats)
    else:
        read = text.cast(TYPES[kind], strict=False)
    return table.with_columns(read.alias(name))


def parse_time(table: pl.LazyFrame, column: str, formats: Sequence[str], name: str) -> pl.LazyFrame:
    """Add the timestamp that the first fitting of `formats` (strftime directives) reads, else null."""
    text = pl.col(column).cast(pl.String).str.strip_chars()
    tries = [
        (
            text.str.strptime(pl.Datetime("us"), f, strict=False)
            if "%H" in f or "%I" in f
            else text.str.strptime(pl.Date, f, strict=False).cast(pl.Datetime("us"))
        )
        for f in formats
    ]
    return table.with_columns(pl.coalesce(tries).alias(name))


def stable_hash(table: pl.LazyFrame, column: str, salt: str, name: str) -> pl.LazyFrame:
    """Add the first seven hexadecimal digits of md5(salt + ":" + text) as a number."""

    def number(text: str | None) -> int | None:
        if text is None:
            return None
        return int(hashlib.md5(f"{salt}:{text}".encode(), usedforsecurity=False).hexdigest()[:7], 16)

    def numbers(texts: pl.Series) -> pl.Series:
        return pl.Series(texts.name, [number(text) for text in texts], dtype=pl.Int64)

    key = pl.col(column).cast(pl.String)
    return table.with_columns(key.map_batches(numbers, return_dtype=pl.Int64).alias(name))


def money_mul(table: pl.LazyFrame, a: str, b: str, name: str) -> pl.LazyFrame:
    """Add the product as DECIMAL(38,4), half away from zero."""
    fine = pl.Decimal(38, 8)
    product = (pl.col(a).cast(fine) * pl.col(b).cast(fine)).round(4, mode="half_away_from_zero")
    return table.with_columns(product.cast(TYPES["decimal"]).alias(name))
