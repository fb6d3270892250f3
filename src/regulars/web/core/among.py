"""`customer__pk__among=numbers`: like ``in``, but the numbers travel as one parameter, however many they are."""

from __future__ import annotations

import json
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
        numbers = json.dumps([int(number) for number in self.rhs])
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, numbers]  # noqa: S608 - a column's name

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Return the condition for PostgreSQL."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, [int(number) for number in self.rhs]]
