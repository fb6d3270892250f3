"""Frames in and out of the engine: what a user hands in, what is computed once, what leaves."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import narwhals as nw
import pyarrow as pa

from regulars.errors import InputError
from regulars.words import T

Frame = nw.LazyFrame[Any]
"""A lazy table on DuckDB, Polars or Spark."""

MONEY = nw.Decimal(38, 4)
"""The type of every amount from the first multiplication on."""


def frame(native: Any) -> Frame:
    """Return `native` as a lazy frame on its own engine; PyArrow and pandas tables enter through DuckDB.

    Parameters
    ----------
    native
        A DuckDB relation, a Polars frame (eager or lazy), a Spark frame, a PyArrow table, a pandas frame, or a Narwhals
        frame over one of these.

    Raises
    ------
    InputError
        When it is none of these.
    """
    unsupported = InputError(
        T(zh=f"{type(native).__name__} 不是认识的表", en=f"{type(native).__name__} is not a table we can read"),
        remedy=T(
            zh="传入 DuckDB、Polars、PySpark、PyArrow 或 pandas 的表。",
            en="Pass a table of DuckDB, Polars, PySpark, PyArrow or pandas.",
        ),
    )
    try:
        table = nw.from_native(native)
    except TypeError:
        raise unsupported from None
    implementation = table.implementation
    if implementation.is_duckdb() or implementation.is_pyspark() or implementation.is_pyspark_connect():
        return table.lazy()  # type: ignore[no-any-return,unused-ignore]
    if implementation.is_polars():
        return table.lazy()  # type: ignore[no-any-return,unused-ignore]
    if isinstance(table, nw.LazyFrame):
        raise unsupported
    return _through_duckdb(table.to_arrow())


def _through_duckdb(table: pa.Table) -> Frame:
    import duckdb

    return wrap(duckdb.from_arrow(table))


def wrap(native: Any) -> Frame:
    """Return a native table of a known engine as a lazy frame."""
    lazy: Frame = nw.from_native(native).lazy()
    return lazy


def backend(table: Frame) -> ModuleType:
    """Return the module that implements the verbs for the engine under `table`."""
    if table.implementation.is_duckdb():
        from regulars.engine import on_duckdb

        return on_duckdb
    if table.implementation.is_polars():
        from regulars.engine import on_polars

        return on_polars
    from regulars.engine import on_spark

    return on_spark


def persist(table: Frame) -> Frame:
    """Compute `table` once and return a frame that reads the result; `release` gives the room back."""
    return wrap(backend(table).persist(table.to_native()))


def release(table: Frame) -> None:
    """Give back what `persist` holds; the frame must not be read afterwards."""
    backend(table).release(table.to_native())


def to_arrow(table: Frame) -> pa.Table:
    """Let a small table leave the engine as a PyArrow table."""
    return table.collect().to_arrow()


def lookup(like: Frame, table: pa.Table) -> Frame:
    """Bring a small PyArrow table to the engine (and connection) of `like`, to be joined there."""
    return wrap(backend(like).from_arrow(like.to_native(), table))


def n_rows(table: Frame) -> int:
    """Return the number of rows of `table`."""
    return int(to_arrow(table.select(nw.len().alias("n")))["n"][0].as_py())


def write_parquet(table: Frame, path: Path) -> None:
    """Write `table` as one Parquet file, in the order of its rows.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    if table.implementation.is_duckdb():
        from regulars.engine import on_duckdb

        on_duckdb.write_parquet(table.to_native(), str(path))
        return
    import pyarrow.parquet as pq

    pq.write_table(to_arrow(table), path, compression="zstd", row_group_size=122_880)


def scan_parquet(like: Frame, path: Path) -> Frame:
    """Read a Parquet file lazily on the engine (and connection) of `like`."""
    return wrap(backend(like).scan_parquet(like.to_native(), str(path)))
