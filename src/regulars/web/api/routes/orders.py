"""Orders in bulk: sent as a batch, stored by the same steps as an imported file."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Header, Router, Status

from regulars.web.api import selectors, shapes
from regulars.web.api.actions import once, send_orders
from regulars.web.api.entrance import AccessToken
from regulars.web.api.routes.paging import REFUSALS
from regulars.web.core.models import Workspace
from regulars.web.core.request import actor_in
from regulars.web.core.words import current_lang

router = Router(tags=["orders"])

RequiredKey = Annotated[
    shapes.Key, Header(..., alias="Idempotency-Key", description="The same key and body: stored once, the same answer")
]


@router.post("", auth=AccessToken("orders:write"), response={202: shapes.Batch, **REFUSALS}, operation_id="sendOrders")
def orders(request: HttpRequest, sent: shapes.Orders, key: RequiredKey) -> Any:
    """Send whole orders; ask the batch what came of them. A line is known by source, order and number."""
    actor = actor_in(request)

    def act() -> tuple[int, dict[str, Any]]:
        lines = [{**line.dict(), "ordered_at": _local(line.ordered_at)} for line in sent.lines]
        made = send_orders(source=sent.source, lines=lines, by=actor)
        return 202, shapes.Batch(**_batch(made)).model_dump(mode="json")

    status, body = once(key=key, what="POST orders", content=request.body, act=act, by=actor)
    return Status(status, body)


@router.get(
    "/batches/{int:batch_id}",
    auth=AccessToken("orders:write"),
    response={200: shapes.Batch, **REFUSALS},
    operation_id="readBatch",
)
def batch(request: HttpRequest, batch_id: int) -> Any:
    """Read how far a batch is, and what came of it."""
    return _batch(get_object_or_404(selectors.batches(actor_in(request)), pk=batch_id))


def _local(at: datetime) -> datetime:
    """Return a moment as the workspace's clock shows it, which is how imports keep moments without a zone."""
    if timezone.is_naive(at):
        return at
    return at.astimezone(ZoneInfo(Workspace.current().zone)).replace(tzinfo=None)


def _batch(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "state": one.state,
        "lines": one.n_lines,
        "message": one.message.get(current_lang(), ""),
        "result": one.result,
    }
