"""When the scheduled valuation was due last, in the workspace's zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from regulars.web.valuations.models import Schedule

DAYS = {"day": 1, "week": 7}


def last_due_before(now: datetime, schedule: Schedule, zone: str) -> datetime:
    """Return the latest moment at or before `now` at which the schedule says to run."""
    local = now.astimezone(ZoneInfo(zone))
    due = local.replace(hour=schedule.at.hour, minute=schedule.at.minute, second=0, microsecond=0)
    if schedule.every == "week":
        due -= timedelta(days=(due.weekday() - schedule.weekday) % 7)
    return due if due <= local else due - timedelta(days=DAYS[schedule.every])
