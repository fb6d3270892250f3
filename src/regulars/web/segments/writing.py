"""Writing a list as a file: the columns that its reader may see, every text harmless in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import batched, islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from regulars.files import whole_file
from regulars.ingest.rejected import harmless
from regulars.segment.names import TIER_NAMES, matrix_name
from regulars.web.core.words import current_lang
from regulars.web.customers.selectors import first_points
from regulars.web.customers.taxonomy import PointKind
from regulars.web.segments.columns import Column
from regulars.web.segments.rows import Row
from regulars.web.segments.selectors.narrowing import Finding
from regulars.web.segments.selectors.pages import list_page
from regulars.web.segments.sorts import Sort

MOST_ROWS = 100_000
"""Rows of one file; a longer list is cut there, and the job says so."""
PAGE = 1_000

Cell = str | float | int | date | Decimal | None


def file_columns(columns: Sequence[Column]) -> list[Column]:
    """Return the columns as a file holds them: the number first, an interval as its two ends."""
    return [column for column in columns if column.key != "interval"]


def heads(columns: Sequence[Column]) -> list[str]:
    """Return the first line."""
    ends = [_("Value to come, low"), _("Value to come, high")] if _with_ends(columns) else []
    return [_("Number"), *(str(column.title) for column in file_columns(columns)), *ends]


def cells(row: Row, columns: Sequence[Column]) -> list[Cell]:
    """Return one customer's line; what is hidden from the reader is not among `columns`."""
    figure = row.figure
    ends = [getattr(figure, "future_low", None), getattr(figure, "future_high", None)] if _with_ends(columns) else []
    return [str(row.customer.pk), *(_cell(row, column) for column in file_columns(columns)), *ends]


def rows(found: Finding, sort: Sort, columns: Sequence[Column], *, most: int = MOST_ROWS) -> Iterator[list[Cell]]:
    """Yield the lines of a list in its order, no more than `most`."""
    return islice(_all_rows(found, sort, columns), most)


def with_points(lines: Iterable[list[Cell]], kinds: Sequence[str]) -> Iterator[list[Cell]]:
    """Yield the lines with each customer's first number or address of these kinds behind them."""
    for part in batched(lines, PAGE):
        known = first_points([int(str(line[0])) for line in part], kinds)
        yield from ([*line, known.get(int(str(line[0])))] for line in part)


def point_heads(kinds: Sequence[str]) -> list[str]:
    """Return the head of that column."""
    return [str(PointKind(kinds[0]).label)] if kinds else []


def write(
    path: Path, first: Sequence[str], lines: Iterable[Sequence[Cell]], said: Callable[[int], None] = lambda _: None
) -> int:
    """Write a file, whole or not at all; return how many lines it has. `said` is told now and then how many so far.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as draft:
        written = (_csv if path.suffix == ".csv" else _xlsx)(draft, first, _counted(lines, said))
    path.chmod(0o600)
    return written


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, also behind a tab or a line break.

    Examples
    --------
    >>> [neutral(one) for one in ("=1+1", "-cmd", "@x", "+x", "tea", "-5")]
    ["'=1+1", "'-cmd", "'@x", "'+x", 'tea', '-5']
    """
    return f"'{text}" if text[:1] in ("\t", "\r", "\n") else harmless(text)


def _all_rows(found: Finding, sort: Sort, columns: Sequence[Column]) -> Iterator[list[Cell]]:
    with_tags, key = any(column.key == "tags" for column in columns), None
    while True:
        page = list_page(found, sort, after=key, size=PAGE, with_tags=with_tags)
        yield from (cells(row, columns) for row in page.rows)
        key = page.after
        if key is None:
            return


def _with_ends(columns: Sequence[Column]) -> bool:
    return any(column.key == "interval" for column in columns)


def _cell(row: Row, column: Column) -> Cell:
    if column.key == "name":
        return str(row.customer)
    value: Any = column.plain(row)
    if value is not None and column.key == "matrix":
        return matrix_name(value)[current_lang()]
    if column.key == "tier" and value in TIER_NAMES:
        return TIER_NAMES[value][current_lang()]
    found: Cell = value
    return found


def _counted(lines: Iterable[Sequence[Cell]], said: Callable[[int], None]) -> Iterator[Sequence[Cell]]:
    for n, line in enumerate(lines):
        if n % PAGE == 0:
            said(n)
        yield line


def _csv(path: Path, first: Sequence[str], lines: Iterable[Sequence[Cell]]) -> int:
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(first)
        for line in lines:
            writer.writerow([_as_text(cell) for cell in line])
            written += 1
    return written


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutral(cell)
    return cell.isoformat() if isinstance(cell, date) else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _xlsx(path: Path, first: Sequence[str], lines: Iterable[Sequence[Cell]]) -> int:
    import xlsxwriter

    options = {"constant_memory": True, "tmpdir": str(path.parent), "default_date_format": "yyyy-mm-dd"}
    written = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet, bold = book.add_worksheet(_("Customers")[:31]), book.add_format({"bold": True})
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, len(first) - 1, 16)
        for at, title in enumerate(first):
            sheet.write_string(0, at, title, bold)
        for line in lines:
            written += 1
            for at, cell in enumerate(line):
                _put(sheet, written, at, cell)
    return written


def _put(sheet: Any, line: int, at: int, cell: Cell) -> None:
    if isinstance(cell, str):
        sheet.write_string(line, at, neutral(cell))  # a text is never a formula here; neither when it is saved as CSV
    elif isinstance(cell, date):
        sheet.write_datetime(line, at, cell)
    elif cell is not None:
        sheet.write_number(line, at, float(cell))
