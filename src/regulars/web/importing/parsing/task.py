"""What parent and child hand each other: a folder with a task, a result or a problem, and lines of progress."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from regulars.words import Lang, T

TASK, RESULT, PROBLEM, FAULT = "task.json", "result.json", "problem.json", "fault.txt"
LINES, PRODUCTS, PEOPLE, REJECTED = "lines.parquet", "products.parquet", "people.parquet", "rejected.parquet"
PERIODS = "periods.parquet"

Kind = Literal["orders", "customers", "contracts"]


@dataclass(frozen=True, slots=True)
class Task:
    """What to do with one file.

    Parameters
    ----------
    kind
        What the file holds.
    look
        Only look at its columns; else read all of it.
    columns
        Canonical name → column of the file; an empty column means that there is none.
    """

    file: str
    kind: Kind
    look: bool = False
    columns: dict[str, str] = field(default_factory=dict)
    date_order: str | None = None
    timezone: str | None = None
    currency: str | None = None
    rates: dict[str, str] = field(default_factory=dict)
    max_rejected: float = 0.05
    lang: Lang = "en"

    def write(self, folder: Path) -> None:
        """Leave the task for the child."""
        (folder / TASK).write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Task:
        """Return the task that the parent left."""
        return cls(**json.loads((folder / TASK).read_text(encoding="utf-8")))


def words(text: T | str | None) -> dict[str, str] | None:
    """Return a text as JSON carries it."""
    if text is None:
        return None
    return text.as_dict() if isinstance(text, T) else {"zh": text, "en": text}


def unworded(said: dict[str, str] | None) -> T | None:
    """Return the text that JSON carried."""
    return None if said is None else T(zh=said["zh"], en=said["en"])


def write_json(folder: Path, name: str, content: dict[str, Any]) -> None:
    """Write one file whole: what the parent finds is complete."""
    draft = folder / f"{name}.part"
    draft.write_text(json.dumps(content, ensure_ascii=False, default=str), encoding="utf-8")
    draft.replace(folder / name)
