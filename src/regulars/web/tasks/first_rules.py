"""The rules that a new workspace begins with: one for each alert, to be switched off but not lost."""

from __future__ import annotations

from regulars.web.tasks.alerts import ALERTS
from regulars.web.tasks.kinds import KINDS
from regulars.web.tasks.models import Rule


def sync_rules() -> None:
    """Add a rule for each alert that has none: new workspaces, and alerts that are new in this version."""
    there = set(Rule.objects.values_list("alert", flat=True))
    Rule.objects.bulk_create([Rule(alert=key, due_days=KINDS[key].due_days) for key in ALERTS if key not in there])
