"""Experiments of many customers: assigning them and reading what came of it, beside hand-written SQL."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import duckdb

from benchmarks.measure import row
from regulars import engine
from regulars.prove.control import split
from regulars.prove.experiments import analyse

TABLE = """create table campaign as
select i as customer_id, 's' || (hash(i) % 20) as stratum, 'h' || (i // 2) as household,
       case when hash(i // 2) % 5 = 0 then 'control' else 'treated' end as arm,
       cast((hash(i + 1) % 10 = 0)::int * (hash(i + 2) % 100000) / 100 as decimal(18, 4)) as profit,
       (hash(i + 1) % 10 = 0)::int as orders,
       case when hash(i + 3) % 10 < 9 then cast((hash(i + 4) % 30000) / 100 as decimal(18, 4)) end as before
from range(?) as r(i)"""
BY_HAND = (
    "select arm, count(*), avg(profit), var_samp(profit), avg(orders), var_samp(orders) from campaign group by arm"
)
READINGS: dict[str, dict[str, Any]] = {
    "two outcomes": {},
    "with a covariate and 20 strata": {"covariates": ["before"], "strata": "stratum"},
    "the same by households": {"covariates": ["before"], "strata": "stratum", "household": "household"},
}


def bench(customers: int, repeats: int = 3) -> None:
    """Print a row for each reading, in processor seconds."""
    with engine.session() as connection:
        connection.execute(TABLE, [customers])
        table = connection.table("campaign")
        plain = engine.frame(connection.sql("select customer_id, stratum from campaign"))
        assigned = _seconds(
            lambda: engine.release(engine.persist(split(plain, seed="spring", share=0.2, stratum="stratum"))), repeats
        )
        row(f"assigning {customers:,} customers in 20 strata", f"{assigned:.2f} s of a processor", "")
        by_hand = _seconds(lambda: connection.execute(BY_HAND).fetchall(), repeats)
        for name, options in READINGS.items():
            taken = _seconds(lambda o=options: _read(table, o), repeats)
            beside = f"hand-written SQL {by_hand:.2f} s" if not options else ""
            row(f"reading {customers:,} customers, {name}", f"{taken:.2f} s of a processor", beside)


def _read(table: duckdb.DuckDBPyRelation, options: dict[str, Any]) -> None:
    analyse(table, arm="arm", control="control", outcomes=["profit", "orders"], **options)


def _seconds(work: Callable[[], Any], repeats: int) -> float:
    taken = []
    for _ in range(repeats + 1):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return sorted(taken[1:])[repeats // 2]


if __name__ == "__main__":
    bench(1_000_000)
