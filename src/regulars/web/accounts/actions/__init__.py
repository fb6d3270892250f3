"""Changes to people, teams and roles. Each asks for the right, and leaves a trail in the same transaction."""

from regulars.web.accounts.actions.people import (
    add_person,
    change_person,
    deactivate,
    new_link,
    reactivate,
    remove_second_factor,
)
from regulars.web.accounts.actions.roles import add_role, change_role
from regulars.web.accounts.actions.teams import add_team, change_team
from regulars.web.accounts.actions.workspace import change_workspace

__all__ = [
    "add_person",
    "add_role",
    "add_team",
    "change_person",
    "change_role",
    "change_team",
    "change_workspace",
    "deactivate",
    "new_link",
    "reactivate",
    "remove_second_factor",
]
