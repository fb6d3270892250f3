"""Writes of campaigns: planning, deciding, launching, ending, and what was learned."""

from regulars.web.campaigns.actions.deciding import approve, cancel, send_back, submit, take_back
from regulars.web.campaigns.actions.launching import carry_out, end, end_due, launch
from regulars.web.campaigns.actions.learning import add_lesson, remove_lesson, set_terms
from regulars.web.campaigns.actions.planning import Plan, copy, create, delete, keep_outlook, reckon, revise
from regulars.web.campaigns.actions.reading import is_due, read_again, read_due
from regulars.web.campaigns.actions.universal import set_universal, write_universal

__all__ = [
    "Plan",
    "add_lesson",
    "approve",
    "cancel",
    "carry_out",
    "copy",
    "create",
    "delete",
    "end",
    "end_due",
    "is_due",
    "keep_outlook",
    "launch",
    "read_again",
    "read_due",
    "reckon",
    "remove_lesson",
    "revise",
    "send_back",
    "set_terms",
    "set_universal",
    "submit",
    "take_back",
    "write_universal",
]
