"""Today in the shop's zone, and the day on which something is due in business days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from regulars.periods import business_day_after
from regulars.web.core.models import Workspace
from regulars.web.tasks.models import DayOff, WorkingWeek

LONGEST = 60
"""Business days that a due date may lie ahead."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that are worked here."""

    weekdays: Collection[int]
    closed: frozenset[date]
    opened: frozenset[date]

    def after(self, day: date, days: int) -> date:
        """Return the business day that lies `days` business days after `day`."""
        return business_day_after(day, days, weekdays=self.weekdays, closed=self.closed, opened=self.opened)


def today() -> date:
    """Return the calendar day where the shop is."""
    return timezone.now().astimezone(ZoneInfo(Workspace.current().zone)).date()


def calendar() -> Calendar:
    """Return the calendar as it is set up."""
    week = WorkingWeek.objects.filter(pk=1).first() or WorkingWeek()
    days = dict(DayOff.objects.values_list("day", "works"))
    return Calendar(
        weekdays=frozenset(week.weekdays),
        closed=frozenset(day for day, works in days.items() if not works),
        opened=frozenset(day for day, works in days.items() if works),
    )


def due_after(days: int, *, start: date | None = None) -> date:
    """Return the business day `days` business days after today, or after `start`."""
    return calendar().after(start or today(), days)
