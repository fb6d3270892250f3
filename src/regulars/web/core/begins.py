"""`name_key__begins="zhou"`: what begins with a text, as a stretch of an index on both databases.

Django's ``startswith`` is ``LIKE`` with an escape, for which SQLite reads the whole table.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup

_LAST, _BEFORE_GAP, _AFTER_GAP = 0x10FFFF, 0xD7FF, 0xE000


@models.CharField.register_lookup
class Begins(Lookup[Any]):
    """The column begins with a text, letter by letter. PostgreSQL wants an index with ``varchar_pattern_ops``."""

    lookup_name = "begins"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Return the condition for SQLite, whose texts are ordered by their code points."""
        column, parameters = self.process_lhs(compiler, connection)
        end = following(self.rhs)
        if end is None:
            return f"{column} >= %s", [*parameters, self.rhs]
        return f"({column} >= %s AND {column} < %s)", [*parameters, self.rhs, *parameters, end]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Return the condition for PostgreSQL, whatever its order of letters is."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", [*parameters, connection.ops.prep_for_like_query(self.rhs) + "%"]


def following(text: str) -> str | None:
    """Return the first text after all that begin with `text`; None where nothing can follow.

    Examples
    --------
    >>> following("zhou"), following("a\ud7ff") == "a\ue000", following("")
    ('zhov', True, None)
    """
    kept = text.rstrip(chr(_LAST))
    if not kept:
        return None
    last = ord(kept[-1])
    return kept[:-1] + chr(_AFTER_GAP if last == _BEFORE_GAP else last + 1)
