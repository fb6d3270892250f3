"""The current valuation as a whole: its model, how that was tested, and what value would be if."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router

from regulars.web.api import valuation_shapes as shapes
from regulars.web.api.entrance import AccessToken
from regulars.web.api.routes.paging import REFUSALS
from regulars.web.core.request import actor_in
from regulars.web.facts.selectors import what_if
from regulars.web.valuations.selectors import current, held_out

router = Router(tags=["values"])


@router.get(
    "/model",
    auth=AccessToken("values:read"),
    response={200: shapes.ModelCard, **REFUSALS},
    operation_id="readModelCard",
)
def model_card(request: HttpRequest) -> Any:
    """Read which forecast the current valuation used and why, and where it is weak; 404 before the first valuation."""
    card = _shown().card
    return {**_dated(), **{name: card.get(name) for name in ("model", "choice", "not_enough", "untested", "weak")}}


@router.get(
    "/tournament",
    auth=AccessToken("values:read"),
    response={200: shapes.Tournament, **REFUSALS},
    operation_id="readTournament",
)
def tournament(request: HttpRequest) -> Any:
    """Read every model beside the naive rules on what none had seen; 404 where nothing was held out."""
    held = held_out(actor_in(request), _shown())
    if held is None:
        raise Http404
    return {**_dated(), **held}


@router.get(
    "/what-if",
    auth=AccessToken("values:read"),
    response={200: shapes.WhatIf, **REFUSALS},
    operation_id="readWhatIf",
)
def asked(request: HttpRequest, question: Query[shapes.WhatIfAsked]) -> Any:
    """Reckon value to come under another horizon, discount rate or dropout; 404 where there is none to reckon with."""
    valuation = _shown()
    run = valuation.card.get("run") or {}
    weeks = question.weeks or run.get("horizon_days", 364) / 7
    rate = run.get("discount_rate", 0.1) if question.rate is None else question.rate
    asking: dict[str, Any] = {"weeks": None if question.to_the_end else weeks, "rate": rate, "lower": question.lower}
    found = what_if(actor_in(request), valuation.card, **asking, valuation=valuation.pk)
    if found is None:
        raise Http404
    return {**_dated(), **found}


def _shown() -> Any:
    valuation = current()
    if valuation is None:
        raise Http404
    return valuation


def _dated() -> dict[str, Any]:
    valuation = _shown()
    return {"as_of": valuation.as_of, "currency": valuation.currency}
