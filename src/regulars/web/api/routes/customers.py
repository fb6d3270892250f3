"""Customers: list, find, read, add, change."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status
from pydantic import AfterValidator, StringConstraints

from regulars.web import audit
from regulars.web.api import shapes
from regulars.web.api.actions import once
from regulars.web.api.entrance import AccessToken
from regulars.web.api.routes.paging import REFUSALS, After, IdempotencyKey, Limit, page_of
from regulars.web.core.actor import Actor
from regulars.web.core.request import actor_in
from regulars.web.customers import actions, selectors

router = Router(tags=["customers"])

Text = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(shapes.storable)]
SUBJECT = "customers.customer"


@router.get(
    "", auth=AccessToken("customers:read"), response={200: shapes.Customers, **REFUSALS}, operation_id="listCustomers"
)
def customers(request: HttpRequest, after: After = None, limit: Limit = 50) -> Any:
    """List the customers that the token's owner reaches, by id."""
    actor = actor_in(request)
    page = page_of(selectors.visible(actor).filter(erased_at=None), ["id"], after, limit)
    audit.record(actor=actor, verb="export", subject_type=SUBJECT, subject_id="", details={"n": len(page), "by": "api"})
    return {"items": [_line(one) for one in page.rows], "next": page.after}


@router.get(
    "/find",
    auth=AccessToken("customers:read"),
    response={200: list[shapes.Found], **REFUSALS},
    operation_id="findCustomers",
)
def find(request: HttpRequest, q: Annotated[Text, Query(description="Name, phone, card, e-mail or other id")]) -> Any:
    """Find customers by name, and by phone, card or e-mail where the token may read these."""
    found = selectors.find(actor_in(request), q)
    return [{"id": match.customer.pk, "name": str(match.customer), "by": match.by} for match in found]


@router.post(
    "", auth=AccessToken("customers:write"), response={201: shapes.Customer, **REFUSALS}, operation_id="addCustomer"
)
def add(request: HttpRequest, sent: shapes.NewCustomer, key: IdempotencyKey = None) -> Any:
    """Add a customer, looked after by the token's owner."""
    actor = actor_in(request)

    def act() -> tuple[int, dict[str, Any]]:
        made = actions.create(by=actor, **sent.dict(exclude_unset=True, exclude_none=True))
        return 201, shapes.Customer(**_whole(actor, made)).model_dump(mode="json")

    status, body = once(key=key, what="POST customers", content=request.body, act=act, by=actor)
    return Status(status, body)


@router.get(
    "/{int:customer_id}",
    auth=AccessToken("customers:read"),
    response={200: shapes.Customer, **REFUSALS},
    operation_id="readCustomer",
)
def customer(request: HttpRequest, customer_id: int) -> Any:
    """Read one customer: the fields that the token's owner may read, and no others."""
    actor = actor_in(request)
    return _whole(actor, one_of(actor, customer_id))


@router.patch(
    "/{int:customer_id}",
    auth=AccessToken("customers:write"),
    response={200: shapes.Customer, **REFUSALS},
    operation_id="changeCustomer",
)
def change(request: HttpRequest, customer_id: int, sent: shapes.CustomerChange) -> Any:
    """Change fields of a customer as it was read; 409 when somebody else was faster."""
    actor = actor_in(request)
    one = one_of(actor, customer_id)
    changes = sent.dict(exclude_unset=True, exclude={"version"})
    dates = ("birthday", "acquired_on")
    plain = {name: "" if value is None and name not in dates else value for name, value in changes.items()}
    actions.update(customer=one, version=sent.version, by=actor, **plain)
    return _whole(actor, one)


def one_of(actor: Actor, customer_id: int) -> Any:
    """Return a customer that `actor` reaches; somebody else's is not there."""
    return get_object_or_404(selectors.visible(actor), pk=customer_id)


def _line(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "version": one.version,
        "kind": one.kind,
        "name": str(one),
        "stage": one.stage,
        "owner": one.owner_id,
        "team": one.team_id,
        "archived": one.archived_at is not None,
        "changed_at": one.changed_at,
    }


def _whole(actor: Actor, one: Any) -> dict[str, Any]:
    points = None
    if actor.sees("contact"):
        known = selectors.profile(actor, one).points or ()
        points = [{"kind": point.kind, "value": point.value, "note": point.note} for point in known]
    return {**_line(one), "fields": selectors.summary(actor, one), "points": points}
