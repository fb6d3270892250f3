"""How long a piece of work takes: on the clock, and of processors, the database's session among them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

tries = 15
"""How often each piece of work is timed."""


def say(name: str, value: Any, beside: Any = None) -> None:
    print(f"{name:52} {value}" + (f"   (bare SQL: {beside})" if beside is not None else ""), flush=True)


def timed(work: Callable[[], Any]) -> str:
    """Median and 95 % point in milliseconds, after one to warm up; on a busy machine the processor says more."""
    work()
    clock, used = [], []
    for _ in range(tries):
        began, before = time.perf_counter(), processor()
        work()
        clock.append((time.perf_counter() - began) * 1000)
        used.append((processor() - before) * 1000)
    return f"{_said(clock)} clock; {_said(used)} processor"


def _said(taken: list[float]) -> str:
    taken.sort()
    return f"{statistics.median(taken):.0f} ms (p95 {taken[int(0.95 * len(taken))]:.0f})"


def processor() -> float:
    """Return the seconds of processors used so far: by this process, and by the database's session on this machine.

    Helpers that PostgreSQL starts for one query are not seen here, only on the clock.
    """
    from django.db import connection

    used = time.process_time()
    if connection.vendor == "postgresql" and connection.connection is not None:
        session = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
        if session.exists():
            used += int(session.read_text().split()[0]) / 1e9
    return used
