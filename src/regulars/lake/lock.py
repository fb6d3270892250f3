"""One writer at a time: a lock that the operating system lets go of when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from regulars.errors import InputError
from regulars.words import T

_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.5


@contextmanager
def locked(path: Path, what: str, wait_seconds: float) -> Iterator[None]:
    """Hold the lock at `path` while the block runs.

    Parameters
    ----------
    what
        What the holder is doing; those who wait in vain are told.
    wait_seconds
        How long to try.

    Raises
    ------
    InputError
        When another process still holds it after that time; it names the process and what it does.

    Notes
    -----
    The lock is on the open file (``flock``), not on its content: it ends with its process, however that ends, so what a
    dead writer left in the file stops nobody. It excludes threads of one process as well as processes of one machine.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(handle, path, wait_seconds)
        with suppress(OSError):  # a full disk takes no note, yet keeps the lock
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()} {what}".encode(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _acquire(handle: int, path: Path, wait_seconds: float) -> None:
    until, pause = time.monotonic() + wait_seconds, _FIRST_PAUSE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise _busy(handle, path, wait_seconds) from None
        time.sleep(min(pause, max(until - time.monotonic(), 0)))
        pause = min(2 * pause, _LONGEST_PAUSE)


def _busy(handle: int, path: Path, wait_seconds: float) -> InputError:
    pid, _, what = os.pread(handle, 1000, 0).decode(errors="replace").partition(" ")
    return InputError(
        T(
            zh=f"进程 {pid or '?'} 正在写（{what or '?'}），等了 {wait_seconds:g} 秒",
            en=f"process {pid or '?'} is writing ({what or '?'}); waited {wait_seconds:g} seconds",
        ),
        where=str(path.parent),
        remedy=T(zh="等它做完再试一次。", en="Try again once it is done."),
    )
