"""What becomes of a customer's tasks and experiments when records are merged, erased or handed out."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone

from regulars.web.core.actor import Actor
from regulars.web.tasks.models import Exposure, State, Task


def move(from_id: int, to_id: int) -> None:
    """Give tasks and experiments to the record that stays. Of two open tasks of a kind the older record's ends."""
    open_there = Task.objects.open().filter(customer=to_id, once=True).values("kind")
    doubled = Task.objects.open().filter(
        customer=from_id, once=True, kind__in=list(open_there.values_list("kind", flat=True))
    )
    _drop(doubled)
    Task.objects.filter(customer=from_id).update(customer=to_id, version=F("version") + 1)
    both = Exposure.objects.filter(customer=to_id).values_list("holdout", flat=True)
    Exposure.objects.filter(customer=from_id).exclude(holdout__in=list(both)).update(customer=to_id)


def erase(customer_id: int) -> None:
    """Wipe people's words and end what is open; codes, days and amounts stay with the number."""
    _drop(Task.objects.open().filter(customer=customer_id))
    Task.objects.filter(customer=customer_id).update(detail="", reason={}, version=F("version") + 1)


def disclose(actor: Actor, customer_id: int) -> dict[str, Any]:
    """Return what is stored about a person here."""
    tasks = Task.objects.filter(customer=customer_id).order_by("id").select_related("owner")
    groups = Exposure.objects.filter(customer=customer_id).order_by("id").select_related("holdout")
    return {
        "tasks": [_task(task) for task in tasks],
        "experiments": [
            {"what": str(one.holdout.action), "group": str(one.get_arm_display()), "since": one.assigned_at.isoformat()}
            for one in groups
        ],
    }


def _task(task: Task) -> dict[str, Any]:
    return {
        "what": str(task.title),
        "detail": task.detail,
        "why": task.why,
        "made": task.made_at.isoformat(),
        "due": task.due_on.isoformat(),
        "state": str(task.get_state_display()),
        "outcome": str(task.get_outcome_display()) if task.outcome else "",
        "owner": str(task.owner) if task.owner else "",
    }


def _drop(tasks: Any) -> None:
    tasks.update(state=State.CANCELLED, snoozed_until=None, ended_at=timezone.now(), version=F("version") + 1)
