"""Tables of work."""

from regulars.web.tasks.models.business_days import DayOff, WorkingWeek
from regulars.web.tasks.models.control import ARMS, Arm, Exposure, ExposureQuerySet, Holdout
from regulars.web.tasks.models.rule import AlertRun, OwnerRule, Rule
from regulars.web.tasks.models.task import OPEN_STATES, Stake, State, Task, TaskQuerySet
from regulars.web.tasks.models.undo import Undo

__all__ = [
    "ARMS",
    "OPEN_STATES",
    "AlertRun",
    "Arm",
    "DayOff",
    "Exposure",
    "ExposureQuerySet",
    "Holdout",
    "OwnerRule",
    "Rule",
    "Stake",
    "State",
    "Task",
    "TaskQuerySet",
    "Undo",
    "WorkingWeek",
]
