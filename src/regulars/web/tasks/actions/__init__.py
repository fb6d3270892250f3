"""Writing tasks: one at a time, many at once, from alerts; and splitting lists."""

from regulars.web.tasks.actions.alerts import look, raise_alerts
from regulars.web.tasks.actions.control import end, hold_out
from regulars.web.tasks.actions.doing import finish, reopen
from regulars.web.tasks.actions.lists import Plan, assign
from regulars.web.tasks.actions.making import accept, make
from regulars.web.tasks.actions.many import Changed, change_many, undo
from regulars.web.tasks.actions.moving import delegate, drop, put_back, snooze
from regulars.web.tasks.actions.setting_up import change_rule, make_rule, set_calendar

__all__ = [
    "Changed",
    "Plan",
    "accept",
    "assign",
    "change_many",
    "change_rule",
    "delegate",
    "drop",
    "end",
    "finish",
    "hold_out",
    "look",
    "make",
    "make_rule",
    "put_back",
    "raise_alerts",
    "reopen",
    "set_calendar",
    "snooze",
    "undo",
]
