"""Work on the first screen: what I do now, for whom, what is at stake; and what the newest valuation calls out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, Sum, prefetch_related_objects

from regulars.web.core.actor import Actor
from regulars.web.tasks import selectors
from regulars.web.tasks.alerts import ALERTS
from regulars.web.tasks.business_days import today
from regulars.web.tasks.models import Task, TaskQuerySet
from regulars.web.tasks.selectors import Filters
from regulars.web.tasks.selectors.queue import EVERYONE, ME, NOBODY_YET, NOW
from regulars.web.valuations.selectors import current

FEW = 7
NAMES = 3


def waiting(actor: Actor) -> int | None:
    """Return how many tasks wait for `actor`; None where there are none, so that nothing stands there."""
    return selectors.queue(actor, Filters(), today=today()).count() or None


def my_queue(actor: Actor) -> Mapping[str, Any]:
    """Return the tasks that are due, most at stake first, and after them what comes next."""
    day, order = today(), selectors.order_of(actor)
    mine = selectors.queue(actor, Filters(), today=day)
    due = list(selectors.queue(actor, Filters(due=NOW), today=day).order_by(*_sql(order))[:FEW])
    later = mine.exclude(pk__in=[task.pk for task in due]).order_by(*_sql(order))[: FEW - len(due)]
    shown = [*due, *later]
    prefetch_related_objects(shown, "customer", "owner", "team")  # of the few, after they have been chosen
    return {
        "rows": selectors.rows(actor, shown, today=day),
        "nobodys": 0 if shown else selectors.queue(actor, Filters(who=NOBODY_YET), today=day).count(),
        "total": mine.count(),
        "by_value": selectors.sees_values(actor),
        "may_change": actor.may("tasks.write"),
    }


def new_alerts(actor: Actor) -> Mapping[str, Any] | None:
    """Return the alerts of the newest valuation that are still open, by kind; None where there are none."""
    valuation = current()
    if valuation is None:
        return None
    whose = ME if actor.scope == "own" else EVERYONE
    waiting = selectors.queue(actor, Filters(who=whose), today=today()).filter(valuation=valuation)
    counted = (
        waiting.filter(kind__in=ALERTS).order_by().values("kind").annotate(n=Count("pk"), at_stake=Sum("at_stake"))
    )
    found = {one.pop("kind"): one for one in counted}
    if not found:
        return None
    return {
        "alerts": [
            {"alert": alert, "names": _first(waiting.filter(kind=key), actor), **found[key]}
            for key, alert in ALERTS.items()
            if key in found
        ],
        "as_of": valuation.as_of,
        "currency": valuation.currency,
        "who": whose,
        "by_value": selectors.sees_values(actor),
    }


def _first(tasks: TaskQuerySet, actor: Actor) -> list[str]:
    """Return for whom the first of these tasks are."""
    first: list[Task] = list(tasks.prefetch_related("customer").order_by(*_sql(selectors.order_of(actor)))[:NAMES])
    return [str(task.customer) for task in first]


def _sql(order: list[str]) -> list[Any]:
    """Return an order with what is not known last."""
    return [F(name[1:]).desc(nulls_last=True) if name.startswith("-") else F(name) for name in order]
