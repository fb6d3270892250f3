"""Doing a task: what came of it goes into the customer's log in the same step, once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.web.core.actor import Actor
from regulars.web.journal import actions as journal
from regulars.web.journal.selectors import entries
from regulars.web.tasks.actions.claiming import SUBJECT, claim, reach, trail
from regulars.web.tasks.business_days import due_after
from regulars.web.tasks.models import OPEN_STATES, State, Task
from regulars.web.tasks.outcomes import Outcome, Way
from regulars.web.tasks.rights import widened

if TYPE_CHECKING:
    from regulars.web.journal.models import Entry

TRY_AGAIN_DAYS = 1


@transaction.atomic
def finish(
    *,
    task: Task,
    version: int,
    outcome: str,
    by: Actor,
    way: str = "",
    text: str = "",
    minutes: int | None = None,
    at: datetime | None = None,
) -> Entry:
    """End a task with its outcome and write it into the customer's log.

    Who was not reached is tried again: the attempt goes into the log, the task stays open and is due on the next
    business day. A second call with the same version changes nothing (Conflict): one task, one entry.

    Parameters
    ----------
    way
        How it was done; default: as the kind of task says.
    text
        What was said, in the person's words.

    Raises
    ------
    PermissionDenied, Conflict, ValidationError
        As `claim`; ValidationError also for an unknown outcome or way.
    """
    _known("outcome", outcome, Outcome)
    _known("way", way or Way.NONE, Way)
    claim(task, version, by)
    moment = at or timezone.now()
    if outcome == Outcome.NOT_REACHED:
        task.state, task.snoozed_until = State.OPEN, None
        task.due_on = due_after(TRY_AGAIN_DAYS)
    else:
        task.state, task.outcome = State.DONE, outcome
        task.ended_at, task.ended_by_id = moment, by.user_id
    task.save()
    trail("attempt" if task.is_open else "finish", task, by, outcome=outcome)
    return _write(task, Outcome(outcome), Way(way or task.declared.way or Way.NONE), text, minutes, moment, by)


@transaction.atomic
def reopen(*, task: Task, version: int, by: Actor) -> None:
    """Open a task again that was ended; the entry that it left in the log is corrected, not removed.

    Raises
    ------
    PermissionDenied, Conflict
        As `claim`.
    ValidationError
        When it is open, or the customer has another one of the kind open by now.
    """
    reach(task, by)
    task.claim(version)
    if task.is_open:
        raise ValidationError(_("This task is open."))
    twins = Task.objects.filter(customer_id=task.customer_id, kind=task.kind, state__in=OPEN_STATES)
    if task.once and twins.exists():
        raise ValidationError(_("This customer has another task of the kind open: go on with that one."))
    was_done = task.state == State.DONE
    task.state, task.outcome, task.ended_at, task.ended_by = State.OPEN, "", None, None
    task.snoozed_until = None
    task.save()
    trail("reopen", task, by)
    if was_done:
        correct_entry(task, by)


def _write(task: Task, outcome: Outcome, way: Way, text: str, minutes: int | None, at: datetime, by: Actor) -> Entry:
    what = task.said
    return journal.record(
        customer=task.customer,
        kind=way.value,
        text=text.strip() or what,
        summary=_("{outcome} – {task}").format(outcome=outcome.label, task=what)[:200],
        resolution=str(outcome.label),
        minutes=minutes,
        at=at,
        by=_writer(by),
        origin=f"{SUBJECT}:{task.pk}:{task.version}",
    )


def correct_entry(task: Task, by: Actor) -> None:
    """Say in the log, beside the entry that the task left, that it had not been done after all."""
    left = entries(_writer(by)).filter(origin__startswith=f"{SUBJECT}:{task.pk}:").order_by("-pk").first()
    if left is not None:
        journal.correct(entry=left, text=_("The task was opened again: it had not been done."), by=_writer(by))


def _writer(by: Actor) -> Actor:
    """Return `by` with the right to the log: who may do a task may say there what came of it."""
    return widened(by, "journal.read", "journal.write")


def _known(field: str, word: str, choices: type[TextChoices]) -> None:
    if word not in choices.values:
        said = _("There is no “%(word)s” here. Choose one of: %(choices)s.")
        raise ValidationError({field: said % {"word": word, "choices": ", ".join(choices.values)}})
