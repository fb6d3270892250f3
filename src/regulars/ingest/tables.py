"""Any table in a file, its columns as they are called there: numbers read as people write them, nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import narwhals as nw

from regulars import engine
from regulars.engine import Frame
from regulars.errors import InputError
from regulars.ingest import numerals
from regulars.ingest.files import open_files
from regulars.ingest.source import Source
from regulars.words import T

SAMPLE = 1000


def read_table(path: Path, *, connection: duckdb.DuckDBPyConnection, numbers: Sequence[str]) -> Frame:
    """Read a CSV, Excel or Parquet file whole; the columns `numbers` become numbers, an empty cell null.

    Raises
    ------
    InputError
        When the file cannot be read, a line does not fit its columns, or a cell of `numbers` is no number: says which
        line. A column that is not there is left to who asked for it.
    """
    source = open_files(path, connection)
    try:
        table = engine.persist(source.first_pass or source.table)
        refuse_broken(source)
        for name in dict.fromkeys(numbers):
            if table.collect_schema().get(name) == nw.String:
                table = _as_number(table, name, source)
        return engine.persist(table.drop("_id"))
    finally:
        source.keep.close()


def refuse_broken(source: Source) -> None:
    """Refuse a file with a line that does not fit its columns.

    Raises
    ------
    InputError
        Naming the line.
    """
    broken = source.broken()
    if broken.num_rows:
        row = broken.slice(0, 1).to_pylist()[0]
        raise InputError(
            T(zh="这一行和表头对不上", en="this line does not fit the columns"),
            where=T(
                zh=f"{source.labels[row['file']]} 第 {row['row']} 行",
                en=f"{source.labels[row['file']]}, line {row['row']}",
            ),
            remedy=T(zh="改好这一行：每位客户都要在。", en="Repair it: every customer has to be there."),
        )


def _as_number(table: Frame, name: str, source: Source) -> Frame:
    said = nw.col(name).str.strip_chars()
    written = ~nw.col(name).is_null() & (said != "")
    sample = engine.to_arrow(table.filter(written).sort("_id").select(name).head(SAMPLE))[name].to_pylist()
    style = numerals.sniff(sample, hint_comma=source.semicolons)
    if style.plain:
        read = engine.try_cast(table, name, "float", name="_number")
    else:
        read = numerals.add_number(table, name, "_number", style)
    wrong = engine.to_arrow(
        read.filter(written & nw.col("_number").is_null()).sort("_id").select("_id", name).head(1)
    ).to_pylist()
    if wrong:
        raise InputError(
            T(zh=f"“{name}”里的 {wrong[0][name]!r} 不是数字", en=f"{wrong[0][name]!r} in {name!r} is not a number"),
            where=source.place(int(wrong[0]["_id"])),
            remedy=T(zh="换一列，或把它改成数字。", en="Choose another column, or make it a number."),
        )
    return read.drop(name).rename({"_number": name})
