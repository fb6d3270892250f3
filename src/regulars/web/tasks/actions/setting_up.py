"""Setting up alert rules and the days that are worked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.tasks.models import DayOff, Rule, WorkingWeek

SUBJECT = "tasks.rule"
FIELDS = ("enabled", "owner_rule", "owner", "due_days", "least", "at_most", "quiet_days", "share")


@transaction.atomic
def make_rule(*, alert: str, by: Actor, **fields: Any) -> Rule:
    """Add a rule."""
    by.require("tasks.rules")
    rule = Rule(alert=alert, **fields)
    rule.full_clean()
    rule.save()
    audit.record(actor=by, verb="create", subject_type=SUBJECT, subject_id=rule.pk, details={"alert": alert})
    return rule


@transaction.atomic
def change_rule(*, rule: Rule, version: int, by: Actor, **fields: Any) -> None:
    """Change a rule. Another share of control is another experiment: the running one ends, its rows stay.

    Raises
    ------
    Conflict
        When somebody has changed it since.
    """
    by.require("tasks.rules")
    if unknown := set(fields) - set(FIELDS):
        raise ValueError(f"a rule has no {', '.join(sorted(unknown))}")
    rule.claim(version)
    share = rule.share
    for name, value in fields.items():
        setattr(rule, name, value)
    rule.full_clean()
    if rule.share != share and rule.holdout is not None:
        rule.holdout.ended_at = rule.holdout.ended_at or timezone.now()
        rule.holdout.save(update_fields=["ended_at"])
        rule.holdout = None
    rule.save()
    audit.record(actor=by, verb="update", subject_type=SUBJECT, subject_id=rule.pk, details={"fields": sorted(fields)})


@transaction.atomic
def set_calendar(*, weekdays: Collection[int], days: Mapping[date, bool], by: Actor) -> None:
    """Set the days of the week that are worked, and the days off (False) or worked all the same (True).

    Raises
    ------
    ValidationError
        When no day of the week is worked.
    """
    by.require("tasks.rules")
    if not set(weekdays) & set(range(7)):
        raise ValidationError({"weekdays": _("Choose one working day at least: nothing could fall due otherwise.")})
    WorkingWeek.objects.update_or_create(pk=1, defaults={"weekdays": sorted(set(weekdays))})
    DayOff.objects.exclude(day__in=days).delete()
    for day, works in days.items():
        DayOff.objects.update_or_create(day=day, defaults={"works": works})
    audit.record(
        actor=by, verb="update", subject_type="tasks.workingweek", subject_id=1,
        details={"weekdays": sorted(set(weekdays)), "days": len(days)},
    )  # fmt: skip
