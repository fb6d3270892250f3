"""``make bench``: every figure of docs/performance.md, in one run.

``python -m benchmarks [--customers N] [--lines20] [--repeats K]``
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import duckdb

from benchmarks import experiments, lake, lifetime, rescore, summary, tournament
from benchmarks.measure import median, process, row
from regulars.simulate import bench_company, simulate


def _last_day(orders: Path) -> date:
    with duckdb.connect() as connection:
        found = connection.execute("select max(order_time)::date from read_parquet(?)", [str(orders)]).fetchone()
    assert found is not None
    return found[0]


def whole(name: str, orders: Path, room: Path, repeats: int) -> None:
    """Time `regulars value` as a process of its own, from Parquet to all default outputs."""
    command = [sys.executable, "-m", "regulars", "value", str(orders), "--out", str(room / "out"), "--lang", "en"]
    found = median([process(command, room) for _ in range(repeats)])
    card = json.loads((room / "out" / "model_card.json").read_text())
    row(f"{name} ({card['model']['name']})", f"{found.seconds:.1f} s", f"{found.megabytes:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--lines20", action="store_true", help="also 20 M lines (takes minutes and 2 GB of disk)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        made = simulate(bench_company(options.customers), room / "bench")
        row("what", "median", "beside")
        row("---", "---", "---")
        row(
            "regulars --help",
            f"{median([process([sys.executable, '-m', 'regulars', '--help'], room) for _ in range(5)]).seconds:.2f} s",
            "",
        )
        summary.bench(made.orders, _last_day(made.orders))
        lifetime.bench(options.customers, options.customers // 10, options.repeats)
        whole(
            f"{options.customers:,} customers, {made.n_rows:,} lines → all outputs", made.orders, room, options.repeats
        )
        until = _last_day(made.orders)
        tournament.bench(made.orders, room, until - timedelta(weeks=26), until)
        lake.bench(made.orders, made.n_rows, room)
        experiments.bench(options.customers)
        rescore.bench(options.customers, options.repeats)
        if options.lines20:
            large = simulate(bench_company(7_600_000), room / "large")
            whole(f"{large.n_rows:,} lines → all outputs", large.orders, room, 1)
            lake.bench(large.orders, large.n_rows, room)


if __name__ == "__main__":
    main()
