"""Tasks for the treated of an experiment that another app has begun, and the end of those that are still open."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from regulars.web.core.actor import Actor
from regulars.web.tasks.actions.lists import Plan, make_tasks
from regulars.web.tasks.business_days import calendar
from regulars.web.tasks.kinds import KINDS
from regulars.web.tasks.models import Arm, Exposure, Holdout, State, Task
from regulars.web.tasks.rights import widened


@transaction.atomic
def make_for_treated(*, holdout: Holdout, kind: str, detail: str, start: date, by: Actor) -> int:
    """Make a task for each treated customer, whoever looks after them, due in the kind's business days from `start`.

    Whether `by` may is for the caller to decide. Idempotency key: the experiment; a second call makes nothing.
    """
    if Task.objects.filter(holdout=holdout).exists():
        return 0
    treated = Exposure.objects.filter(holdout=holdout, arm=Arm.TREATED).order_by("customer_id")
    everyone = widened(by, "customers.read", "valuations.read", scope="all")
    plan = Plan(kind=kind, detail=detail, due_on=calendar().after(start, KINDS[kind].due_days))
    return len(make_tasks(list(treated.values_list("customer_id", flat=True)), plan, holdout, everyone))


def drop_open_of(*, holdout: Holdout) -> int:
    """Drop what is still open of an experiment's tasks; return how many."""
    return Task.objects.open().filter(holdout=holdout).update(
        state=State.CANCELLED, snoozed_until=None, ended_at=timezone.now(), version=F("version") + 1
    )  # fmt: skip
