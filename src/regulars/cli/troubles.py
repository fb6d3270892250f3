"""What the machine refuses (disk, memory, permission), said as the user's own troubles with their remedy."""

from __future__ import annotations

import duckdb

from regulars.errors import InputError, OutputError
from regulars.files import behind, is_full, unwritable
from regulars.words import T


def is_stop(error: BaseException) -> bool:
    """Return whether Ctrl-C is behind `error`: while a query runs DuckDB takes the signal and raises its own."""
    return any(
        isinstance(e, KeyboardInterrupt | duckdb.InterruptException)
        or (isinstance(e, RuntimeError) and str(e) == "Query interrupted")
        for e in behind(error)
    )


def explained(error: Exception) -> InputError | None:
    """Return `error` in the user's words; None where it is a fault of the program."""
    if is_full(error) and not isinstance(error, OutputError):
        return unwritable(None, error)
    if any(isinstance(e, duckdb.OutOfMemoryException | MemoryError) for e in behind(error)):
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
