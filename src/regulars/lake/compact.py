"""Compaction: many small files of a partition become few sorted ones; no row changes."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import duckdb

from regulars.lake import log
from regulars.lake.contract import Contract
from regulars.lake.layout import FILE_ROWS, deal, lay_out
from regulars.lake.log import File
from regulars.lake.read import scan

MANY = 8
"""Small files of one partition that make compaction worth its while."""

SMALL_ROWS = FILE_ROWS // 2


def small_files(files: list[File], many: int = MANY) -> list[File]:
    """Return the small files of every partition that has at least `many`."""
    small: dict[str | None, list[File]] = defaultdict(list)
    for file in files:
        if file.rows < SMALL_ROWS:
            small[file.partition].append(file)
    return [file for group in small.values() if len(group) >= many for file in group]


def compact_files(
    connection: duckdb.DuckDBPyConnection, contract: Contract, folder: Path, room: Path, many: int = MANY
) -> int | None:
    """Merge small files; the caller holds the lock. Return the version, None where the table was never written."""
    before = log.read(folder, contract)
    if before is None:
        return None
    old = small_files(before.files, many)
    if not old:
        return before.number
    deal(connection, scan(connection, contract, before, old), contract, room / "small")
    added = lay_out(connection, [room / "small"], contract, folder)
    return log.commit(folder, contract, added, old, data_change=False)
