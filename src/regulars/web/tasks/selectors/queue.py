"""Queues: whose tasks, which of them, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum

from regulars.web.core.actor import Actor
from regulars.web.tasks.models import State, Task, TaskQuerySet

ME, NOBODY_YET, EVERYONE = "me", "nobody", "all"
LATE, TODAY, NOW, WEEK = "late", "today", "now", "week"
"""Due before today, on this day, on it or before, within seven days or before."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a queue shows. `who` is me, nobody, all, or a colleague's number; `state` waiting, snoozed or done."""

    who: str = ME
    team: int | None = None
    kind: str = ""
    due: str = ""
    state: str = "waiting"


def sees_values(actor: Actor) -> bool:
    """Return whether `actor` may read amounts at stake; who may not gets queues by due day, which tell nothing."""
    return actor.may("valuations.read")


def order_of(actor: Actor, filters: Filters | None = None) -> list[str]:
    """Return the order of a queue: most at stake first, then what is due first; what is over, newest first."""
    if filters is not None and filters.state == "done":
        return ["-ended_at", "-id"]
    return ["-at_stake", "due_on", "id"] if sees_values(actor) else ["due_on", "id"]


def tasks(actor: Actor) -> TaskQuerySet:
    """Return every task of the customers that `actor` reaches."""
    return Task.objects.visible_to(actor)


def queue(actor: Actor, filters: Filters, *, today: date) -> TaskQuerySet:
    """Return the tasks that `filters` name; put-off ones come back by themselves on their day."""
    found = _in_state(tasks(actor), filters.state, today)
    found = _of(found, actor, filters.who)
    if filters.team is not None:
        found = found.filter(team_id=filters.team)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.due:
        found = found.filter(_due(filters.due, today))
    return found


def counts(actor: Actor, filters: Filters, *, today: date) -> dict[str, int]:
    """Return how many tasks wait, are late, are due today, in the queue of `filters`, and what is at stake in all."""
    waiting = Filters(who=filters.who, team=filters.team, kind=filters.kind)
    found: dict[str, int] = queue(actor, waiting, today=today).aggregate(
        waiting=Count("pk"),
        late=Count("pk", filter=_due(LATE, today)),
        today=Count("pk", filter=_due(TODAY, today)),
        at_stake=Sum("at_stake"),
    )
    return found


def _of(found: TaskQuerySet, actor: Actor, who: str) -> TaskQuerySet:
    if who == EVERYONE:
        return found
    if who == NOBODY_YET:
        return found.filter(owner=None)
    return found.filter(owner_id=actor.user_id if who == ME else int(who) if who.isdecimal() else None)


def _in_state(found: TaskQuerySet, state: str, today: date) -> TaskQuerySet:
    if state == "done":
        return found.filter(state__in=(State.DONE, State.CANCELLED))
    if state == "snoozed":
        return found.filter(state=State.SNOOZED, snoozed_until__gt=today)
    return found.waiting(today)


def _due(due: str, today: date) -> Q:
    if due == TODAY:
        return Q(due_on=today)
    last = {LATE: today - timedelta(days=1), NOW: today, WEEK: today + timedelta(days=6)}
    return Q(due_on__lte=last.get(due, date.max))
