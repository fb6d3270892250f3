"""Tasks: read the queue, say what came of one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from regulars.web.api import shapes
from regulars.web.api.entrance import AccessToken
from regulars.web.api.routes.paging import REFUSALS, After, Limit, page_of
from regulars.web.core.actor import Actor
from regulars.web.core.request import actor_in
from regulars.web.tasks import actions, selectors

router = Router(tags=["tasks"])

Who = Annotated[Literal["me", "nobody", "all"], Query("me", description="Whose tasks")]
State = Annotated[Literal["waiting", "snoozed", "done"], Query("waiting")]
Due = Annotated[Literal["", "late", "today", "now", "week"], Query("")]


@router.get("", auth=AccessToken("tasks:read"), response={200: shapes.Tasks, **REFUSALS}, operation_id="listTasks")
def tasks(
    request: HttpRequest,
    who: Who = "me",
    state: State = "waiting",
    due: Due = "",
    after: After = None,
    limit: Limit = 50,
) -> Any:
    """List a queue by id; what is put off beyond today is not waiting."""
    actor = actor_in(request)
    filters = selectors.Filters(who=who, state=state, due=due)
    found = selectors.queue(actor, filters, today=selectors.today())
    page = page_of(found.select_related("customer", "owner", "team"), ["id"], after, limit)
    return {"items": _tasks(actor, page.rows), "next": page.after}


@router.get(
    "/{int:task_id}", auth=AccessToken("tasks:read"), response={200: shapes.Task, **REFUSALS}, operation_id="readTask"
)
def task(request: HttpRequest, task_id: int) -> Any:
    """Read one task."""
    actor = actor_in(request)
    return _tasks(actor, [_one(actor, task_id)])[0]


@router.post(
    "/{int:task_id}/done",
    auth=AccessToken("tasks:write"),
    response={200: shapes.Task, **REFUSALS},
    operation_id="finishTask",
)
def finish(request: HttpRequest, task_id: int, sent: shapes.Outcome) -> Any:
    """End a task with its outcome, which goes into the customer log; `not_reached` keeps it open for the next day.

    409 when somebody has changed it since `version`: one task leaves one entry.
    """
    actor = actor_in(request)
    one = _one(actor, task_id)
    actions.finish(task=one, by=actor, **sent.dict())
    return _tasks(actor, [one])[0]


def _one(actor: Actor, task_id: int) -> Any:
    return get_object_or_404(selectors.tasks(actor).select_related("customer", "owner", "team"), pk=task_id)


def _tasks(actor: Actor, found: list[Any]) -> list[dict[str, Any]]:
    return [_task(row) for row in selectors.rows(actor, found, today=selectors.today())]


def _task(row: selectors.Row) -> dict[str, Any]:
    one = row.task
    return {
        "id": one.pk,
        "version": one.version,
        "customer": one.customer_id,
        "kind": one.kind,
        "title": str(one.title),
        "detail": one.detail,
        "why": row.why,
        "at_stake": one.at_stake if row.sees_values else None,
        "stake": one.stake if row.sees_values else "",
        "currency": one.currency,
        "owner": one.owner_id,
        "team": one.team_id,
        "due_on": one.due_on,
        "state": one.state,
        "outcome": one.outcome,
        "left_alone": bool(row.control),
    }
