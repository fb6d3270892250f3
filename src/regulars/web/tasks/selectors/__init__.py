"""Reads of work. The first argument is who asks."""

from regulars.web.tasks.business_days import today
from regulars.web.tasks.selectors.control import (
    assigned_in,
    assignment,
    balance,
    day_of,
    experiments,
    experiments_of,
    holdouts,
    in_group,
    left_alone,
    list_kinds,
    members,
    progress,
)
from regulars.web.tasks.selectors.queue import Filters, counts, order_of, queue, sees_values, tasks
from regulars.web.tasks.selectors.rows import Row, rows
from regulars.web.tasks.selectors.rules import rules, runs

__all__ = [
    "Filters",
    "Row",
    "assigned_in",
    "assignment",
    "balance",
    "counts",
    "day_of",
    "experiments",
    "experiments_of",
    "holdouts",
    "in_group",
    "left_alone",
    "list_kinds",
    "members",
    "order_of",
    "progress",
    "queue",
    "rows",
    "rules",
    "runs",
    "sees_values",
    "tasks",
    "today",
]
