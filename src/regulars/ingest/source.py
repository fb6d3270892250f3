"""What is read, whatever it was: a lazy table whose rows carry a number that leads back to file and line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.errors import InputError
from regulars.words import T

FILE_SPAN = 1 << 40
"""A row's `_id` is its file's position times this number plus its ordinal in the file."""

BROKEN = pa.schema([("file", pa.int64()), ("row", pa.int64()), ("value", pa.string())])
"""Lines that do not fit the file's columns: position of the file, line, text."""


def none_broken() -> pa.Table:
    """Return no broken lines."""
    # not `empty_table`: an array made of a list has PyArrow load pandas, where that is installed
    return pa.Table.from_batches([], schema=BROKEN)


@dataclass(slots=True)
class Source:
    """One source of order lines.

    Parameters
    ----------
    table
        The source's columns and `_id`.
    columns
        The source's own column names.
    labels
        One a file: what messages call it.
    first_rows
        One a file: the line of ordinal 0; None for frames whose rows have no place.
    semicolons
        Whether fields are separated by semicolons, which goes with decimal commas.
    mac
        Whether Excel's day numbers count from 1904.
    broken
        Gives, once the table was read to its end, the lines that did not fit.
    keep
        Temporary files and connections; closed with the source.
    """

    table: engine.Frame
    columns: list[str]
    labels: list[str]
    first_rows: list[int | None]
    semicolons: bool = False
    mac: bool = False
    broken: Callable[[], pa.Table] = none_broken
    first_pass: engine.Frame | None = None
    keep: ExitStack = field(default_factory=ExitStack)

    def place(self, row_id: int) -> T:
        """Return file and line of a row."""
        file, at = divmod(row_id, FILE_SPAN)
        line = at + (self.first_rows[file] or 0)
        return T(zh=f"{self.labels[file]} 第 {line} 行", en=f"{self.labels[file]}, line {line}")

    @property
    def name(self) -> str:
        """What the whole source is called."""
        return self.labels[0] if len(self.labels) == 1 else f"{self.labels[0]} … {self.labels[-1]}"


def from_frame(native: Any, connection: duckdb.DuckDBPyConnection | None) -> Source:
    """Return a frame as a source: eager frames number their rows from 1, lazy ones have none."""
    try:
        seen = nw.from_native(native)
    except TypeError:
        seen = None
    if isinstance(seen, nw.DataFrame):
        columns = list(seen.columns)
        numbered = _plain_index(seen).with_row_index("_id")
        own = numbered.implementation.is_polars()
        table = engine.frame(numbered) if own else _through(numbered, connection)
        table = table.with_columns(nw.col("_id").cast(nw.Int64))
        return Source(table, columns, ["frame"], [1])
    plain = engine.frame(native)  # refuses what is no table
    columns = list(plain.collect_schema().names())
    lazy: Any = plain.to_native()
    if plain.implementation.is_duckdb():
        numbered_lazy = lazy.project("*, row_number() over () - 1 as _id")
    elif plain.implementation.is_polars():
        numbered_lazy = lazy.with_row_index("_id")
    else:
        numbered_lazy = lazy.selectExpr("*", "monotonically_increasing_id() as _id")
    return Source(engine.frame(numbered_lazy).with_columns(nw.col("_id").cast(nw.Int64)), columns, ["frame"], [None])


def _plain_index(table: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    unnamed = [c for c in table.columns if not isinstance(c, str)]
    return table.rename({c: str(c) for c in unnamed}) if unnamed else table


def _through(table: nw.DataFrame[Any], connection: duckdb.DuckDBPyConnection | None) -> engine.Frame:
    try:
        arrow = table.to_arrow()
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise InputError(
            T(zh="有一列混着几种类型", en="a column mixes several types"),
            where="frame",
            remedy=T(zh="先把每列转成一种类型。", en="Give every column one type."),
        ) from error
    if connection is None:
        return engine.frame(arrow)
    return engine.frame(connection.from_arrow(arrow))
