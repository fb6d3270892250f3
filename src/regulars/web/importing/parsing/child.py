"""The reading process: one folder with a task in, a result or a problem in the same folder out."""

from __future__ import annotations

import errno
import json
import os
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

from regulars.web.importing.parsing.limits import Limits, apply, is_full, make_room
from regulars.web.importing.parsing.task import FAULT, PROBLEM, RESULT, Task, words, write_json
from regulars.words import T

TOO_MUCH = T(zh="读它要的内存超过了上限", en="reading it takes more memory than is allowed")
SMALLER = T(zh="拆成几个小文件，或另存为 CSV 再导入。", en="Split it into smaller files, or save it as CSV.")


def main(folder: Path, limits: Limits) -> None:
    """Do the task that lies in `folder`."""
    import duckdb  # noqa: F401 - all is loaded before the process is bound

    from regulars.errors import InputError
    from regulars.web.importing.parsing.doing import do

    # Bound once all is loaded and before the file is touched: a library that finds no room while it loads
    # ends in as many ways as there are libraries.
    apply(limits)
    task = Task.read(folder)
    try:
        write_json(folder, RESULT, do(task, folder, limits, _tell))
    except Exception as error:
        make_room()
        is_ours = not isinstance(error, (InputError, OSError))
        if _is_shortage(error) or (is_ours and is_full(limits)):
            write_json(folder, PROBLEM, _too_large(task, TOO_MUCH))
        elif isinstance(error, InputError):
            problem = {"what": words(error.what), "where": words(error.where), "remedy": words(error.remedy)}
            write_json(folder, PROBLEM, problem)
        elif isinstance(error, OSError):
            write_json(folder, PROBLEM, _too_large(task, error.strerror or str(error)))
        else:
            raise


def _is_shortage(error: BaseException | None) -> bool:
    """Return whether an error, or one that led to it, says that memory was short.

    It need not: a library that is loaded late fails to load, a thread does not start. `is_full` is for those.
    """
    import duckdb

    while error is not None:
        if isinstance(error, (MemoryError, duckdb.OutOfMemoryException)):
            return True
        if isinstance(error, OSError) and error.errno == errno.ENOMEM:
            return True
        error = error.__cause__ or error.__context__
    return False


def _too_large(task: Task, what: T | str) -> dict[str, Any]:
    return {"what": words(what), "where": words(Path(task.file).name), "remedy": words(SMALLER)}


def _fault(error: BaseException) -> str:
    """Return the type of an error and where it came from, not its text: that may quote the file."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return f"{type(error).__name__} at " + " > ".join(f"{Path(f.filename).name}:{f.lineno}" for f in frames)


def _tell(step: T, share: float) -> None:
    line: dict[str, Any] = {"step": step.as_dict(), "share": round(share, 3)}
    print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201 - the parent reads it


def arguments(limits: Limits) -> list[str]:
    """Return the limits as the command line carries them."""
    return [json.dumps(asdict(limits))]


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    code = 0
    try:
        main(Path(sys.argv[1]), Limits(**json.loads(sys.argv[2])))
        sys.stdout.flush()
    except BaseException as error:  # a fault of ours: the parent says so
        (Path(sys.argv[1]) / FAULT).write_text(_fault(error), encoding="utf-8")
        code = 1
    os._exit(code)  # without Python's teardown, in which engines complain about each other
