"""The one door to the lake and to the valuations' own files: where they lie, and a locked engine to read them with.

Who reads on behalf of a person goes through `selectors`; this door is for jobs, which work for the whole workspace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
from django.conf import settings

from regulars import engine
from regulars.lake import Lake, Pin
from regulars.lake.lock import locked

__all__ = ["RUN_FILE", "VALUE_FILE", "Lake", "Pin", "lake", "reading", "standing_still", "valuation_folder"]

PAGE_MEMORY, PAGE_THREADS = "512MB", 1
VALUE_FILE = "customer_value.parquet"
RUN_FILE = "run.json"


def lake(*, memory_limit: str = "1GB", threads: int | None = None, wait_seconds: float = 600) -> Lake:
    """Return the workspace's lake; its writers wait `wait_seconds` for one another."""
    where = settings.REGULARS_HOME / "lake"
    return Lake(where, memory_limit=memory_limit, threads=threads, wait_seconds=wait_seconds)


def valuation_folder(valuation_id: int) -> Path:
    """Return where a run's own files lie: `customer_value.parquet`, and `run.json`, which says what was read."""
    folder: Path = settings.REGULARS_HOME / "valuations" / str(int(valuation_id))
    return folder


@contextmanager
def reading(
    *, memory_limit: str = PAGE_MEMORY, threads: int = PAGE_THREADS, also: Sequence[Path] = ()
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a session that reads the lake and the valuations and nothing else; its settings cannot be changed any more.

    Parameters
    ----------
    also
        Further folders that it may read.

    Notes
    -----
    The order matters: folders can be allowed only while access is open, and nothing can be set once it is locked.
    """
    with engine.session(memory_limit=memory_limit, threads=threads) as connection:
        places = [str(settings.REGULARS_HOME / name) for name in ("lake", "valuations")] + [str(path) for path in also]
        connection.execute("set allowed_directories = $places", {"places": places})
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


@contextmanager
def standing_still(what: str) -> Iterator[None]:
    """Let nobody write to the lake while the block runs; who writes now is waited for."""
    store = lake()
    with locked(store.path / "writer.lock", what, store.wait_seconds):
        yield
