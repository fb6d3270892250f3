"""What a person said of the columns, as a map file: the way that the command line takes it."""

from __future__ import annotations

import json
from pathlib import Path

from regulars.web.importing.parsing.task import Task


def map_file(task: Task, folder: Path) -> Path:
    """Leave a map file in `folder` and return where it lies."""
    lines = [f"{name} = {json.dumps(column, ensure_ascii=False)}" for name, column in task.columns.items()]
    path = folder / "map.toml"
    path.write_text("\n".join(["[columns]", *lines]) + "\n", encoding="utf-8")
    return path
