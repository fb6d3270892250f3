"""Many rows at once, as fast as the database takes them: COPY on PostgreSQL, one prepared statement on SQLite.

Django's own `bulk_create` and `bulk_update` compile every value of every row into one statement, which costs several
times what the database itself needs.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction

TURN_SECONDS, PAUSE_SECONDS = 0.5, 0.12
"""SQLite's waiting writers look every tenth of a second at the longest."""


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model, all or none; keys that the database gives are not brought back.

    Raises
    ------
    django.db.IntegrityError
        When a row contradicts a constraint.
    """
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not (field.primary_key and rows[0].pk is None)]
    table, *columns = map(connection.ops.quote_name, (meta.db_table, *map(_name, fields)))
    with transaction.atomic():
        insert_values(table, columns, zip(*(_column(field, rows, new=True) for field in fields), strict=True))


def update(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write these fields of rows that are there already, one prepared statement for all.

    Raises
    ------
    django.db.IntegrityError
        When a row contradicts a constraint; nothing was changed then.
    """
    if not rows:
        return
    meta, wanted = rows[0]._meta, set(names)
    fields = [field for field in meta.concrete_fields if field.name in wanted]
    table, key, *columns = map(connection.ops.quote_name, (meta.db_table, *map(_name, (meta.pk, *fields))))
    marks = ", ".join(f"{column} = %s" for column in columns)
    statement = f"UPDATE {table} SET {marks} WHERE {key} = %s"  # noqa: S608 - names of ours
    values = list(zip(*(_column(field, rows, new=False) for field in (*fields, meta.pk)), strict=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _name(field: models.Field[Any, Any]) -> str:
    return str(field.column)


def _column(field: models.Field[Any, Any], rows: Sequence[models.Model], *, new: bool) -> list[Any]:
    """Return what the database is told for one field of all rows; what is the same for all is converted once."""
    database = connections[DEFAULT_DB_ALIAS]
    if getattr(field, "auto_now", False) or (new and getattr(field, "auto_now_add", False)):
        values = [field.pre_save(rows[0], new)] * len(rows)  # they are written at one moment
    else:
        values = [field.pre_save(row, new) for row in rows]
    if all(value is values[0] for value in values):
        return [field.get_db_prep_save(values[0], database)] * len(values)
    return [field.get_db_prep_save(value, database) for value in values]


def insert_values(table: str, columns: Sequence[str], values: Iterable[Sequence[Any]]) -> None:
    """Insert values as the database knows them into a table of ours; the names are quoted where they need to be."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            marks = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of ours
            cursor.executemany(statement, list(values))
            return
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)


def in_turns[T](parts: Iterable[T]) -> Iterator[T]:
    """Yield the parts of a long piece of work, each written by itself, so that whoever else writes gets in between."""
    since = time.monotonic()
    for part in parts:
        if connection.vendor == "sqlite" and time.monotonic() - since > TURN_SECONDS:
            time.sleep(PAUSE_SECONDS)
            since = time.monotonic()
        yield part
