"""Tasks do not fall between chairs: what its owner can no longer open goes to whoever looks after the customer now."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F

from regulars.web import audit
from regulars.web.core.actor import NOBODY, actor_of
from regulars.web.customers.selectors import visible
from regulars.web.tasks.actions.owners import owners
from regulars.web.tasks.models import OwnerRule, Task


@transaction.atomic
def rehome() -> int:
    """Give open tasks of people who left, or reach the customer no longer, to the customer's owner or team.

    Returns how many moved; safe to repeat.
    """
    moved = 0
    holders = Task.objects.open().exclude(owner=None).values_list("owner", flat=True).distinct()
    for user in get_user_model().objects.filter(pk__in=holders):
        who = actor_of(user)
        kept = visible(who) if who.may("tasks.write") else visible(NOBODY)
        moved += sum(map(_move, Task.objects.open().filter(owner=user).exclude(customer__in=kept)))
    return moved


def _move(task: Task) -> bool:
    owner_id = owners(OwnerRule.OWNER, None, ())(task.customer)
    changed = Task.objects.filter(pk=task.pk, version=task.version).update(
        owner_id=owner_id, team_id=task.customer.team_id, version=F("version") + 1
    )
    if changed:
        audit.record(
            actor=NOBODY, verb="rehome", subject_type="tasks.task", subject_id=task.pk, details={"to": owner_id}
        )
    return bool(changed)
