"""What the disk refuses, in words."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from deltalake.exceptions import DeltaError

from regulars.errors import OutputError
from regulars.files import is_full
from regulars.words import T

_NUMBER = re.compile(r'(?:"errno":"|os error )(\d+)')


@contextmanager
def refusals_in_words(where: str) -> Iterator[None]:
    """Raise what the disk refuses within the block as an `OutputError`, whoever says so: DuckDB, delta-rs or Python."""
    try:
        yield
    except (duckdb.IOException, OSError, DeltaError) as error:
        raise OutputError(
            T(zh="写不进去（{why}）", en="cannot be written ({why})").format(why=_why(error)),
            where=where,
            remedy=T(
                zh="腾出磁盘空间再试；上一版数据没有变。",
                en="Make room on the disk and try again; the last version is unchanged.",
            ),
        ) from error


def _why(error: Exception) -> T | str:
    number = _number(error)
    if number in (errno.ENOSPC, errno.EDQUOT) or is_full(error):
        return T(zh="磁盘满了", en="the disk is full")
    return os.strerror(number) if number else str(error).strip().splitlines()[0]


def _number(error: Exception) -> int | None:
    """Return the system's number of an error; the engines put it into their text."""
    if isinstance(error, OSError) and error.errno:
        return error.errno
    found = _NUMBER.search(str(error))
    return int(found[1]) if found else None
