"""What every write to a task begins with: the right, the reach, the version, the state."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regulars.web import audit
from regulars.web.core.actor import Actor, actor_of
from regulars.web.customers.selectors import visible
from regulars.web.tasks.models import Task

SUBJECT = "tasks.task"


def claim(task: Task, version: int, by: Actor) -> None:
    """Take an open task for writing, inside the caller's transaction.

    Raises
    ------
    PermissionDenied
        Without the right, or where `by` does not reach the customer.
    Conflict
        When somebody has changed the task since `version`.
    ValidationError
        When it is over.
    """
    reach(task, by)
    task.claim(version)
    if not task.is_open:
        raise over(task)


def reach(task: Task, by: Actor) -> None:
    """Go on only where `by` may write tasks and reaches this one.

    Raises
    ------
    PermissionDenied
        Otherwise.
    """
    by.require("tasks.write")
    if not Task.objects.visible_to(by).filter(pk=task.pk).exists():
        raise PermissionDenied("tasks.write")


def over(task: Task) -> ValidationError:
    """Return the refusal to change a task that is over: who ended it and when."""
    who = str(task.ended_by) if task.ended_by else _("Regulars")
    day = date_format(timezone.localtime(task.ended_at), "SHORT_DATETIME_FORMAT") if task.ended_at else ""
    said = _("%(who)s has ended this task on %(day)s. Open it again to go on with it.")
    return ValidationError(said % {"who": who, "day": day}, code="over")


def can_do(user: object, customer_id: int) -> bool:
    """Return whether a colleague reaches the customer and may do tasks: others cannot be given one."""
    who = actor_of(user)
    return who.may("tasks.write") and visible(who).filter(pk=customer_id).exists()


def trail(verb: str, task: Task, by: Actor, **details: object) -> None:
    """Leave the row of the trail for a write to one task."""
    audit.record(
        actor=by,
        verb=verb,
        subject_type=SUBJECT,
        subject_id=task.pk,
        details={"customer": task.customer_id, "kind": task.kind, **details},
    )
