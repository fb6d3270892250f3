"""Caps that hold before anything is read in earnest: rows of the file, characters of a cell."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import narwhals as nw
import pyarrow.parquet as pq

from regulars import engine
from regulars.errors import InputError
from regulars.ingest.source import FILE_SPAN, Source
from regulars.web.importing.parsing.limits import Limits
from regulars.words import T


def refuse_many(file: Path, limits: Limits) -> None:
    """Refuse a Parquet file that says to hold more rows than are allowed: it may weigh next to nothing.

    Raises
    ------
    InputError
    """
    if file.suffix != ".parquet":
        return
    try:
        rows = pq.read_metadata(file).num_rows
    except (OSError, ValueError):
        return  # no Parquet file: reading says so in better words
    if rows > limits.rows:
        raise too_many(file.name, rows, limits)


def too_many(name: str, rows: int, limits: Limits) -> InputError:
    """Return the refusal of a file with too many rows."""
    return InputError(
        T(zh=f"有 {rows:,} 行，一次最多 {limits.rows:,} 行", en=f"{rows:,} rows; at most {limits.rows:,} at once"),
        where=name,
        remedy=T(zh="分成几个文件导入。", en="Import it in several files."),
    )


def refuse_huge(source: Source, columns: Iterable[str], limits: Limits) -> None:
    """Refuse a source with a cell that no honest export holds.

    Raises
    ------
    InputError
        Naming row and column of the first such cell.
    """
    schema = source.table.collect_schema()
    texts = [column for column in columns if schema[column] == nw.String]
    if not texts:
        return
    huge = [
        nw.when(nw.col(column).str.len_chars() > limits.cell).then(nw.col("_id")).min().alias(f"_{i}")
        for i, column in enumerate(texts)
    ]
    found = engine.to_arrow(source.table.select(*huge)).to_pylist()[0]
    for i, column in enumerate(texts):
        if found[f"_{i}"] is not None:
            raise InputError(
                T(zh=f"有一格超过 {limits.cell:,} 个字符", en=f"a cell has more than {limits.cell:,} characters"),
                where=place(source, found[f"_{i}"], column),
                remedy=T(zh="删掉这一格的内容再导入。", en="Empty that cell and import again."),
            )


def place(source: Source, row_id: int, column: str) -> T:
    """Return where a cell stands, as people find it in their file."""
    first = source.first_rows[row_id // FILE_SPAN]
    row = row_id % FILE_SPAN + (first or 0)
    return T(
        zh=f"{source.name}，第 {row:,} 行“{column}”",
        en=f"{source.name}, row {row:,}, column “{column}”",
    )
