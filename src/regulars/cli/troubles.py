"""What the machine refuses (disk, memory, permission), said as the user's own troubles with their remedy."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import duckdb

from regulars.errors import InputError, OutputError
from regulars.words import T

_FULL = "No space left on device"  # DuckDB passes on the system's words only


def _behind(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and what it was raised from."""
    yield error
    cause = error.__cause__
    if cause is not None and cause is not error:  # an error may be raised again from itself
        yield from _behind(cause)


def is_stop(error: BaseException) -> bool:
    """Return whether Ctrl-C is behind `error`: while a query runs DuckDB takes the signal and raises its own."""
    return any(
        isinstance(e, KeyboardInterrupt | duckdb.InterruptException)
        or (isinstance(e, RuntimeError) and str(e) == "Query interrupted")
        for e in _behind(error)
    )


def is_full(error: BaseException) -> bool:
    """Return whether a full disk is behind `error`."""
    return any(
        (isinstance(e, OSError) and e.errno in (errno.ENOSPC, errno.EDQUOT))
        or (isinstance(e, duckdb.Error) and _FULL in str(e))
        for e in _behind(error)
    )


def is_unwritable(error: BaseException, place: Path | None) -> bool:
    """Return whether a file in `place` could not be written, whoever says so."""
    in_place = isinstance(error, duckdb.IOException) and place is not None and str(place) in str(error)
    return in_place or is_full(error) or isinstance(error, OSError | OutputError)


def explained(error: Exception) -> InputError | None:
    """Return `error` in the user's words; None where it is a fault of the program."""
    if is_full(error) and not isinstance(error, OutputError):
        return full("")
    if any(isinstance(e, duckdb.OutOfMemoryException | MemoryError) for e in _behind(error)):
        return InputError(
            T(zh="内存不够", en="there is not enough memory"),
            remedy=T(
                zh="调大 --memory-limit，调小 --threads，或关掉别的程序。",
                en="Allow more with --memory-limit, use fewer --threads, or close other programs.",
            ),
        )
    if isinstance(error, InputError):
        return error
    if isinstance(error, OSError) and error.strerror:
        return InputError(
            T(zh=f"读写失败（{error.strerror}）", en=f"cannot be read or written ({error.strerror})"),
            where=None if error.filename is None else str(error.filename),
            remedy=T(zh="检查这个位置和它的权限。", en="Check the place and its permissions."),
        )
    return None


def full(place: Path | str) -> OutputError:
    """Say that the disk is full."""
    return OutputError(
        T(zh="磁盘满了，没有写下任何结果", en="the disk is full; no result was written"),
        where=str(place) or None,
        remedy=T(
            zh="腾出空间，或用 --out 换一个地方；临时文件在环境变量 TMPDIR 指的文件夹里。",
            en="Free some room, or choose another place with --out (temporary files: with TMPDIR).",
        ),
    )


def cannot_write(error: BaseException, target: Path) -> OutputError:
    """Say in the user's words why `target` cannot be written."""
    if is_full(error):
        return full(target)
    refusal = next((e for e in _behind(error) if isinstance(e, OSError)), None)
    why = refusal.strerror if refusal is not None and refusal.strerror else str(error).splitlines()[0]
    return OutputError(
        T(zh=f"写不了（{why}）", en=f"cannot be written ({why})"),
        where=str(target),
        remedy=T(zh="用 --out 换一个可写的地方。", en="Choose a place that you may write to with --out."),
    )
