"""Excel workbooks, old and new: guarded against bombs, read through calamine, every cell as text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from regulars.errors import InputError
from regulars.ingest.delimited import MAX_COLUMNS, too_wide, unique_names
from regulars.words import T

MAX_FILE = 400 << 20
MAX_UNPACKED = 2 << 30
MAX_RATIO = 150
SMALL = 64 << 20
MAX_CELLS = 60_000_000
_HEADER_ROWS = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as text: its name, columns and the sheet row of its header (1-based)."""

    name: str
    table: pa.Table
    header_row: int


def _refused(path: Path, what: T) -> InputError:
    return InputError(
        what,
        where=path.name,
        remedy=T(zh="把订单表另存为 CSV 再试。", en="Save the sheet with the orders as CSV and try again."),
    )


def _cells(dimension: str) -> int:
    """Return how many cells a reference such as A1:XFD1048576 spans."""
    corners = re.findall(r"([A-Z]{1,4})([0-9]{1,8})", dimension)

    def place(letters: str, digits: str) -> tuple[int, int]:
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        return column, int(digits)

    (a, b), (c, d) = place(*corners[0]), place(*corners[-1])
    return (abs(c - a) + 1) * (abs(d - b) + 1)


def guard(path: Path) -> None:
    """Refuse a workbook that unpacks to far more than it weighs, before anything holds it in memory.

    Sizes stated in an archive can lie, so the members are unpacked in a stream and counted.
    """
    total = 0
    limit = max(SMALL, min(MAX_UNPACKED, MAX_RATIO * path.stat().st_size))
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                first = True
                with archive.open(member) as stream:
                    while chunk := stream.read(1 << 20):
                        total += len(chunk)
                        if total > limit:
                            raise _refused(
                                path, T(zh="解压后过大，不予读取", en="it unpacks to far too much to be read safely")
                            )
                        if first and member.filename.startswith("xl/worksheets/"):
                            first = False
                            span = re.search(rb'<dimension ref="([A-Z0-9:]+)"', chunk)
                            if span and _cells(span[1].decode()) > MAX_CELLS:
                                raise _refused(path, T(zh="工作表的范围过大", en="a sheet spans too many cells"))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged(path) from error


def damaged(path: Path) -> InputError:
    """Return the error for a workbook that cannot be opened."""
    return _refused(
        path, T(zh="Excel 文件打不开：已损坏或有密码", en="the workbook does not open: damaged or protected")
    )


def starts_1904(path: Path) -> bool:
    """Tell whether the workbook counts its days from 1904, as old Macs did."""
    if path.suffix.lower() == ".xls" or not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        try:
            head = archive.open("xl/workbook.xml").read(1 << 20)
        except KeyError:
            return False
    return re.search(rb'date1904="(1|true)"', head) is not None


def as_text(cell: Any) -> str | None:
    """Return a cell as text: whole floats without ``.0``, dates in ISO form, blanks as null."""
    if cell is None or isinstance(cell, bool):
        return None if cell is None else str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell) if str(cell).strip() else None


def _table(rows: list[list[Any]], names: list[str], first: int) -> pa.Table:
    numbers: list[int] = []
    columns: list[list[str | None]] = [[] for _ in names]
    for offset, row in enumerate(rows):
        cells = [as_text(c) for c in row]
        if any(c is not None for c in cells):
            numbers.append(first + offset)
            for column, cell in zip(columns, cells, strict=False):
                column.append(cell)
    arrays = [pa.array(c, pa.string()) for c in columns]
    return pa.table([*arrays, pa.array(numbers, pa.int64())], names=[*names, "_n"])


def _header(rows: list[list[Any]], known: Any) -> int | None:
    """Return the index of the header: the first row with two known names, else the first with two cells."""
    texts = [[as_text(c) or "" for c in row] for row in rows[:_HEADER_ROWS]]
    for index, row in enumerate(texts):
        if sum(known(c) for c in row) >= 2:
            return index
    return next((i for i, row in enumerate(texts) if sum(bool(c) for c in row) >= 2), None)


def sheets(path: Path, known: Any) -> Iterator[Sheet]:
    """Yield the sheets that hold a table, `_n` being a row's distance from the first row of the sheet.

    Parameters
    ----------
    path
        The workbook.
    known
        A function that tells whether a header cell is a column name we know.

    Raises
    ------
    InputError
        When the workbook is damaged, protected or a bomb.
    """
    import python_calamine

    if path.stat().st_size > MAX_FILE:
        raise _refused(path, T(zh="文件过大", en="the workbook is too large"))
    if path.suffix.lower() != ".xls":
        guard(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            top = _header(list(islice(rows, _HEADER_ROWS)), known)
            if top is None:
                continue
            header = [as_text(c) or "" for c in rows[top]]
            while header and not header[-1]:
                header.pop()
            if len(header) > MAX_COLUMNS:
                raise too_wide(path, len(header))
            names = unique_names(header)
            yield Sheet(name, _table([r[: len(names)] for r in rows[top + 1 :]], names, top + 1), top + 1)
    except InputError:
        raise
    except Exception as error:  # calamine raises its own kinds, and Rust panics, for what it cannot parse
        raise damaged(path) from error
