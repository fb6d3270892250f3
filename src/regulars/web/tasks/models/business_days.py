"""On which days people work here: the week, and the days that are off or worked against it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.periods import WEEKDAYS


def monday_to_friday() -> list[int]:
    """Return the usual week."""
    return list(WEEKDAYS)


class WorkingWeek(models.Model):
    """One row: the days of the week that are worked, 0 = Monday."""

    weekdays = models.JSONField(_("working days"), default=monday_to_friday)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="tasks_week_one_row")]

    def __str__(self) -> str:
        return str(self.weekdays)


class DayOff(models.Model):
    """A holiday, or a day that is worked to make up for one."""

    day = models.DateField(_("day"), primary_key=True)
    works = models.BooleanField(_("worked all the same"), default=False)

    class Meta:
        verbose_name = _("day off")
        verbose_name_plural = _("days off")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}"
