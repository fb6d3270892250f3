"""A customers file becomes clean rows, one a customer; rows that cannot be used are kept aside with their reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from regulars.errors import InputError
from regulars.ingest.columns import look
from regulars.ingest.files import open_files
from regulars.ingest.plan import take_sample
from regulars.ingest.source import Source
from regulars.web.importing.parsing import cells, people_columns, people_values
from regulars.web.importing.parsing.limits import Limits
from regulars.web.importing.parsing.task import PEOPLE, REJECTED, Task, words
from regulars.words import T

Tell = Callable[[T, float], None]
Row = dict[str, Any]

BATCH = 20_000
READING = T(zh="读取客户", en="reading customers")
REASONS: dict[str, T] = {
    "broken_line": T(zh="列数不对的行", en="lines with the wrong number of columns"),
    "no_id": T(zh="没有客户编号", en="no customer number"),
    "twice": T(zh="同一个编号出现两次，内容不同", en="the same number twice, with different content"),
    "unreadable_date": T(zh="日期读不出", en="dates that cannot be read"),
    "too_long": T(zh="内容太长", en="too long"),
}
_DAYS = ("birthday", "acquired_on")
_CODED = ("kind", "gender", "nature")
_PLAIN = ("region", "store", "address", "card", "owner")

SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("external_id", pa.string()),
        *[(name, pa.string()) for name in ("name", *_CODED, *_PLAIN, "email")],
        *[(name, pa.date32()) for name in _DAYS],
        ("phones", pa.list_(pa.struct([("kind", pa.string()), ("value", pa.string())]))),
    ]
)
LEFT_OUT = pa.schema(
    [
        ("source", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("reason", pa.string()),
        ("value", pa.string()),
        ("money", pa.decimal128(38, 4)),
    ]
)


@dataclass
class _Reading:
    """What one pass over the file gathers."""

    columns: Mapping[str, str]
    days: Mapping[str, Callable[[str], date | None]]
    seen: dict[str, int] = field(default_factory=dict)  # id → hash of its row
    left_out: list[Row] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    kept: int = 0


def read(task: Task, folder: Path, limits: Limits, connection: duckdb.DuckDBPyConnection, tell: Tell) -> dict[str, Any]:
    """Read the customers and leave clean and rejected rows in `folder`.

    Raises
    ------
    InputError
        When the file cannot be used.
    """
    file = Path(task.file)
    cells.refuse_many(file, limits)
    source = open_files(file, connection)
    try:
        columns = _columns(task, source)
        cells.refuse_huge(source, columns.values(), limits)
        reading = _Reading(columns, _day_readers(task, source, columns))
        with pq.ParquetWriter(folder / PEOPLE, SCHEMA, compression="zstd") as out:
            for rows in _batches(source, columns):
                tell(READING, 0.1)
                good = [row for row in (_row(reading, cells_) for cells_ in rows) if row is not None]
                out.write_table(pa.Table.from_pylist(good, SCHEMA))
                reading.kept += len(good)
                if reading.rows > limits.rows:
                    raise cells.too_many(file.name, reading.rows, limits)
        _add_broken(reading, source)
        _refuse_unusable(reading, source, task)
        _write_left_out(reading, source, folder)
        return _account(reading)
    finally:
        source.keep.close()


def _columns(task: Task, source: Source) -> dict[str, str]:
    sample, schema = take_sample(source)
    given = {name: column for name, column in task.columns.items() if not column or column in source.columns}
    found = people_columns.recognise(look(sample, schema), given)
    if people_columns.missing(found):
        raise InputError(
            T(zh="没有客户编号这一列", en="there is no column with the customer's number"),
            where=source.name,
            remedy=T(
                zh="选出哪一列是客户编号：订单文件里也用它认人。",
                en="Choose the column that names the customer: orders name them by the same.",
            ),
        )
    return {f.canonical: f.column for f in found}


def _day_readers(task: Task, source: Source, columns: Mapping[str, str]) -> dict[str, Callable[[str], date | None]]:
    sample, _ = take_sample(source)
    readers = {}
    for name in _DAYS:
        if name not in columns:
            continue
        written = [str(cell) for cell in sample[columns[name]].to_pylist() if cell is not None and str(cell).strip()]
        unclear = people_values.unclear_order(written, task.date_order)
        if unclear is not None:
            raise InputError(
                T(
                    zh=f"分不清 {unclear} 这样的日期哪个是日、哪个是月",
                    en=f"dates such as {unclear} do not tell day from month",
                ),
                where=T(zh=f"{source.name}，列 {columns[name]}", en=f"{source.name}, column {columns[name]}"),
                remedy=T(zh="选一下日期的顺序。", en="Choose the order of the dates."),
            )
        readers[name] = people_values.day_reader(written, task.date_order, mac=source.mac)
    return readers


def _batches(source: Source, columns: Mapping[str, str]) -> Iterator[list[Row]]:
    table = source.table if source.first_pass is None else source.first_pass  # which notes the lines that do not fit
    native: Any = table.select("_id", *dict.fromkeys(columns.values())).to_native()
    for batch in native.to_arrow_reader(BATCH):
        yield batch.to_pylist()


def _row(reading: _Reading, found: Row) -> Row | None:
    """Return one clean row; None where it is left out."""
    reading.rows += 1
    plain = {name: people_values.text(found[column]) for name, column in reading.columns.items()}
    fault = _fault(reading, plain, found)
    if fault is not None:
        reason, name = fault
        column = reading.columns[name]
        _leave_out(reading, found["_id"], column, reason, plain[name])
        return None
    number = plain["external_id"]
    mark = hash(tuple(plain.values()))
    if number in reading.seen:
        if reading.seen[number] != mark:
            _leave_out(reading, found["_id"], reading.columns["external_id"], "twice", number)
        return None  # the same line again says nothing new
    reading.seen[number] = mark
    return _clean(reading, plain, found["_id"])


def _fault(reading: _Reading, plain: Mapping[str, str], found: Row) -> tuple[str, str] | None:
    if not plain["external_id"]:
        return "no_id", "external_id"
    for name, longest in people_values.LONGEST.items():
        if len(plain.get(name, "")) > longest:
            return "too_long", name
    for name in _DAYS:
        if plain.get(name) and _day(reading, name, found) is None:
            return "unreadable_date", name
    return None


def _day(reading: _Reading, name: str, found: Row) -> date | None:
    cell = found[reading.columns[name]]
    if isinstance(cell, date):
        return cell.date() if hasattr(cell, "date") else cell
    return reading.days[name](people_values.text(cell))


def _clean(reading: _Reading, plain: Mapping[str, str], row_id: int) -> Row:
    row: Row = {"row": row_id, "external_id": plain["external_id"], "name": plain.get("name") or None}
    row |= {name: plain.get(name) or None for name in _PLAIN}
    for name in _CODED:
        row[name] = _known(reading, name, plain.get(name, ""), partial(people_values.coded, name))
    row["email"] = _known(reading, "email", plain.get("email", ""), people_values.email)
    numbers = _known(reading, "phone", plain.get("phone", ""), people_values.phones)
    row["phones"] = [{"kind": kind, "value": value} for kind, value in numbers or []]
    for name in _DAYS:
        row[name] = reading.days[name](plain[name]) if plain.get(name) else None
    return row


def _known(reading: _Reading, name: str, cell: str, read_cell: Callable[[str], Any]) -> Any:
    """Return what a cell says; a cell that is not understood stays empty and is counted."""
    if not cell:
        return None
    value = read_cell(cell)
    if value is None:
        reading.unknown[name] += 1
    return value


def _leave_out(reading: _Reading, row_id: int, column: str | None, reason: str, value: str) -> None:
    reading.left_out.append({"row": row_id, "column": column, "reason": reason, "value": value[:500], "money": None})


def _add_broken(reading: _Reading, source: Source) -> None:
    first = source.first_rows[0] or 0
    for line in source.broken().to_pylist():
        reading.rows += 1
        _leave_out(reading, line["row"] - first, None, "broken_line", line["value"] or "")


def _refuse_unusable(reading: _Reading, source: Source, task: Task) -> None:
    if not reading.kept:
        raise InputError(
            T(zh="没有一行能用", en="no row can be used"),
            where=source.name,
            remedy=T(zh="检查客户编号这一列选对没有。", en="Check which column holds the customer's number."),
        )
    bad = len(reading.left_out)
    if bad > task.max_rejected * reading.rows:
        first = reading.left_out[0]
        raise InputError(
            T(
                zh=f"{bad:,} 行读不懂，超过 {task.max_rejected:.0%}；先是{REASONS[first['reason']].zh}",
                en=f"{bad:,} rows cannot be used, more than {task.max_rejected:.0%}; "
                f"the first: {REASONS[first['reason']].en}",
            ),
            where=cells.place(source, first["row"], first["column"] or "–"),
            remedy=T(zh="改正这些行，或换一下列的对应。", en="Correct these rows, or choose other columns."),
        )


def _write_left_out(reading: _Reading, source: Source, folder: Path) -> None:
    first = source.first_rows[0] or 0
    rows = [{**row, "source": source.labels[0], "row": row["row"] + first} for row in reading.left_out]
    pq.write_table(pa.Table.from_pylist(rows, LEFT_OUT), folder / REJECTED)


def _account(reading: _Reading) -> dict[str, Any]:
    by_reason = Counter(row["reason"] for row in reading.left_out)
    return {
        "rows": reading.rows,
        "customers": reading.kept,
        "mapping": [{"canonical": name, "column": column} for name, column in reading.columns.items()],
        "unknown": [{"canonical": name, "cells": n} for name, n in reading.unknown.most_common()],
        "left_out": [
            {"reason": reason, "text": words(REASONS[reason]), "rows": n, "money": None}
            for reason, n in by_reason.most_common()
        ],
    }
