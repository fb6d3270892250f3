"""Reads of the trail."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from regulars.web.audit.models import Entry
from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace


def trail(
    actor: Actor,
    *,
    user_id: int | None = None,
    verb: str = "",
    subject_type: str = "",
    subject_id: str = "",
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[Entry]:
    """Return deeds, for who may read the trail; days are the workspace's."""
    if not actor.may("audit.read"):
        return Entry.objects.none()
    zone = ZoneInfo(Workspace.current().zone)
    exact = {"user_id": user_id, "verb": verb, "subject_type": subject_type, "subject_id": subject_id}
    found = Entry.objects.select_related("user").filter(**{name: value for name, value in exact.items() if value})
    if first:
        found = found.filter(at__gte=datetime.combine(first, time(), zone))
    if last:
        found = found.filter(at__lt=datetime.combine(last + timedelta(days=1), time(), zone))
    return found
