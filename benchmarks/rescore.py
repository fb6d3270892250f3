"""Scoring again after new orders, and plain scoring with intervals: ``python -m benchmarks.rescore [--customers N]``.

Each in a process of its own: seconds of the clock and of the processor, peak memory. They start from stored tables: the
orders in a lake (one customer in a hundred has new lines), the customers in a valuation's file.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.measure import row
from regulars import engine
from regulars.ingest import ReadOptions, read_orders
from regulars.lake import Lake
from regulars.lake.orders import external_ids, lines_from
from regulars.measure.summary import with_times
from regulars.simulate import bench_company, simulate
from regulars.valuation import Given, Settings, model_card, value_orders
from regulars.valuation.from_lake import orders_for_valuation
from regulars.valuation.rescore import changed_customers, rescore, score_customers
from regulars.valuation.scoring import histories, with_scores

SHARE = 0.01
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
LINES = "transaction_lines"


def _import(lake: Lake, orders: Path, at: datetime) -> None:
    with engine.session(threads=2) as connection:
        read = read_orders(orders, options=ReadOptions(currency="EUR"), connection=connection)
        ids = engine.persist(engine.stable_hash(external_ids(read), "external_id", salt="s", name="customer_id"))
        known = ids.with_columns(source=nw.lit("shop"))
        lake.write(LINES, lines_from(read, known, source="shop"), source="shop", recorded_at=at, zone="UTC")


def prepare(room: Path, customers: int) -> None:
    """Import all but the last lines of one customer in a hundred, value, then import those."""
    made = simulate(bench_company(customers), room / "company")
    lines = pq.read_table(made.orders)
    last = pc.greater(lines["order_time"], pc.subtract(pc.max(lines["order_time"]), pa.scalar(timedelta(days=20))))
    recent = pc.unique(lines.filter(last)["customer_no"])
    few = recent[: int(customers * SHARE)]
    new = pc.and_(last, pc.is_in(lines["customer_no"], few))
    lake = Lake(room / "lake", threads=2)
    pq.write_table(lines.filter(pc.invert(new)), room / "old.parquet")
    pq.write_table(lines.filter(new), room / "new.parquet")
    _import(lake, room / "old.parquet", FIRST)
    with engine.session(threads=2):
        valued = value_orders(orders_for_valuation(lake), path=room / "customer_value.parquet")
        (room / "card.json").write_text(json.dumps(model_card(valued) | {"n": valued.n_customers}))
    _import(lake, room / "new.parquet", FIRST + timedelta(days=1))


def _plain(room: Path, given: Given) -> str:
    """Every customer of the file scored with intervals, from file to file."""
    with engine.session(threads=2, memory_limit="900MB") as connection:
        kept = engine.frame(connection.read_parquet(str(room / "customer_value.parquet")))
        as_of = engine.to_arrow(kept.select("as_of").head(1))["as_of"][0].as_py()
        narrow = kept.select("customer_id", "first_purchase", "last_purchase", "n_purchases", "mean_repeat_spend")
        base = with_times(narrow.filter(nw.col("n_purchases") > 0), as_of=as_of)
        known = histories(base)
        scored = given.scored(known, Settings())
        engine.write_parquet(with_scores(base, scored.scores), room / "scored.parquet")
    return f"{len(known.x):,} distinct histories"


def _again(room: Path, given: Given, days: int) -> str:
    lake = Lake(room / "lake", threads=2)
    with engine.session(threads=2, memory_limit="900MB") as connection:
        kept = engine.frame(connection.read_parquet(str(room / "customer_value.parquet")))
        before = engine.to_arrow(kept.select("as_of").head(1))["as_of"][0].as_py()
        lines = lake.table(LINES)
        changed = changed_customers(lines, None, recorded_from=FIRST + timedelta(days=1))
        as_of = before + timedelta(days=days)
        found = rescore(kept, lines, changed, given, before=before, as_of=as_of, path=room / "again.parquet")
    return f"{found.n_touched:,} of {found.n_customers:,} counted anew"


def _changed(room: Path, given: Given) -> str:
    """The rows of who changed, and nothing else."""
    with engine.session(threads=2, memory_limit="900MB"):
        lines = Lake(room / "lake", threads=2).table(LINES)
        as_of = engine.to_arrow(lines.filter(nw.col("recorded_at") < FIRST + timedelta(days=1))
                                .select(nw.col("business_date").max()))["business_date"][0].as_py()  # fmt: skip
        changed = changed_customers(lines, None, recorded_from=FIRST + timedelta(days=1))
        found = engine.persist(score_customers(lines, changed, given, as_of=as_of))
        return f"{engine.n_rows(found):,} rows"


RUNS: dict[str, Callable[[Path, Given], str]] = {
    "every customer scored with intervals, file to file": _plain,
    "1 % changed, their rows alone": _changed,
    "1 % changed, same date": lambda room, given: _again(room, given, 0),
    "1 % changed, a day later": lambda room, given: _again(room, given, 1),
}


def _one(name: str, room: Path) -> None:
    given = Given.of(json.loads((room / "card.json").read_text()))
    start, used = time.perf_counter(), time.process_time()
    said = RUNS[name](room, given)
    # of this program alone: what `resource` says holds the parent's peak from before the exec
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024
    print(json.dumps({"clock": time.perf_counter() - start, "processor": time.process_time() - used, "peak": peak,
                      "said": said}))  # fmt: skip


def bench(customers: int, repeats: int = 3, room: Path | None = None) -> None:
    """Print a row a run, the median of `repeats`."""
    with tempfile.TemporaryDirectory() as folder:
        where = room or Path(folder)
        if not (where / "card.json").exists():
            prepare(where, customers)
        for name in RUNS:
            command = [sys.executable, "-m", "benchmarks.rescore", "--one", name, "--room", str(where)]
            runs: list[dict[str, Any]] = [
                json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
                for _ in range(repeats)
            ]
            clock, processor = (float(np.median([r[key] for r in runs])) for key in ("clock", "processor"))
            row(
                f"{customers:,} customers: {name}",
                f"{clock:.1f} s, {processor:.1f} s of the processor, {max(r['peak'] for r in runs)} MB",
                runs[0]["said"],
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--room", type=Path)
    parser.add_argument("--one", choices=tuple(RUNS))
    options = parser.parse_args()
    if options.one:
        _one(options.one, options.room)
    else:
        if options.room:
            options.room.mkdir(parents=True, exist_ok=True)
        bench(options.customers, options.repeats, options.room)
