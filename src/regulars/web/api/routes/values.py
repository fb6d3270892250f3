"""What customers are worth by the current valuation."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from regulars.web import audit
from regulars.web.api import shapes
from regulars.web.api.entrance import AccessToken
from regulars.web.api.routes.customers import one_of
from regulars.web.api.routes.paging import REFUSALS, After, Limit, page_of
from regulars.web.core.request import actor_in
from regulars.web.valuations.selectors import current, figures

router = Router(tags=["values"])
FIELDS = [name for name in shapes.Value.model_fields if name not in ("customer", "as_of", "currency")]


@router.get(
    "/values", auth=AccessToken("values:read"), response={200: shapes.Values, **REFUSALS}, operation_id="listValues"
)
def values(request: HttpRequest, after: After = None, limit: Limit = 50) -> Any:
    """List the figures of the customers that the token's owner reaches, by customer."""
    actor = actor_in(request)
    page = page_of(figures(actor), ["customer_id"], after, limit)
    details = {"n": len(page), "by": "api"}
    audit.record(actor=actor, verb="export", subject_type="valuations.figures", subject_id="", details=details)
    return {"items": [_value(row) for row in page.rows], "next": page.after}


@router.get(
    "/customers/{int:customer_id}/value",
    auth=AccessToken("values:read"),
    response={200: shapes.Value, **REFUSALS},
    operation_id="readValue",
)
def value(request: HttpRequest, customer_id: int) -> Any:
    """Read one customer's figures; 404 where no valuation knows them."""
    actor = actor_in(request)
    row = figures(actor).filter(customer=one_of(actor, customer_id)).first()
    if row is None:
        raise Http404
    return _value(row)


def _value(row: Any) -> dict[str, Any]:
    valuation = current()
    known = {"as_of": valuation.as_of, "currency": valuation.currency} if valuation else {"as_of": None, "currency": ""}
    return {"customer": row.customer_id, **known, **{name: getattr(row, name) for name in FIELDS}}
