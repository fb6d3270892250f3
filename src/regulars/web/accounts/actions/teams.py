"""The tree of teams: branches in regions, regions under the head office."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.accounts.access import teams_below
from regulars.web.accounts.models import Team
from regulars.web.core.actor import Actor

IN_ITSELF = _("A team cannot belong to itself or to one below it.")


@transaction.atomic
def add_team(*, name: str, kind: str, parent: Team | None, by: Actor) -> Team:
    """Add a team to the tree."""
    by.require("accounts.administer")
    team = Team(name=name, kind=kind, parent=parent)
    team.full_clean()
    team.save()
    audit.record(actor=by, verb="create", subject_type="accounts.team", subject_id=team.pk)
    return team


@transaction.atomic
def change_team(*, team: Team, version: int, name: str, kind: str, parent: Team | None, by: Actor) -> None:
    """Rename a team or hang it elsewhere.

    Raises
    ------
    Conflict
        When somebody else was faster.
    ValidationError
        When the tree would bite its own tail.
    """
    by.require("accounts.administer")
    team.claim(version)
    if parent is not None and parent.pk in teams_below([team.pk]):
        raise ValidationError({"parent": IN_ITSELF})
    team.name, team.kind, team.parent = name, kind, parent
    team.full_clean()
    team.save(update_fields=["name", "kind", "parent"])
    audit.record(actor=by, verb="update", subject_type="accounts.team", subject_id=team.pk)
