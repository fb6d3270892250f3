"""What reading one file may cost. A file is a stranger: it may be made to fill memory, disk or time."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of one reading process.

    Parameters
    ----------
    memory
        Bytes of memory of its own.
    engine_memory
        What DuckDB may hold before it spills.
    seconds
        By the clock.
    file_size
        Bytes of any file that it writes.
    rows
        Rows of the file, by what it holds.
    cell
        Characters of one cell.
    """

    memory: int = 3_000 * MB
    engine_memory: str = "1GB"
    threads: int = 2
    seconds: float = 1_800
    file_size: int = 6_000 * MB
    rows: int = 30_000_000
    cell: int = 10_000


LOOK = Limits(seconds=60, memory=1_500 * MB, engine_memory="512MB", threads=1)
CUSTOMERS = Limits(rows=2_000_000)
ORDERS = Limits()

LAST_WORDS = 64 * MB
"""What a process at its limit of memory may still take, to say so."""
_PR_SET_PDEATHSIG = 1


def apply(limits: Limits) -> None:
    """Bind this process to its limits, and to the life of its parent where the system can."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory + LAST_WORDS))
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_size, limits.file_size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a full quota is an error of writing, not an end without words
    os.nice(5)


def make_room() -> None:
    """Give this process room for its last words."""
    if sys.platform == "linux":
        most = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def is_full(limits: Limits) -> bool:
    """Return whether this process holds about as much memory as it may."""
    status = Path("/proc/self/status")
    if not status.exists():
        return False
    held = next((line for line in status.read_text().splitlines() if line.startswith("VmData:")), "VmData: 0 kB")
    return int(held.split()[1]) * 1024 + LAST_WORDS > limits.memory
