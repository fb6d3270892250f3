"""CSV and TSV: the delimiter, the header, and DuckDB's reader told everything so that it guesses nothing."""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from regulars.errors import InputError
from regulars.ingest.encodings import read_head
from regulars.words import T

DELIMITERS = ",;\t|"
MAX_COLUMNS = 2000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one delimited file is written: its delimiter, lines above the header, and column names."""

    delimiter: str
    skip: int
    names: list[str]
    sample: list[list[str]]


def _records(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    found: list[list[str]] = []
    with suppress(csv.Error):  # a stray quote or a huge cell: what was read so far decides
        found.extend(islice(reader, 200))
    return found


def _fit(records: list[list[str]]) -> tuple[float, int, int]:
    """Score a delimiter: the share of records with the usual width, and that width (one column never wins)."""
    widths = Counter(len(r) for r in records if any(r))
    if not widths:
        return (0.0, 0, 0)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (count / sum(widths.values()) if width > 1 else 0.0, width, count)


def unique_names(header: list[str]) -> list[str]:
    """Return column names that differ whatever the case; an empty one is called by its position."""
    taken: set[str] = set()
    names = []
    for position, cell in enumerate(header, start=1):
        base = cell.strip().strip("\ufeff") or f"column_{position}"
        name, n = base, 1
        while name.lower() in taken:
            n += 1
            name = f"{base}_{n}"
        taken.add(name.lower())
        names.append(name)
    return names


def sniff(path: Path, encoding: str) -> Dialect:
    """Return the dialect of a delimited file from its first lines.

    Raises
    ------
    InputError
        When the file is empty, has a header alone, or is wider than 2,000 columns.
    """
    text = read_head(path, encoding)
    if not text.strip():
        raise empty(path)
    preface = 0
    if text[:4].lower() == "sep=":
        text = text.split("\n", 1)[1] if "\n" in text else ""
        preface = 1
    tried = {d: _records(text, d) for d in DELIMITERS}
    best = max(DELIMITERS, key=lambda d: _fit(tried[d]))
    records = tried[best]
    width = _fit(records)[1]
    start = next((i for i, r in enumerate(records) if len(r) == width and any(c.strip() for c in r)), 0)
    # Whatever stands above the header is skipped by line, so its records must be lines.
    if width > MAX_COLUMNS:
        raise too_wide(path, width)
    rows = [r for r in records[start + 1 :] if any(c.strip() for c in r)]
    if not rows:
        raise header_only(path)
    return Dialect(best, preface + start, unique_names(records[start]), rows)


def empty(path: Path) -> InputError:
    """Return the error for an empty file."""
    return InputError(
        T(zh="文件是空的", en="the file is empty"),
        where=path.name,
        remedy=T(zh="请重新导出订单。", en="Export the orders again."),
    )


def header_only(path: Path) -> InputError:
    """Return the error for a file with a header and nothing below it."""
    return InputError(
        T(zh="只有表头，没有数据行", en="there is a header but no row below it"),
        where=path.name,
        remedy=T(zh="请导出包含订单行的文件。", en="Export the file with its order lines."),
    )


def too_wide(path: Path, width: int) -> InputError:
    """Return the error for a table with absurdly many columns."""
    return InputError(
        T(zh=f"有 {width:,} 列，太宽了", en=f"{width:,} columns are too many"),
        where=path.name,
        remedy=T(
            zh=f"最多 {MAX_COLUMNS:,} 列：只保留订单的列。",
            en=f"{MAX_COLUMNS:,} at most: keep the orders' columns only.",
        ),
    )


def quoted(text: str) -> str:
    """Return an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def scan_sql(path: Path, dialect: Dialect, *, rejects: str | None) -> str:
    """Return the SQL that reads the file as text with its ordinal `_n` (0 for the first record below the header).

    With `rejects`, lines that do not fit go to the temporary table of that name; without, they are passed over.
    """
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in dialect.names)
    aside = "ignore_errors=true"
    if rejects is not None:
        aside = f"store_rejects=true, rejects_table={quoted(rejects)}, rejects_scan={quoted(rejects + '_scan')}"
    return (
        "select *, row_number() over () - 1 as _n "  # noqa: S608 - every text in it is quoted
        f"from read_csv({quoted(str(path))}, auto_detect=false, header=true, "
        f"skip={dialect.skip}, delim={quoted(dialect.delimiter)}, quote='\"', escape='\"', columns={{{columns}}}, "
        f"{aside})"
    )
