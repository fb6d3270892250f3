"""What a list shows beside its tasks: the customer's class now, and whether they are left alone somewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from regulars.web.core.actor import Actor
from regulars.web.tasks.models import Task
from regulars.web.tasks.reasons import OF_VALUE
from regulars.web.tasks.selectors.control import left_alone
from regulars.web.tasks.selectors.queue import sees_values
from regulars.web.valuations.selectors import figures

STYLES = {"IV": "pt", "III": "au", "II": "fe", "I": "pb"}
"""Value class → the name of its look."""


@dataclass(frozen=True, slots=True)
class Row:
    """One task as somebody sees it. Amounts and classes are empty for who may not read values."""

    task: Task
    today: date
    figure: Any = None
    sees_values: bool = False
    control: Collection[str] = field(default_factory=tuple)

    @property
    def style(self) -> str:
        """How the customer's value class is drawn; empty where there is none."""
        return STYLES.get(self.figure.matrix or "", "") if self.figure else ""

    @property
    def late_days(self) -> int:
        """Calendar days since it was due; 0 while it is not."""
        return max(0, (self.today - self.task.due_on).days) if self.task.is_open else 0

    @property
    def due_today(self) -> bool:
        """Whether it is due on this very day."""
        return self.task.due_on == self.today

    @property
    def why(self) -> str:
        """The reason, unless it tells a value that is not theirs to read."""
        hidden = not self.sees_values and self.task.reason.get("code") in OF_VALUE
        return "" if hidden else self.task.why


def rows(actor: Actor, found: Iterable[Task], *, today: date) -> list[Row]:
    """Return `found` with what stands beside each task, in three queries for all of them."""
    listed = list(found)
    customers = {task.customer_id for task in listed}
    known = figures(actor).filter(customer__in=customers).only("valuation", "customer", "matrix", "p_alive")
    classes = {figure.customer_id: figure for figure in known}
    alone = left_alone(actor, customers)
    shown = sees_values(actor)
    return [Row(task, today, classes.get(task.customer_id), shown, alone.get(task.customer_id, ())) for task in listed]
