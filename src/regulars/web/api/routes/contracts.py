"""Contracts: what is found of them, each customer's chance to leave next, a run."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from regulars.web import audit
from regulars.web.api import valuation_shapes as shapes
from regulars.web.api.entrance import AccessToken
from regulars.web.api.refusals import Refused
from regulars.web.api.routes.customers import one_of
from regulars.web.api.routes.paging import REFUSALS, Limit
from regulars.web.contracts import actions, selectors
from regulars.web.core.request import actor_in
from regulars.web.core.words import current_lang

router = Router(tags=["values"])
COUNTED = ("customers", "running", "undecided", "left", "renewals_seen", "refused", "leaving_next", "survival",
           "groups", "totals")  # fmt: skip
TOLD = ("basis", "model", "features", "not_enough", "weak")
ROW = [name for name in shapes.ContractOf.model_fields if name not in ("customer", "contract")]

Order = Annotated[Literal["p_leaves_next", "future_value", "next_due"], Query("p_leaves_next", description="Sorted by")]
From = Annotated[int, Query(0, ge=0, le=10_000_000, description="Rows before the page")]


@router.get(
    "/contracts",
    auth=AccessToken("values:read"),
    response={200: shapes.Contracts, **REFUSALS},
    operation_id="readContracts",
)
def contracts(request: HttpRequest) -> Any:
    """Read survival, groups and sums of the customers that the token's owner reaches; 404 before the first run."""
    run = _shown()
    figures = selectors.figures(actor_in(request), run)
    if figures is None:
        raise Http404
    found = {name: figures[name] for name in COUNTED} | {name: run.card.get(name) for name in TOLD}
    return {"as_of": run.as_of, "currency": run.currency, **found}


@router.get(
    "/contracts/customers",
    auth=AccessToken("values:read"),
    response={200: shapes.ContractList, **REFUSALS},
    operation_id="listContracts",
)
def running(request: HttpRequest, limit: Limit, order: Order, start: From) -> Any:
    """List running contracts of the customers that the token's owner reaches."""
    actor, run = actor_in(request), _shown()
    rows = selectors.people(actor, run, order=order, limit=limit + 1, offset=start)
    details = {"n": len(rows[:limit]), "by": "api"}
    audit.record(actor=actor, verb="export", subject_type=actions.SUBJECT, subject_id=run.pk, details=details)
    return {"items": [_row(row) for row in rows[:limit]], "next": start + limit if len(rows) > limit else None}


@router.get(
    "/customers/{int:customer_id}/contracts",
    auth=AccessToken("values:read"),
    response={200: list[shapes.ContractOf], **REFUSALS},
    operation_id="readCustomerContracts",
)
def of_customer(request: HttpRequest, customer_id: int) -> Any:
    """Read what the newest run says of one customer's contracts; empty where it knows none."""
    actor = actor_in(request)
    return [_row(row) for row in selectors.of_customer(actor, one_of(actor, customer_id))]


@router.post(
    "/contracts/runs",
    auth=AccessToken("values:run"),
    response={202: shapes.ContractRun, **REFUSALS},
    operation_id="startContracts",
)
def start(request: HttpRequest, asked: shapes.ContractsAsked) -> Any:
    """Look at the contracts anew with these choices; 409 while that is under way."""
    actor = actor_in(request)
    if actions.under_way():
        raise Refused(409, "under_way", "The contracts are being looked at already.")
    return Status(202, _run(actions.start(by=actor, asked=actions.asked(**asked.dict()))))


@router.get(
    "/contracts/runs/{int:contract_run_id}",
    auth=AccessToken("values:read"),
    response={200: shapes.ContractRun, **REFUSALS},
    operation_id="readContractRun",
)
def run(request: HttpRequest, contract_run_id: int) -> Any:
    """Read where a run over contracts stands."""
    return _run(get_object_or_404(selectors.runs(actor_in(request)), pk=contract_run_id))


def _shown() -> Any:
    run = selectors.current()
    if run is None:
        raise Http404
    return run


def _run(one: Any) -> dict[str, Any]:
    said = one.failure.get(current_lang(), "")
    return {"id": one.pk, "state": one.state, "as_of": one.as_of, "message": said}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {"customer": row["customer_id"], "contract": row["contract_id"], **{name: row[name] for name in ROW}}
