"""Files and folders that appear whole or not at all, and are still there after a power cut."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from regulars.errors import OutputError
from regulars.words import T

_FULL = "No space left on device"  # engines pass on the system's words only
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)


@contextmanager
def whole_file(target: Path | str) -> Iterator[Path]:
    """Yield a path beside `target` to write to; when the block ends well it takes the place of `target`.

    The contents are on the disk before the name points to them, and the name is before this returns. A new file is
    readable as the umask says, one that replaces another as that one was.

    Raises
    ------
    OutputError
        When the place cannot be written or is full; what stood there before stays, and nothing half-written does.
    """
    target, draft = Path(target), None
    try:
        draft = _draft_of(target)
        yield draft
        _sync(draft)
        draft.replace(target)
        _sync(target.parent)
    except Exception as error:
        if not _is_refusal(error, draft):
            raise
        raise unwritable(target, error) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def write_text(target: Path | str, content: str) -> None:
    """Write one text file in UTF-8, whole or not at all; see `whole_file`."""
    with whole_file(target) as draft:
        draft.write_text(content, encoding="utf-8", newline="\n")


@contextmanager
def whole_folder(target: Path | str, *, optional: Iterable[str] = ()) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well its files replace those of the same name in `target`.

    It lies inside `target` where that exists, else beside it: on the same disk in any case.

    Parameters
    ----------
    target
        The folder of the results; folders above it are made. Other files in it are left alone.
    optional
        Names that a run writes only when asked to: an old one beside new results would be taken for theirs, so it goes.

    Raises
    ------
    OutputError
        When the place cannot be written or is full; nothing new is left there then.
    """
    target = Path(target)
    made: list[Path] = []
    staging: Path | None = None
    try:
        made = _make_parents(target)
        staging = _open_staging(target)
        yield staging
        for file in staging.iterdir():
            _sync(file)
        with _not_stopped():
            _move_into(staging, target, optional)
            kept, made, staging = made, [], None
            for folder in (target, target.parent, *(folder.parent for folder in kept)):
                _sync(folder)
    except Exception as error:
        if not _is_refusal(error, staging):
            raise
        raise unwritable(target, error) from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
        with suppress(OSError):  # somebody may have put something there meanwhile
            for folder in made:
                folder.rmdir()


def behind(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and what it was raised from."""
    yield error
    cause = error.__cause__
    if cause is not None and cause is not error:  # an error may be raised again from itself
        yield from behind(cause)


def is_full(error: BaseException) -> bool:
    """Return whether a full disk is behind `error`."""
    return any(
        e.errno in (errno.ENOSPC, errno.EDQUOT) if isinstance(e, OSError) else _FULL in str(e) for e in behind(error)
    )


def unwritable(target: Path | str | None, error: BaseException) -> OutputError:
    """Return why `target` cannot be written, in words that say what to do."""
    where = None if target is None else str(target)
    if is_full(error):
        return OutputError(
            T(zh="磁盘满了，没有写下任何结果", en="the disk is full; no result was written"),
            where=where,
            remedy=T(
                zh="腾出空间，或用 --out 换一个地方；临时文件在环境变量 TMPDIR 指的文件夹里。",
                en="Free some room, or choose another place with --out (temporary files: with TMPDIR).",
            ),
        )
    refusal = next((e for e in behind(error) if isinstance(e, OSError) and e.strerror), None)
    if refusal is None and isinstance(error, OutputError):
        return error
    why = refusal.strerror if refusal is not None else str(error).partition("\n")[0]
    return OutputError(
        T(zh=f"写不了（{why}）", en=f"cannot be written ({why})"),
        where=where,
        remedy=T(zh="用 --out 换一个可写的地方。", en="Choose a place that you may write to with --out."),
    )


def _is_refusal(error: BaseException, draft: Path | None) -> bool:
    """Return whether `error` says that a draft could not be written, whoever says so, not that the program is wrong."""
    named = draft is not None and str(error).startswith("IO Error") and str(draft) in str(error)
    return named or isinstance(error, OSError | OutputError) or is_full(error)


def _draft_of(target: Path) -> Path:
    """Make the empty file that is to become `target`, under a name that nobody else has and readable by the same."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if target.exists() and not target.is_file():  # a device or a pipe would be replaced by a file
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    draft = target.with_name(f".regulars-{secrets.token_hex(6)}.part")
    draft.touch(exist_ok=False)
    if target.exists():
        draft.chmod(target.stat().st_mode & 0o777)
    return draft


def _make_parents(target: Path) -> list[Path]:
    """Make the folders above `target`; return those that were not there, the innermost first."""
    missing = [folder for folder in target.parents if not folder.exists()]
    nearest = next(folder for folder in (target, *target.parents) if folder.exists())
    if not nearest.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(nearest))
    target.parent.mkdir(parents=True, exist_ok=True)
    return missing


def _open_staging(target: Path) -> Path:
    # Inside: the folder may be a disk of its own, and files move in one step on one disk only.
    staging = (target if target.exists() else target.parent) / f".regulars-{secrets.token_hex(6)}"
    staging.mkdir()
    return staging


def _move_into(staging: Path, target: Path, optional: Iterable[str]) -> None:
    """Put the files of the run in place; optional ones of an earlier run that this one did not make are taken away."""
    if not target.exists():
        staging.rename(target)
        return
    for stale in optional:
        if not (staging / stale).exists():
            (target / stale).unlink(missing_ok=True)
    for file in sorted(staging.iterdir()):
        file.replace(target / file.name)
    staging.rmdir()


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


def _sync(place: Path) -> None:
    """Wait until a file's contents, or a folder's names, are on the disk; where a system cannot, go on."""
    if place.is_dir() and os.name == "nt":
        return
    handle = os.open(place, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(handle)
