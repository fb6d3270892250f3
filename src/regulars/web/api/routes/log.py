"""The customer log: read, add."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from regulars.web.api import shapes
from regulars.web.api.actions import once
from regulars.web.api.entrance import AccessToken
from regulars.web.api.routes.customers import one_of
from regulars.web.api.routes.paging import REFUSALS, After, IdempotencyKey, Limit, page_of
from regulars.web.core.request import actor_in
from regulars.web.journal import actions
from regulars.web.journal.selectors import entries
from regulars.web.journal.taxonomy import Kind

router = Router(tags=["log"])


@router.get(
    "/{int:customer_id}/log",
    auth=AccessToken("log:read"),
    response={200: shapes.Log, **REFUSALS},
    operation_id="readLog",
)
def log(request: HttpRequest, customer_id: int, after: After = None, limit: Limit = 50) -> Any:
    """Read a customer's log, newest first."""
    actor = actor_in(request)
    page = page_of(entries(actor).filter(customer=one_of(actor, customer_id)), ["-occurred_at", "-id"], after, limit)
    return {"items": [_entry(one) for one in page.rows], "next": page.after}


@router.post(
    "/{int:customer_id}/log",
    auth=AccessToken("log:write"),
    response={201: shapes.LogEntry, **REFUSALS},
    operation_id="addToLog",
)
def add(request: HttpRequest, customer_id: int, sent: shapes.LogIn, key: IdempotencyKey = None) -> Any:
    """Add an entry to a customer's log."""
    actor = actor_in(request)
    one = one_of(actor, customer_id)

    def act() -> tuple[int, dict[str, Any]]:
        fields = sent.dict(exclude={"at"})
        made = actions.record(customer=one, by=actor, at=_moment(sent.at), **fields)
        return 201, shapes.LogEntry(**_entry(made)).model_dump(mode="json")

    what = f"POST customers/{customer_id}/log"
    status, body = once(key=key, what=what, content=request.body, act=act, by=actor)
    return Status(status, body)


def _moment(at: datetime | None) -> datetime | None:
    return timezone.make_aware(at) if at is not None and timezone.is_naive(at) else at


def _entry(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "customer": one.customer_id,
        "kind": Kind(one.kind).value,
        "at": one.occurred_at,
        "summary": one.summary,
        "text": one.event,
        "resolution": one.resolution,
        "topic": one.topic,
        "channel": one.channel,
        "minutes": one.minutes,
        "state": one.state,
        "due_on": one.due_on,
        "representative": one.representative_id,
    }
