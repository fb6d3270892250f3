"""The session that is open: stored tables are read on its connection, so that they can be joined with what else is."""

from __future__ import annotations

import duckdb

from regulars.engine.session import _CURRENT


def current_connection() -> duckdb.DuckDBPyConnection:
    """Return the connection of the open `regulars.engine.session`.

    Raises
    ------
    RuntimeError
        When no session is open: a fault of the caller's, not of the data.
    """
    current = _CURRENT.get()
    if current is None:
        raise RuntimeError("stored tables are read inside `with regulars.engine.session():`")
    return current.connection
