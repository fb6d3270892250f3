"""`customer__pk__among=numbers`: like ``in``, but the numbers travel as one parameter, however many they are.

A query of numbers may stand there, too. PostgreSQL then reads it once, before all else, and looks its numbers up in an
index, also beside an ``or``, where ``in (select …)`` would be asked of every row of the table.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup


@models.BigIntegerField.register_lookup
class Among(Lookup[Any]):
    """The column is one of many whole numbers. ``in`` would be one parameter each, of which databases take a few."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Return the condition for SQLite."""
        column, parameters = self.process_lhs(compiler, connection)
        if not self.rhs_is_direct_value():
            query, asked = self.process_rhs(compiler, connection)
            return f"{column} IN {query}", [*parameters, *asked]
        numbers = f"[{self._numbers()}]"
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, numbers]  # noqa: S608 - a column's name

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Return the condition for PostgreSQL."""
        column, parameters = self.process_lhs(compiler, connection)
        if not self.rhs_is_direct_value():
            query, asked = self.process_rhs(compiler, connection)
            return f"{column} = ANY(ARRAY{query})", [*parameters, *asked]
        return f"{column} = ANY(%s::bigint[])", [*parameters, f"{{{self._numbers()}}}"]

    def _numbers(self) -> str:
        """Return the numbers as text, which is written many times faster than as so many values."""
        return ",".join(str(int(number)) for number in self.rhs)
