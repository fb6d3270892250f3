"""Files appear whole or not at all: written beside their place, then moved there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regulars.errors import OutputError
from regulars.words import T


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a path to write to; it takes the place of `path` once all is written, and is removed when anything fails.

    Raises
    ------
    OutputError
        When the folder cannot be written or is full.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield beside
        beside.replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise OutputError(
            T(zh=f"写不进去：{why}", en=f"cannot be written: {why}"),
            where=str(path),
            remedy=T(
                zh="换一个可写、有空间的文件夹：--out DIR。",
                en="Choose a folder that can be written and has room: --out DIR.",
            ),
        ) from error
    finally:
        beside.unlink(missing_ok=True)
