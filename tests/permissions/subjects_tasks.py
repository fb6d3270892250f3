"""What stands in addresses of work: see `test_permissions_routes.py`."""

from __future__ import annotations

from datetime import date


def tasks(cast):
    from regulars.web.customers.models import Customer
    from regulars.web.tasks.models import Task

    numbers = {}
    for whose, owner in cast.owners.items():
        team_id = owner.memberships.first().team_id
        customer = Customer.objects.create(name=f"Of {owner}", owner=owner, team_id=team_id)
        made = Task.objects.create(
            customer=customer, kind="call", owner=owner, team_id=team_id, due_on=date(2026, 7, 3)
        )
        numbers[whose] = made.pk
    return numbers


def holdout(cast):
    from decimal import Decimal

    from django.utils import timezone

    from regulars.web.tasks.models import Holdout

    split = {
        "list_kind": "selection",
        "action": "call",
        "seed": "s",
        "share": Decimal("0.1"),
        "started_at": timezone.now(),
    }
    return Holdout.objects.get_or_create(experiment_id="selection-x", defaults=split)[0].pk


def rule(cast):
    from regulars.web.tasks.models import Rule

    return Rule.objects.first().pk


def changes(cast):
    from django.utils import timezone

    from regulars.web.tasks.models import Undo

    return {
        whose: Undo.objects.create(by=owner, at=timezone.now(), verb="drop").pk for whose, owner in cast.owners.items()
    }


SUBJECTS = {
    "task_id": tasks,
    "holdout_id": holdout,  # counts of a list are open to who sees tasks; its names are not (tests/web/tasks)
    "rule_id": rule,
    "undo_id": changes,
}
PERSONAL = {"undo_id"}

OPEN = {
    "tasks.Holdout": "counts of a list, read through tasks.selectors.holdouts by who sees tasks; names are exposures",
    "tasks.Rule": "settings, read through tasks.selectors.rules",
    "tasks.AlertRun": "counts, read through tasks.selectors.runs",
    "tasks.WorkingWeek": "the days that are worked",
    "tasks.DayOff": "the days that are not",
}
