"""How orders reach the lake in bounded memory, and how little happens when they come again.

    python examples/lake_write.py ORDERS.parquet LAKE_FOLDER

Reads the orders, gives every customer a surrogate (in the web application that is a table of the workspace), writes the
lines twice and reads one customer back. Beside each step: seconds, and the largest memory of the process so far.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import narwhals as nw

from regulars import engine
from regulars.ingest import Orders, read_orders
from regulars.lake import Lake, Written
from regulars.lake.orders import external_ids, lines_from

SOURCE = "shop"


def step[R](what: str, do: Callable[[], R]) -> R:
    """Do one step and say what it cost."""
    started = time.perf_counter()
    result = do()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shown = f": {result}" if isinstance(result, Written | int) else ""
    print(f"{what}{shown}  ({time.perf_counter() - started:.1f} s, {peak:,.0f} MB at most so far)", flush=True)
    return result


def identities(orders: Orders) -> engine.Frame:
    """Return a surrogate for every customer; 1, 2, 3, … will do for an example."""
    numbered = engine.row_number(external_ids(orders), order_by=["external_id"], name="customer_id")
    return engine.persist(numbered.with_columns(nw.lit(SOURCE).alias("source")))


def main(path: str, folder: str) -> None:
    """Import twice, read once."""
    lake = Lake(folder)
    with engine.session(memory_limit="1500MB") as connection:
        orders = step("read", lambda: read_orders(path, connection=connection))
        known = step("identities", lambda: identities(orders))
        lines = lines_from(orders, known, source=SOURCE)
        for what, day in (("write", 1), ("write again", 8)):
            known_on = datetime(2026, 7, day, tzinfo=UTC)
            how = {"source": SOURCE, "recorded_at": known_on, "zone": "UTC"}
            step(what, lambda how=how: lake.write("transaction_lines", lines, **how))
        step("one customer's lines", lambda: engine.n_rows(lake.table("transaction_lines", customers=[1])))


if __name__ == "__main__":
    main(*sys.argv[1:3])
