"""A short import in a process of its own, to be killed, raced and starved."""

from __future__ import annotations

import os
import signal
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.unit.lake.rows import FIRST, LATER, line, lines, stored

from regulars.lake import Lake

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
BEFORE = [line(f"O{i}", i, day=MAY if i % 2 else JUNE) for i in range(6)]
IMPORT = [
    line("O0", 0, day=JUNE),
    line("O1", 1, day=MAY, net_amount=Decimal(12)),
    line("O3", 3, day=JULY),
    line("N1", 7, day=JULY),
    line("N2", 2, day=MAY),
]
"""One row the same, one changed, one changed and moved to another month, two new."""


def short_lake(path: Path | str) -> Lake:
    return Lake(path, wait_seconds=60, threads=1, memory_limit="200MB")


def prepare(path: Path) -> None:
    """Make the lake as it is before the import, one version a month, so that the import has files to replace."""
    for month in (MAY, JUNE):
        rows = [row for row in BEFORE if row["business_date"] == month]
        short_lake(path).write("transaction_lines", lines(*rows), source="shop", recorded_at=FIRST)


def run(path: Path | str) -> None:
    """Import."""
    short_lake(path).write("transaction_lines", lines(*IMPORT), source="shop", recorded_at=LATER)


def run_and_die(path: Path | str, sync: int) -> None:
    """Import, and be killed at the beginning of the given fsync, counted from 1."""
    real, seen = os.fsync, [0]

    def dying(handle: int) -> None:
        seen[0] += 1
        if seen[0] == sync:
            os.kill(os.getpid(), signal.SIGKILL)
        real(handle)

    os.fsync = dying
    run(path)


def state(path: Path) -> list[tuple[object, ...]]:
    """What matters of the stored rows."""
    rows = stored(short_lake(path))
    return [(r["order_id"], r["customer_id"], r["business_date"], r["net_amount"], r["revision"]) for r in rows]


if __name__ == "__main__":
    run(sys.argv[1])
