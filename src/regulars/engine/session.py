"""A DuckDB session of our own: in memory, with its own temporary folder, bounded, closed when left."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Session:
    """The open connection, and a table only it has, by which its relations are told from a user's own."""

    connection: duckdb.DuckDBPyConnection
    marker: str


_CURRENT: ContextVar[Session | None] = ContextVar("regulars_session", default=None)


def session_of(table: duckdb.DuckDBPyRelation) -> Session | None:
    """Return the open session that `table` belongs to; None for a relation of a connection that is not ours."""
    current = _CURRENT.get()
    if current is None:
        return None
    # Asking the engine binds the whole plan again (40 ms at the end of a run): only where the relation does not tell.
    known = getattr(table, "_con", None)
    if known is not None:
        return current if known is current.connection else None
    try:
        table.query("_regulars_source", f"select 1 from {current.marker}")  # noqa: S608 - a name of our own making
    except duckdb.CatalogException:
        return None
    return current


def _cores() -> int:
    # not every system can say which cores this process may use
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


@contextmanager
def database(*, memory_limit: str | None = None, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine in memory with a folder of its own to spill into; sessions are opened in it by `opened_in`.

    Takes the parameters of `session`.
    """
    with tempfile.TemporaryDirectory(prefix="regulars-") as spill:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": spill,
            "threads": threads or _cores(),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if memory_limit is not None:
            settings["memory_limit"] = memory_limit
        connection = duckdb.connect(":memory:", config=settings)
        try:
            connection.execute("set global timezone = 'UTC'")
            yield connection
        finally:
            connection.close()


@contextmanager
def opened_in(engine: duckdb.DuckDBPyConnection) -> Iterator[Session]:
    """Open a session in an engine of `database`, without working in it yet: `using` does, as often as wanted.

    What it makes is its own and goes with it. An engine may have many sessions at once, one a thread.
    """
    connection = engine.cursor()
    try:
        marker = f"regulars_session_{secrets.token_hex(8)}"
        connection.execute(f"create temp table {marker} (nothing integer)").fetchall()
        yield Session(connection, marker)
    finally:
        connection.close()


@contextmanager
def opened(*, memory_limit: str | None = None, threads: int | None = None) -> Iterator[Session]:
    """Open a session in an engine of its own; takes the parameters of `session`."""
    with database(memory_limit=memory_limit, threads=threads) as engine, opened_in(engine) as held:
        held.connection.execute("set enable_progress_bar = false")
        yield held


@contextmanager
def using(held: Session) -> Iterator[duckdb.DuckDBPyConnection]:
    """Work in an open session: the verbs know its tables as ours."""
    token = _CURRENT.set(held)
    try:
        yield held.connection
    finally:
        _CURRENT.reset(token)


@contextmanager
def session(*, memory_limit: str | None = None, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory DuckDB that spills into a temporary folder and leaves nothing behind.

    Parameters
    ----------
    memory_limit
        What DuckDB may hold before it spills, such as ``"2GB"``; default: DuckDB's own (80 % of the machine).
    threads
        Worker threads; default: every core that this process may use.
    """
    with opened(memory_limit=memory_limit, threads=threads) as held, using(held) as connection:
        yield connection
