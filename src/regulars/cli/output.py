"""Results that appear whole or not at all: a folder of files, or one file."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regulars.cli.troubles import cannot_write, is_stop, is_unwritable

OPTIONAL_FILES = ("customers.xlsx",)
"""What a run writes only when asked to: an old one beside new results would be taken for theirs."""


@contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well its files replace those of the same name in `target`.

    It lies inside `target` where that exists, else beside it: on the same disk in any case.

    Raises
    ------
    OutputError
        When the place cannot be written or is full; nothing new is left there then.
    """
    made: list[Path] = []
    staging: Path | None = None
    try:
        made = _make_parents(target)
        staging = _open_staging(target)
        yield staging
        with _not_stopped():
            _move_into(staging, target)
            made, staging = [], None
    except Exception as error:
        if is_stop(error) or not is_unwritable(error, staging):
            raise
        raise cannot_write(error, target) from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
        for folder in made:
            folder.rmdir()


def write_text(target: Path, content: str) -> None:
    """Write one file, whole or not at all.

    Raises
    ------
    OutputError
        When the place cannot be written or is full.
    """
    draft: Path | None = None
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
        handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
        draft = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(content)
        draft.chmod(0o644)
        draft.replace(target)
    except OSError as error:
        raise cannot_write(error, target) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def _make_parents(target: Path) -> list[Path]:
    """Make the folders above `target`; return those that were not there, the innermost first."""
    missing = [folder for folder in target.parents if not folder.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    return missing


def _open_staging(target: Path) -> Path:
    if not target.exists():
        return Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    if not target.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(target))
    # Inside: the folder may be a disk of its own, and files move in one step on one disk only.
    return Path(tempfile.mkdtemp(prefix=".regulars-", dir=target))


@contextmanager
def _not_stopped() -> Iterator[None]:
    """Let nobody stop the last milliseconds, in which files of two runs could come to lie side by side."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {sign: signal.signal(sign, signal.SIG_IGN) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _move_into(staging: Path, target: Path) -> None:
    """Put the files of the run in place; those of an earlier run that this one did not make again are taken away."""
    if not target.exists():
        staging.chmod(0o755)
        staging.rename(target)
        return
    for stale in OPTIONAL_FILES:
        if not (staging / stale).exists():
            (target / stale).unlink(missing_ok=True)
    for file in sorted(staging.iterdir()):
        file.replace(target / file.name)
    staging.rmdir()
