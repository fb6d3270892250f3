"""A run's narrow columns become rows that lists sort and filter; then one pointer flips.

PostgreSQL: a partition of its own, filled by COPY, indexed, then attached. SQLite: chunks of less than a second with a
pause after each, so that whoever else writes gets in between. Until the pointer flips nobody reads the new rows.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pcsv
from django.db import connection, transaction

from regulars.web.facts import access
from regulars.web.facts.actions import open_file, run_of
from regulars.web.valuations.partitions import COLUMNS, TABLE, index_keys

Report = Callable[[float], None]

READ_ROWS = 50_000
FIRST_CHUNK, LEAST_CHUNK, MOST_CHUNK = 5_000, 500, 50_000
CHUNK_SECONDS = 0.5
PAUSE_SECONDS = 0.12
"""SQLite's waiting writers look every tenth of a second at the longest."""


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
    while _remove_chunk(valuation_id):
        time.sleep(PAUSE_SECONDS)


def has_rows(valuation_id: int) -> bool:
    """Return whether a run's rows are there."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {TABLE} WHERE valuation_id = %s LIMIT 1", [valuation_id])  # noqa: S608
        return cursor.fetchone() is not None


def partition_of(valuation_id: int) -> str:
    """Return the name of a run's partition: a whole number after our own table's name."""
    return f"{TABLE}_{int(valuation_id)}"


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
        for batch in rows.order("customer_id").to_arrow_reader(READ_ROWS):
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
        _copy(name, batch)
        n += batch.num_rows
        report(0.5 * n / total)
    _execute(f"ALTER TABLE {name} ADD PRIMARY KEY (valuation_id, customer_id)")
    _execute(f"ALTER TABLE {name} ADD CHECK (valuation_id = {int(valuation_id)})")
    indexes = index_keys(nulls=" NULLS LAST")
    for i, (key, keys) in enumerate(indexes.items()):
        report(0.6 + 0.4 * i / len(indexes))
        _execute(f"CREATE INDEX {name}_{key} ON {name} ({keys}, customer_id)")
    _execute(f"ANALYZE {name}")
    _execute(f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES IN ({int(valuation_id)})")
    return n


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _copy(name: str, batch: pa.Table) -> None:
    statement = f"COPY {name} ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_as_csv(batch))


def _as_csv(batch: pa.Table) -> bytes:
    out = io.BytesIO()
    pcsv.write_csv(batch, out, pcsv.WriteOptions(include_header=False))
    return out.getvalue()


def _in_chunks(valuation_id: int, report: Report) -> int:
    n, total, size = 0, _total(valuation_id), FIRST_CHUNK
    marks = ", ".join(["%s"] * len(COLUMNS))
    statement = f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608 - our own names
    for batch in _batches(valuation_id):
        start = 0
        while start < batch.num_rows:
            rows = _as_sqlite(batch.slice(start, size))
            began = time.monotonic()
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(statement, rows)
            taken = time.monotonic() - began
            start, n = start + len(rows), n + len(rows)
            size = min(MOST_CHUNK, max(LEAST_CHUNK, int(size * CHUNK_SECONDS / max(taken, 0.01))))
            report(n / total)
            time.sleep(PAUSE_SECONDS if n < total else 0)
    return n


def _as_sqlite(batch: pa.Table) -> list[tuple[Any, ...]]:
    """Return rows for SQLite: dates as text, and amounts, too, which it turns into numbers as it does with a key's.

    Numbers made here can differ from those in the last bit; then a page's key is not equal to the row it was made of.
    """
    columns = []
    for name in batch.column_names:
        column = batch[name]
        if pa.types.is_decimal(column.type) or pa.types.is_date(column.type):
            column = column.cast(pa.string())
        columns.append(column.to_pylist())
    return list(zip(*columns, strict=True))


def _remove_chunk(valuation_id: int) -> bool:
    """Remove a few thousand rows; return whether there may be more."""
    few = f"SELECT customer_id FROM {TABLE} WHERE valuation_id = %s LIMIT {FIRST_CHUNK}"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {TABLE} WHERE valuation_id = %s AND customer_id IN ({few})",  # noqa: S608
            [valuation_id, valuation_id],
        )
        return bool(cursor.rowcount)
