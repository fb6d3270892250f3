"""The alert rules, and what they found."""

from __future__ import annotations

from django.db.models import QuerySet

from regulars.web.core.actor import Actor
from regulars.web.tasks.models import AlertRun, Rule


def rules(actor: Actor) -> QuerySet[Rule]:
    """Return every rule, for who sees tasks."""
    if not actor.may("tasks.read"):
        return Rule.objects.none()
    return Rule.objects.select_related("owner", "holdout")


def runs(actor: Actor, valuation_id: int) -> dict[int, AlertRun]:
    """Return rule → what it found in a valuation."""
    if not actor.may("tasks.read"):
        return {}
    return {run.rule_id: run for run in AlertRun.objects.filter(valuation_id=valuation_id)}
