"""What every picture of the model card is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """One picture: the question it answers, its finding, how to read it, and its figures as a table."""

    key: str
    title: str
    say: str
    meaning: str
    kind: str
    data: Any
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    size: str = "h-m"

    @property
    def table(self) -> dict[str, Any]:
        """The figures as the chart's table."""
        return {"head": self.head, "rows": self.rows}
