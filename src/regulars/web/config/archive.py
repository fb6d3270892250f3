"""What a backup holds, and how every part of it is checked: names, digests, the mark of the keys."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

MANIFEST = "manifest.json"
DATABASE = "database"
SQLITE = "db.sqlite3"
FORMAT = 1
CHUNK = 2_000
FIGURES = "valuations_customerfigure"
"""Made again from the valuations' own files; on PostgreSQL it is a table of partitions."""
PASSING = frozenset({"core_pulse", "core_cache", "django_session", "django_tasks_db_dbtaskresult"})
"""Signs of life and sessions: they need not be the same afterwards."""


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself.

    Parameters
    ----------
    migrations
        ``app.name`` of everything that was applied: an older version cannot read a newer backup.
    keys
        A keyed hash of a fixed word for each secret: tells the right keys from wrong ones, and nothing about them.
    files
        Name in the archive → SHA-256.
    tables
        Table → rows and digest of their content, in order of their keys.
    """

    version: str
    vendor: str
    made_at: str
    migrations: list[str]
    keys: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[Any]] = field(default_factory=dict)
    format: int = FORMAT

    def as_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self), indent=1)


def key_marks(secrets: dict[str, str]) -> dict[str, str]:
    """Return the mark of each secret."""
    return {name: hmac.digest(key.encode(), b"regulars backup", "sha256").hex() for name, key in secrets.items()}


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kept_tables() -> list[str]:
    """Return the tables whose content a backup answers for, in alphabetical order."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    names = {model._meta.db_table for model in models if not model._meta.proxy}
    return sorted((names | {"django_migrations"}) - PASSING)


def table_digests(cursor: Any, tables: Sequence[str]) -> dict[str, list[Any]]:
    """Return rows and digest of each table, as `cursor` sees them; figures are only counted, they are made anew."""
    return {name: _digest(cursor, name) for name in tables}


def _digest(cursor: Any, table: str) -> list[Any]:
    if table == FIGURES:
        cursor.execute(f"SELECT count(*) FROM {FIGURES}")  # noqa: S608 - our own name
        return [cursor.fetchone()[0], ""]
    found, rows = hashlib.sha256(), 0
    columns, keys = shape(cursor, table)
    chosen, order = (", ".join(f'"{name}"' for name in names) for names in (columns, keys))
    cursor.execute(f'SELECT {chosen} FROM "{table}" ORDER BY {order}')  # noqa: S608 - names of our own tables
    while part := cursor.fetchmany(CHUNK):
        rows += len(part)
        for row in part:
            found.update(repr(tuple(_plain(value) for value in row)).encode())
    return [rows, found.hexdigest()]


def shape(cursor: Any, table: str) -> tuple[list[str], list[str]]:
    """Return the columns of a table in alphabetical order, and those that its rows are sorted by."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, pk FROM pragma_table_info(?)", (table,))
        found = cursor.fetchall()
        columns = sorted(name for name, _ in found)
        return columns, [name for name, place in sorted(found, key=lambda row: row[1]) if place] or columns
    columns = sorted(column.name for column in connection.introspection.get_table_description(cursor, table))
    return columns, connection.introspection.get_primary_key_columns(cursor, table) or columns


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str | bytes | None) else str(value)
