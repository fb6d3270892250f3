"""Arrow tables into the database and out of it, column by column: for rows that nobody needs as objects."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from numpy.typing import NDArray

from regulars.web.core.bulk import in_turns, insert_values

Report = Callable[[int], None]
"""Told now and then how many rows there are so far; outside of transactions."""

FEW = 5_000
FETCHED = 10_000


def add(table: str, batch: pa.Table) -> None:
    """Add the rows of one batch to a table of ours, under the batch's own column names, in one transaction."""
    if connection.vendor == "postgresql":
        out = io.BytesIO()
        pcsv.write_csv(batch, out, pcsv.WriteOptions(include_header=False))
        statement = f"COPY {table} ({', '.join(batch.column_names)}) FROM STDIN (FORMAT csv)"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(out.getvalue())
        return
    with transaction.atomic():
        insert_values(table, batch.column_names, _as_sqlite(batch))


def add_all(table: str, batches: Iterable[pa.Table], report: Report = lambda _: None) -> int:
    """Add batch after batch, each by itself, and return how many rows; who else writes gets in between.

    What is half-written has to be invisible until its owner says otherwise.
    """
    n = 0
    for batch in in_turns(batches):
        add(table, batch)
        n += batch.num_rows
        report(n)
    return n


def fill(model: type[Model], columns: Sequence[str], rows: QuerySet[Any]) -> int:
    """Add what a query returns to a table, inside the database and the caller's transaction; return how many.

    `rows` is a query of `values_list` in the order of `columns`; the others take the database's defaults.
    """
    statement, parameters = rows.query.sql_with_params()
    named = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({named}) {statement}", parameters)
        n = int(cursor.rowcount)
        if connection.vendor == "postgresql":  # it is read at once, before the database has counted it by itself
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    return n


def remove(rows: QuerySet[Any]) -> None:
    """Remove rows, a few thousand at a time where the database has one writer. Nothing cascades."""
    if connection.vendor == "postgresql":
        rows._raw_delete(rows.db)
        return

    def some() -> bool:
        few = list(rows.order_by("pk").values_list("pk", flat=True)[:FEW])
        if few:
            rows.filter(pk__lte=few[-1])._raw_delete(rows.db)
        return bool(few)

    for _ in in_turns(iter(some, False)):
        pass


def read(rows: QuerySet[Any], schema: pa.Schema) -> pa.Table:
    """Return a query of `values_list` as a table with the names and types of `schema`.

    Codes and numbers only.
    """
    parts = []
    with _answer(rows) as cursor:
        while few := cursor.fetchmany(FETCHED):
            columns = zip(zip(*few, strict=True), schema, strict=True)
            parts.append(pa.record_batch([pa.array(one).cast(field.type) for one, field in columns], schema=schema))
    return pa.Table.from_batches(parts, schema)


def numbers(rows: QuerySet[Any]) -> NDArray[np.int64]:
    """Return a query of whole numbers, one a row, in order, each once: the database itself may repeat them."""
    parts = [np.zeros(0, np.int64)]
    with _answer(rows) as cursor:
        while few := cursor.fetchmany(FETCHED):
            parts.append(np.fromiter(chain.from_iterable(few), np.int64, len(few)))
    return distinct(np.concatenate(parts))


def distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return numbers in order, each once; on a million a tenth of what NumPy's own `unique` takes."""
    in_order = np.sort(numbers)
    once: NDArray[np.int64] = in_order[np.diff(in_order, prepend=in_order[:1] - 1) != 0]
    return once


@contextmanager
def _answer(rows: QuerySet[Any]) -> Iterator[Any]:
    """Ask the database itself; PostgreSQL in its own bytes, which take half as long to understand as text or COPY."""
    statement, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(statement, parameters)
            yield cursor
            return
        import psycopg

        session = connection.connection
        with connection.wrap_database_errors, psycopg.Cursor(session) as own:
            own.execute(psycopg.ClientCursor(session).mogrify(statement, parameters), binary=True)
            yield own


def _as_sqlite(batch: pa.Table) -> Sequence[tuple[Any, ...]]:
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
