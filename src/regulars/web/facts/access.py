"""The one door to the lake and to the valuations' own files: where they lie, and a locked engine to read them with.

Who reads on behalf of a person goes through `selectors`; this door is for jobs, which work for the whole workspace.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from threading import Lock

import duckdb
from django.conf import settings

from regulars import engine
from regulars.lake import Lake, Pin
from regulars.lake.lock import locked

__all__ = [
    "CONTRACTS_FILE",
    "HISTORIES_FILE",
    "RUN_FILE",
    "VALUE_FILE",
    "Lake",
    "Pin",
    "contracts_folder",
    "lake",
    "one_session",
    "reading",
    "standing_still",
    "valuation_folder",
]

PAGE_MEMORY, PAGE_THREADS = "1GB", 1  # of all pages of a process together; each reads on its own thread
VALUE_FILE = "customer_value.parquet"
RUN_FILE = "run.json"
CONTRACTS_FILE, HISTORIES_FILE = "contract_value.parquet", "contract_histories.parquet"


def lake(*, memory_limit: str = "1GB", threads: int | None = None, wait_seconds: float = 600) -> Lake:
    """Return the workspace's lake; its writers wait `wait_seconds` for one another."""
    where = settings.REGULARS_HOME / "lake"
    return Lake(where, memory_limit=memory_limit, threads=threads, wait_seconds=wait_seconds)


def valuation_folder(valuation_id: int) -> Path:
    """Return where a run's own files lie: `customer_value.parquet`, and `run.json`, which says what was read."""
    folder: Path = settings.REGULARS_HOME / "valuations" / str(int(valuation_id))
    return folder


def contracts_folder(run_id: int) -> Path:
    """Return where a run over contracts keeps its files; beside the valuations', so that pages may read them."""
    folder: Path = settings.REGULARS_HOME / "valuations" / "contracts" / str(int(run_id))
    return folder


@contextmanager
def reading(
    *, memory_limit: str = PAGE_MEMORY, threads: int = PAGE_THREADS, also: Sequence[Path] = ()
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a session that reads the lake and the valuations and nothing else; its settings cannot be changed any more.

    Pages share an engine, and within `one_session` all reads of a page share a session in it. Who asks for more memory,
    threads or folders gets an engine of their own.

    Parameters
    ----------
    also
        Further folders that it may read.
    """
    page = _PAGE.get()
    if also or (memory_limit, threads) != (PAGE_MEMORY, PAGE_THREADS):
        with _locked(memory_limit, threads, also) as own, _session(own) as connection:
            yield connection
    elif page is None:
        with _session(_PAGES.engine()) as connection:
            yield connection
    else:
        with engine.using(page.session()) as connection:
            yield connection


@contextmanager
def _session(opened: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    with engine.opened_in(opened) as held, engine.using(held) as connection:
        yield connection


@contextmanager
def _locked(memory_limit: str, threads: int, also: Sequence[Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine and lock it.

    The order matters: folders can be allowed only while access is open, and nothing can be set once it is locked.
    """
    with engine.database(memory_limit=memory_limit, threads=threads) as opened:
        places = [str(settings.REGULARS_HOME / name) for name in ("lake", "valuations")] + [str(path) for path in also]
        opened.execute("set global enable_external_file_cache = false")  # who is erased is not remembered either
        opened.execute("set allowed_directories = $places", {"places": places})
        opened.execute("set enable_external_access = false")
        opened.execute("set lock_configuration = true")
        yield opened


class _Pages:
    """The engine that the pages of this process share: to open one takes longer than most of what they ask it."""

    def __init__(self) -> None:
        self._opening = Lock()
        self._until = ExitStack()
        self._engine: duckdb.DuckDBPyConnection | None = None
        self._home: Path | None = None

    def engine(self) -> duckdb.DuckDBPyConnection:
        with self._opening:
            if self._engine is None or self._home != settings.REGULARS_HOME:
                self._until.close()
                self._engine = self._until.enter_context(_locked(PAGE_MEMORY, PAGE_THREADS, ()))
                self._home = settings.REGULARS_HOME
            return self._engine

    def close(self) -> None:
        self._until.close()


_PAGES = _Pages()
atexit.register(_PAGES.close)


class _Page:
    """What the reads of a page share: a session, opened by the first of them."""

    def __init__(self, until: ExitStack) -> None:
        self._until = until
        self._session: engine.Session | None = None

    def session(self) -> engine.Session:
        if self._session is None:
            self._session = self._until.enter_context(engine.opened_in(_PAGES.engine()))
        return self._session


_PAGE: ContextVar[_Page | None] = ContextVar("regulars_page", default=None)


@contextmanager
def one_session() -> Iterator[None]:
    """Let all reads in the block share a session, and what they keep in it."""
    with ExitStack() as until:
        token = _PAGE.set(_Page(until))
        try:
            yield
        finally:
            _PAGE.reset(token)


@contextmanager
def standing_still(what: str) -> Iterator[None]:
    """Let nobody write to the lake while the block runs; who writes now is waited for."""
    store = lake()
    with locked(store.path / "writer.lock", what, store.wait_seconds):
        yield
