"""The interface as a whole: its routes, its errors, its description as OpenAPI."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import NinjaAPI, Router

from regulars.web.api import answers, shapes
from regulars.web.api.entrance import AccessToken
from regulars.web.api.routes import campaigns, contracts, customers, log, orders, tasks, valuation, values
from regulars.web.api.routes.paging import REFUSALS
from regulars.web.api.scopes import SCOPES
from regulars.web.core.request import actor_in

DESCRIPTION = """\
What the pages do, for programs: the same rights, the same hidden fields, the same trail.
Every call carries a token from the profile page. An error is one line with a code."""

api = NinjaAPI(
    title="Regulars",
    version="1",
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
answers.listen(api)
about = Router(tags=["about"])


@about.get("/me", auth=AccessToken(), response={200: shapes.Me, **REFUSALS}, operation_id="readMe")
def me(request: HttpRequest) -> Any:
    """Say who the token stands for, how far they reach, and what is left of its scopes."""
    actor = actor_in(request)
    made_for = request.token.scopes  # type: ignore[attr-defined]
    held = [scope for scope, (right, _) in SCOPES.items() if scope in made_for and actor.may(right)]
    return {"user": actor.user_id, "name": actor.name, "reach": actor.scope, "scopes": held}


@about.get("/openapi.json", auth=AccessToken(), include_in_schema=False)
def openapi(request: HttpRequest) -> Any:
    """Describe the interface."""
    return api.get_openapi_schema(path_prefix="/api/v1/")


api.add_router("", about)
api.add_router("/customers", customers.router)
api.add_router("/customers", log.router)
api.add_router("", values.router)
api.add_router("/valuation", valuation.router)
api.add_router("", contracts.router)
api.add_router("/tasks", tasks.router)
api.add_router("/orders", orders.router)
api.add_router("/campaigns", campaigns.router)


elsewhere = Router()
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@elsewhere.api_operation(METHODS, "/", auth=AccessToken(), include_in_schema=False)
def root(request: HttpRequest) -> Any:
    """Answer the bare address: there is nothing, either."""
    raise Http404


@elsewhere.api_operation(METHODS, "/{path:rest}", auth=AccessToken(), include_in_schema=False)
def nothing(request: HttpRequest, rest: str) -> Any:
    """Answer an address that leads nowhere in the same shape as every other error."""
    raise Http404


api.add_router("", elsewhere)
