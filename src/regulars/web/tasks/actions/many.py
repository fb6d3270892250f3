"""Changing many tasks at once, and taking that back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.web.core.actor import Actor
from regulars.web.core.conflict import Conflict
from regulars.web.tasks.actions.claiming import trail
from regulars.web.tasks.actions.doing import correct_entry
from regulars.web.tasks.models import State, Task, Undo

MOST = 500
"""Tasks that one press changes."""
UNDO_FOR = timedelta(hours=1)
KEPT = ("state", "owner_id", "team_id", "due_on", "snoozed_until", "outcome", "ended_by_id", "ended_at")
MOMENTS = {"due_on": date, "snoozed_until": date, "ended_at": datetime}

Change = Callable[[Task, int], object]
"""One of the actions on a single task, with everything but the task and its version filled in."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of it: how many changed, how many did not (changed by others, over, out of reach), the way back."""

    done: int
    left: int
    undo: Undo | None = None


def change_many(*, picked: Iterable[tuple[int, int]], verb: str, change: Change, by: Actor) -> Changed:
    """Apply `change` to each picked task (number, version) by itself: what cannot be changed stays and is counted.

    Raises
    ------
    ValidationError
        When more than `MOST` are picked.
    """
    by.require("tasks.write")
    versions = dict(picked)
    if len(versions) > MOST:
        said = _("%(n)s tasks are picked, %(most)s at most: change them in parts.")
        raise ValidationError(said % {"n": len(versions), "most": MOST})
    with transaction.atomic():
        found = Task.objects.visible_to(by).select_related("customer").filter(pk__in=versions)
        before = [kept for task in found if (kept := _changed(task, versions[task.pk], change)) is not None]
        undo = (
            Undo.objects.create(by_id=by.user_id or 0, at=timezone.now(), verb=verb, before=before) if before else None
        )
    return Changed(len(before), len(versions) - len(before), undo)


@transaction.atomic
def undo(*, change: Undo, by: Actor) -> Changed:
    """Put the tasks back as they were before, within an hour, by who changed them; what was changed since stays.

    Tasks that the change made go again, and so does the split of their list while nobody has begun with it. An entry
    that a finished task left in the log is corrected.

    Raises
    ------
    PermissionDenied
        When somebody else changed them.
    ValidationError
        When it is too late.
    """
    by.require("tasks.write")
    if change.by_id != by.user_id:
        raise PermissionDenied("tasks.write")
    if timezone.now() - change.at > UNDO_FOR:
        raise ValidationError(_("More than an hour has passed: change the tasks back one by one."))
    rows = {row["id"]: row for row in change.before}
    found = Task.objects.visible_to(by).select_related("customer").filter(pk__in=rows)
    done = sum(_restored(task, rows[task.pk], by) for task in found)
    if change.holdout is not None and done == len(rows):
        change.holdout.withdrawn = True
        change.holdout.save(update_fields=["withdrawn"])
    change.delete()
    return Changed(done, len(rows) - done)


def _changed(task: Task, version: int, change: Change) -> dict[str, Any] | None:
    before = {name: getattr(task, name) for name in KEPT}
    try:
        with transaction.atomic():
            change(task, version)
    except (Conflict, ValidationError, PermissionDenied):
        return None
    return {
        "id": task.pk,
        "version": task.version,
        **{name: value.isoformat() if name in MOMENTS and value else value for name, value in before.items()},
    }


def _restored(task: Task, row: dict[str, Any], by: Actor) -> bool:
    """Put one task back; False where somebody has changed it since."""
    was_done = task.state == State.DONE
    try:
        task.claim(row["version"])
    except Conflict:
        return False
    trail("undo", task, by)
    if row.get("made"):
        task.delete()
        return True
    for name in KEPT:
        value = row[name]
        setattr(task, name, MOMENTS[name].fromisoformat(value) if name in MOMENTS and value else value)
    task.save()
    if was_done:
        correct_entry(task, by)
    return True
