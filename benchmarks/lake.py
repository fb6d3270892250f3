"""The lake: import and re-import in time and memory, one customer's history beside bare SQL.

``python -m benchmarks.lake`` is called by ``make bench``; each import runs as a process of its own.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import narwhals as nw
import numpy as np

from benchmarks.measure import in_turn, process, row
from regulars import engine
from regulars.ingest import read_orders
from regulars.lake import Lake
from regulars.lake.orders import external_ids, lines_from

SOURCE, TABLE = "shop", "transaction_lines"
TARGET_MEGABYTES = 4096


def import_orders(orders: Path, folder: Path, day: int) -> None:
    """Read an orders file and write it into a lake, as an import does."""
    with engine.session(memory_limit="1500MB") as connection:
        read = read_orders(orders, connection=connection)
        numbered = engine.row_number(external_ids(read), order_by=["external_id"], name="customer_id")
        known = engine.persist(numbered.with_columns(nw.lit(SOURCE).alias("source")))
        lines = lines_from(read, known, source=SOURCE)
        at = datetime(2026, 7, day, tzinfo=UTC)
        Lake(folder).write(TABLE, lines, source=SOURCE, recorded_at=at, zone="UTC")


def history(lake: Lake) -> None:
    """Time one customer's lines: ours, bare SQL over the same files, and over the same rows unsorted."""
    files = sorted(str(path) for path in lake.folder(TABLE).glob("*.parquet"))
    unsorted = str(lake.path / "unsorted.parquet")
    with engine.session(threads=2, memory_limit="512MB") as connection:
        connection.read_parquet(files).order("order_id").to_parquet(unsorted)
        n = connection.read_parquet(files).aggregate("max(customer_id)").fetchall()[0][0]
        draw = np.random.default_rng(20261122)

        def someone() -> int:
            return int(draw.integers(1, n + 1))

        def bare(paths: list[str] | str) -> object:
            return connection.read_parquet(paths).filter(f"customer_id = {someone()}").to_arrow_table()

        times = in_turn(
            {
                "lake.table": lambda: engine.to_arrow(lake.table(TABLE, customers=[someone()])),
                "bare SQL over the lake's files": lambda: bare(files),
                "bare SQL over the lines unsorted": lambda: bare(unsorted),
            },
            repeats=21,
        )
    Path(unsorted).unlink()
    for name, seconds in times.items():
        row(f"one customer's lines, {name}", f"{1000 * seconds:.0f} ms", "")


def bench(orders: Path, n_rows: int, room: Path) -> None:
    """Print import, re-import and one customer's history."""
    folder = room / f"lake-{n_rows}"
    for day, what in ((1, "import"), (8, "the same again")):
        command = [sys.executable, "-m", "benchmarks.lake", str(orders), str(folder), str(day)]
        found = process(command, Path(__file__).parents[1])
        within = "within" if found.megabytes <= TARGET_MEGABYTES else "over"
        row(f"lake, {n_rows:,} lines: {what}", f"{found.seconds:.0f} s", f"{found.megabytes:.0f} MB ({within} 4 GB)")
    lake = Lake(folder)
    stored = duckdb.read_parquet([str(path) for path in lake.folder(TABLE).glob("*.parquet")]).aggregate("count(*)")
    row("lake, lines stored", f"{stored.fetchall()[0][0]:,}", f"version {lake.version(TABLE)}")
    history(lake)


if __name__ == "__main__":
    import_orders(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
