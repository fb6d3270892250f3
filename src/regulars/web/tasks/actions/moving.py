"""Putting a task off, handing it on, dropping it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.web.core.actor import Actor
from regulars.web.tasks.actions.claiming import can_do, claim, trail
from regulars.web.tasks.actions.making import out_of_reach
from regulars.web.tasks.business_days import today
from regulars.web.tasks.models import State, Task

if TYPE_CHECKING:
    from regulars.web.accounts.models import User

LONGEST = timedelta(days=366)


@transaction.atomic
def snooze(*, task: Task, version: int, until: date, by: Actor) -> None:
    """Put a task off: it leaves the queue and comes back, due, on the day.

    Raises
    ------
    PermissionDenied, Conflict, ValidationError
        As `claim`; ValidationError also for a day that is not ahead, or more than a year ahead.
    """
    claim(task, version, by)
    day = today()
    if not day < until <= day + LONGEST:
        raise ValidationError({"until": _("Choose a day from tomorrow on, within a year.")})
    task.state, task.snoozed_until, task.due_on = State.SNOOZED, until, until
    task.save()
    trail("snooze", task, by, until=until.isoformat())


@transaction.atomic
def put_back(*, task: Task, version: int, by: Actor) -> None:
    """Take a put-off task back into the queue, due today."""
    claim(task, version, by)
    task.state, task.snoozed_until, task.due_on = State.OPEN, None, today()
    task.save()
    trail("put-back", task, by)


@transaction.atomic
def delegate(*, task: Task, version: int, to: User | None, by: Actor) -> None:
    """Hand a task on to a colleague who reaches the customer, or to the customer's team (`to` is None).

    Raises
    ------
    PermissionDenied, Conflict, ValidationError
        As `claim`; ValidationError also where the colleague could not open the customer.
    """
    claim(task, version, by)
    if to is not None and not can_do(to, task.customer_id):
        raise out_of_reach(to)
    task.owner, task.team_id = to, task.customer.team_id
    task.save()
    trail("delegate", task, by, to=to.pk if to else None)


@transaction.atomic
def drop(*, task: Task, version: int, by: Actor) -> None:
    """End a task without doing it: nothing was done for the customer, so nothing goes into the log."""
    claim(task, version, by)
    task.state, task.snoozed_until = State.CANCELLED, None
    task.ended_at, task.ended_by_id = timezone.now(), by.user_id
    task.save()
    trail("drop", task, by)
