"""Whose workspace this is: name, currency, time zone, language."""

from __future__ import annotations

from django.db import transaction

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace


@transaction.atomic
def change_workspace(*, name: str, currency: str, zone: str, language: str, by: Actor) -> Workspace:
    """Change the workspace's settings. A new currency or zone holds for files imported from now on."""
    by.require("core.configure")
    workspace = Workspace.current()
    workspace.name, workspace.currency, workspace.zone, workspace.language = name, currency, zone, language
    workspace.full_clean()
    workspace.save()
    audit.record(
        actor=by, verb="update", subject_type="core.workspace", subject_id=1,
        details={"name": name, "currency": currency, "zone": zone, "language": language},
    )  # fmt: skip
    return workspace
