"""A DuckDB session of our own: in memory, with its own temporary folder, bounded, closed when left."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


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
    with tempfile.TemporaryDirectory(prefix="regulars-") as spill:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": spill,
            "threads": threads or len(os.sched_getaffinity(0)),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if memory_limit is not None:
            settings["memory_limit"] = memory_limit
        connection = duckdb.connect(":memory:", config=settings)
        try:
            connection.execute("set timezone = 'UTC'")
            connection.execute("set enable_progress_bar = false")
            yield connection
        finally:
            connection.close()
