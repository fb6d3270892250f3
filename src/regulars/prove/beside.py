"""Work that reads no table, done in a thread of its own while the engine, which leaves the interpreter idle, reads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self


class Beside[Result]:
    """A piece of work that may be started early; what it returns or raises is had from `result`."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work = work
        self._pending: Future[Result] | None = None

    def start(self) -> Self:
        """Begin now, in a thread of its own; twice is once."""
        if self._pending is None:
            pool = ThreadPoolExecutor(1, thread_name_prefix="regulars-beside")
            self._pending = pool.submit(self._work)
            pool.shutdown(wait=False)
        return self

    def result(self) -> Result:
        """Return what the work returns, or raise what it raises; begins where nobody has."""
        self.start()
        assert self._pending is not None
        return self._pending.result()
