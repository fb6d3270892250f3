"""Writing tasks: one at a time, many at once, from alerts; and splitting lists."""

from regulars.web.tasks.actions.alerts import look, raise_alerts
from regulars.web.tasks.actions.control import end, hold_out
from regulars.web.tasks.actions.doing import finish, reopen
from regulars.web.tasks.actions.large import begin, empty, fill, prepare, scrap
from regulars.web.tasks.actions.large import finish as finish_experiment
from regulars.web.tasks.actions.lists import MOST_TASKS, Plan, assign
from regulars.web.tasks.actions.making import accept, make
from regulars.web.tasks.actions.many import Changed, change_many, undo
from regulars.web.tasks.actions.moving import delegate, drop, put_back, snooze
from regulars.web.tasks.actions.setting_up import change_rule, make_rule, set_calendar
from regulars.web.tasks.actions.treated import drop_open_of, make_for_treated

__all__ = [
    "MOST_TASKS",
    "Changed",
    "Plan",
    "accept",
    "assign",
    "begin",
    "change_many",
    "change_rule",
    "delegate",
    "drop",
    "drop_open_of",
    "empty",
    "end",
    "fill",
    "finish",
    "finish_experiment",
    "hold_out",
    "look",
    "make",
    "make_for_treated",
    "make_rule",
    "prepare",
    "put_back",
    "raise_alerts",
    "reopen",
    "scrap",
    "set_calendar",
    "snooze",
    "undo",
]
