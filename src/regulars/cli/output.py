"""A folder of results that appears whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regulars.errors import OutputError
from regulars.words import T


@contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside `target`; when the block ends well its files replace those of the same name there.

    Raises
    ------
    OutputError
        When the place cannot be written or is full; nothing new is left in `target` then.
    """
    staging: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(target))
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "no permission", str(target))
        staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        yield staging
        _move_into(staging, target)
    except OSError as error:
        raise cannot_write(error, target) from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)


def _move_into(staging: Path, target: Path) -> None:
    if not target.exists():
        staging.chmod(0o755)
        staging.rename(target)
        return
    for file in sorted(staging.iterdir()):
        file.replace(target / file.name)


def cannot_write(error: OSError, target: Path) -> OutputError:
    """Say in the user's words why `target` cannot be written."""
    if error.errno == errno.ENOSPC:
        return OutputError(
            T(zh="磁盘满了，没有写下任何结果", en="the disk is full; no result was written"),
            where=str(target),
            remedy=T(zh="腾出空间，或用 --out 换一个地方。", en="Free some room, or choose another place with --out."),
        )
    return OutputError(
        T(zh=f"写不了（{error.strerror}）", en=f"cannot be written ({error.strerror})"),
        where=str(target),
        remedy=T(zh="用 --out 换一个可写的文件夹。", en="Choose a folder that you may write to with --out."),
    )
