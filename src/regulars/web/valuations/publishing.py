"""A run's narrow columns become rows that lists sort and filter; then one pointer flips.

PostgreSQL: a partition of its own, filled by COPY, indexed, then attached. SQLite: chunks and indexes of about a second
with a pause after each, so that whoever else writes gets in between. Until the pointer flips nobody reads the new rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb
import pyarrow as pa
from django.db import connection, transaction

from regulars.web.core import tables
from regulars.web.core.bulk import in_turns
from regulars.web.facts import access
from regulars.web.facts.actions import open_file, run_of
from regulars.web.valuations.partitions import COLUMNS, TABLE, index_names, make_indexes, partition_of

Report = Callable[[float], None]

CHUNK = 25_000
"""Rows at a time: read, and on SQLite written in one transaction."""
SORTED_IN = "256MB"
"""Memory that PostgreSQL may sort an index in; its own 64 MB are too few for a million rows, or for two cores."""


def write_rows(valuation_id: int, report: Report) -> int:
    """Write the rows of a run and return how many; rows of an earlier attempt go first."""
    remove_rows(valuation_id)
    if connection.vendor == "postgresql":
        return _into_partition(valuation_id, report)
    return _in_chunks(valuation_id, report)


def remove_rows(valuation_id: int) -> None:
    """Remove the rows of a run, whether they were published or half-written."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {partition_of(valuation_id)}")
        return
    for name in index_names(valuation_id):
        _execute(f"DROP INDEX IF EXISTS {name}")
    for _ in in_turns(iter(lambda: _remove_chunk(valuation_id), 0)):
        pass


def has_rows(valuation_id: int) -> bool:
    """Return whether a run's rows are there."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {TABLE} WHERE valuation_id = %s LIMIT 1", [valuation_id])  # noqa: S608
        return cursor.fetchone() is not None


def _batches(valuation_id: int) -> Iterator[pa.Table]:
    """Yield the narrow rows in order of customers."""
    run = run_of(valuation_id)
    assert run is not None
    with access.reading() as session:
        names = [name for name in COLUMNS if name != "valuation_id"]
        at = {"future_low": "future_value_low", "future_high": "future_value_high"}
        table = open_file(session, run)
        number = duckdb.ConstantExpression(int(valuation_id)).cast("BIGINT").alias("valuation_id")
        rows = table.select(number, *[duckdb.ColumnExpression(at.get(name, name)).alias(name) for name in names])
        for batch in rows.order("customer_id").to_arrow_reader(CHUNK):
            yield pa.Table.from_batches([batch])


def _total(valuation_id: int) -> int:
    import pyarrow.parquet as pq

    rows: int = pq.read_metadata(access.valuation_folder(valuation_id) / access.VALUE_FILE).num_rows
    return max(1, rows)


def _into_partition(valuation_id: int, report: Report) -> int:
    """Fill, index, attach: each step commits by itself, so that progress is seen and nobody waits for a lock."""
    name, n, total = partition_of(valuation_id), 0, _total(valuation_id)
    _execute(f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING DEFAULTS)")
    for batch in _batches(valuation_id):
        tables.add(name, batch)
        n += batch.num_rows
        report(0.5 * n / total)
    _execute(f"ALTER TABLE {name} ADD CHECK (valuation_id = {int(valuation_id)})")
    key = f"ALTER TABLE {name} ADD PRIMARY KEY (valuation_id, customer_id)"
    indexes = [key, *make_indexes(valuation_id, on_postgres=True)]
    for i, statement in enumerate(indexes):
        report(0.5 + 0.5 * i / len(indexes))
        with transaction.atomic():
            _execute(f"SET LOCAL maintenance_work_mem = '{SORTED_IN}'")
            _execute(statement)
    _execute(f"ANALYZE {name}")
    _execute(f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES IN ({int(valuation_id)})")
    return n


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _in_chunks(valuation_id: int, report: Report) -> int:
    n, total = 0, _total(valuation_id)
    for batch in in_turns(_batches(valuation_id)):
        tables.add(TABLE, batch)
        n += batch.num_rows
        report(0.7 * n / total)
    indexes = make_indexes(valuation_id, on_postgres=False)
    for i, statement in enumerate(in_turns(indexes)):
        _execute(statement)
        report(0.7 + 0.3 * i / len(indexes))
    return n


def _remove_chunk(valuation_id: int) -> int:
    """Remove some rows and return how many."""
    few = f"SELECT customer_id FROM {TABLE} WHERE valuation_id = %s LIMIT {CHUNK}"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {TABLE} WHERE valuation_id = %s AND customer_id IN ({few})",  # noqa: S608
            [valuation_id, valuation_id],
        )
        return int(cursor.rowcount)
