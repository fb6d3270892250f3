"""Writing what was left out as CSV: in a stream, whole or not at all, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from regulars import engine
from regulars.files import whole_file
from regulars.ingest.orders import Orders
from regulars.ingest.rules import TEXTS
from regulars.words import Lang

HEADER = ("source", "row", "column", "reason", "value", "money")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*$")
_BATCH = 50_000


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows instead of running it.

    Full-width forms, blanks and control characters in front do not hide a formula; numbers stay numbers.

    Examples
    --------
    >>> harmless("=1+1"), harmless(" ＝cmd"), harmless("-12.50"), harmless("tea")
    ("'=1+1", "' ＝cmd", '-12.50', 'tea')
    """
    seen = unicodedata.normalize("NFKC", cell)
    start = next((i for i, c in enumerate(seen) if not c.isspace() and unicodedata.category(c)[0] not in "CZ"), None)
    if start is None or seen[start] not in "=+-@" or _NUMBER.match(seen):
        return cell
    return "'" + cell


def _batches(table: engine.Frame) -> Iterator[pa.Table]:
    """Yield a frame in pieces, without holding all of it where the engine can stream."""
    native: Any = table.to_native()
    if table.implementation.is_duckdb():
        for batch in native.to_arrow_reader(_BATCH):
            yield pa.Table.from_batches([batch])
        return
    whole = engine.to_arrow(table)
    for start in range(0, whole.num_rows, _BATCH):
        yield whole.slice(start, _BATCH)


def _rows(table: engine.Frame, lang: Lang) -> Iterator[list[str]]:
    for piece in _batches(table.select(list(HEADER))):
        for row in piece.to_pylist():
            reason = TEXTS[row["reason"]][lang]
            said = (row["source"], row["row"], row["column"], reason, row["value"])
            cells = ["" if cell is None else harmless(str(cell)) for cell in said]
            yield [*cells, "" if row["money"] is None else f"{row['money']:f}"]


def write_rejected(orders: Orders, path: Path | str, *, lang: Lang = "en") -> int:
    """Write every row that was left out: source, row, column, reason, value, money; return how many there are.

    Raises
    ------
    OutputError
        When the file cannot be written; nothing half-written stays behind.
    """
    written = 0
    with whole_file(path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for row in _rows(orders.rejected.sort("source", "row", nulls_last=True), lang):
            writer.writerow(row)
            written += 1
    return written
