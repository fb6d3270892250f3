"""The work of the reading process, by what the file holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from regulars import engine
from regulars.web.importing.parsing import contracts, looking, orders, people
from regulars.web.importing.parsing.limits import Limits
from regulars.web.importing.parsing.task import Task
from regulars.words import T

Tell = Callable[[T, float], None]


def do(task: Task, folder: Path, limits: Limits, tell: Tell) -> dict[str, Any]:
    """Look at a file or read it; return what the parent is to know.

    Raises
    ------
    InputError
        When the file cannot be used.
    """
    with engine.session(memory_limit=limits.engine_memory, threads=limits.threads) as connection:
        if task.look:
            return looking.look_at(task, connection)
        if task.kind == "orders":
            return orders.read(task, folder, limits, connection, tell)
        if task.kind == "contracts":
            return contracts.read(task, folder, limits, connection, tell)
        return people.read(task, folder, limits, connection, tell)
