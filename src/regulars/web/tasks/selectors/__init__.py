"""Reads of work. The first argument is who asks."""

from regulars.web.tasks.business_days import today
from regulars.web.tasks.selectors.control import (
    balance,
    experiments_of,
    holdouts,
    left_alone,
    members,
)
from regulars.web.tasks.selectors.queue import Filters, counts, order_of, queue, sees_values, tasks
from regulars.web.tasks.selectors.rows import Row, rows
from regulars.web.tasks.selectors.rules import rules, runs

__all__ = [
    "Filters",
    "Row",
    "balance",
    "counts",
    "experiments_of",
    "holdouts",
    "left_alone",
    "members",
    "order_of",
    "queue",
    "rows",
    "rules",
    "runs",
    "sees_values",
    "tasks",
    "today",
]
