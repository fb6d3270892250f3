"""Starts the reading process, watches over it, ends it when it takes too much or is no longer wanted."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any

from regulars.errors import InputError
from regulars.web.importing.parsing.child import SMALLER, TOO_MUCH, arguments
from regulars.web.importing.parsing.limits import Limits
from regulars.web.importing.parsing.task import FAULT, PROBLEM, RESULT, Task, unworded
from regulars.words import T

LOG = logging.getLogger(__name__)
LOOK_EVERY = 0.05  # seconds
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")

Watch = Callable[[float, T | None], None]
"""Told how far the reading is; what it raises ends the reading."""


def run(task: Task, folder: Path, limits: Limits, watch: Watch = lambda _share, _step: None) -> dict[str, Any]:
    """Do a task in a process of its own and return its result.

    Raises
    ------
    InputError
        When the file cannot be used, or takes more memory or time than is allowed.
    """
    room = folder / "room"
    room.mkdir(parents=True, exist_ok=True)
    for name in (RESULT, PROBLEM, FAULT):
        (folder / name).unlink(missing_ok=True)
    task.write(folder)
    command = [sys.executable, "-m", "regulars.web.importing.parsing.child", str(folder), *arguments(limits)]
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**environment, "TMPDIR": str(room)},
        start_new_session=True,
        text=True,
        encoding="utf-8",
    )
    try:
        _watch_over(process, limits, watch, task)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()
        shutil.rmtree(room, ignore_errors=True)
    return _answer(folder, task, process.returncode)


def _watch_over(process: subprocess.Popen[str], limits: Limits, watch: Watch, task: Task) -> None:
    said: list[tuple[float, T]] = []
    assert process.stdout is not None
    listener = Thread(target=_listen, args=(process.stdout, said), daemon=True)
    listener.start()
    until = time.monotonic() + limits.seconds
    try:
        while process.poll() is None:
            if time.monotonic() > until:
                seconds = f"{limits.seconds:.0f}"
                raise _took(task, T(zh=f"{seconds} 秒还没读完", en=f"not read after {seconds} seconds"))
            share, step = said[-1] if said else (0.0, None)
            watch(share, step)
            time.sleep(LOOK_EVERY)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        listener.join()
        process.stdout.close()


def _listen(lines: IO[str], said: list[tuple[float, T]]) -> None:
    with suppress(ValueError, KeyError, TypeError):
        for line in lines:
            told = json.loads(line)
            said.append((float(told["share"]), T(**told["step"])))


def _answer(folder: Path, task: Task, code: int) -> dict[str, Any]:
    if (folder / RESULT).exists():
        result: dict[str, Any] = json.loads((folder / RESULT).read_text(encoding="utf-8"))
        return result
    if (folder / PROBLEM).exists():
        said = json.loads((folder / PROBLEM).read_text(encoding="utf-8"))
        raise InputError(unworded(said["what"]) or "", where=unworded(said["where"]), remedy=unworded(said["remedy"]))
    if fault := _last_words(folder):
        raise RuntimeError(f"the reading process ended with {code}: {fault}")
    # Ended without a word: by the system, by the loader of libraries (127), or too short of memory to speak.
    LOG.warning("the reading process ended with %s and said nothing", code)
    raise _took(task, TOO_MUCH)


def _last_words(folder: Path) -> str:
    """Return type and place of the error that ended the process, or nothing; its text may quote the file."""
    path = folder / FAULT
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _took(task: Task, what: T) -> InputError:
    return InputError(what, where=Path(task.file).name, remedy=SMALLER)
