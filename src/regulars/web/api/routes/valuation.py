"""The current valuation as a whole: its model, how that was tested, and what value would be if."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from regulars.web.api import valuation_shapes as shapes
from regulars.web.api.entrance import AccessToken
from regulars.web.api.refusals import Refused
from regulars.web.api.routes.paging import REFUSALS
from regulars.web.core.actor import Actor
from regulars.web.core.request import actor_in
from regulars.web.core.words import current_lang
from regulars.web.facts.selectors import what_if
from regulars.web.valuations import actions
from regulars.web.valuations.selectors import current, held_out, history

router = Router(tags=["values"])
CARD = ("model", "given", "relationship", "choice", "spend_choice", "not_enough", "untested", "weak")


@router.get(
    "/model",
    auth=AccessToken("values:read"),
    response={200: shapes.ModelCard, **REFUSALS},
    operation_id="readModelCard",
)
def model_card(request: HttpRequest) -> Any:
    """Read which forecast the current valuation used and why, and where it is weak; 404 before the first valuation."""
    card = _shown().card
    run = {name: value for name, value in (card.get("run") or {}).items() if name not in _hidden(actor_in(request))}
    return {**_dated(), **{name: card.get(name) for name in CARD}, "run": run or None}


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


@router.post(
    "/runs", auth=AccessToken("values:run"), response={202: shapes.Run, **REFUSALS}, operation_id="startValuation"
)
def start(request: HttpRequest, asked: shapes.RunAsked) -> Any:
    """Start a run with these settings; ask it how far it is. 409 while another is under way."""
    actor = actor_in(request)
    said = asked.dict()
    rates = {name: _percent(rate) for name, rate in said.pop("margins").items()}
    margin = said.pop("margin")
    parameters = actions.asked(**said, margin=None if margin is None else _percent(margin), margins=rates)
    if actions.under_way():
        raise Refused(409, "under_way", "A valuation is under way already.")
    return Status(202, _run(actor, actions.start(by=actor, parameters=parameters)))


@router.get(
    "/runs/{int:valuation_id}",
    auth=AccessToken("values:read"),
    response={200: shapes.Run, **REFUSALS},
    operation_id="readValuation",
)
def run(request: HttpRequest, valuation_id: int) -> Any:
    """Read where a run stands and what it was asked for."""
    actor = actor_in(request)
    return _run(actor, get_object_or_404(history(actor), pk=valuation_id))


def _run(actor: Actor, one: Any) -> dict[str, Any]:
    hidden = _hidden(actor)
    shown = current()
    return {
        "id": one.pk,
        "state": one.state,
        "as_of": one.as_of,
        "currency": one.currency,
        "customers": one.n_customers,
        "is_current": shown is not None and shown.pk == one.pk,
        "parameters": {name: value for name, value in one.parameters.items() if name not in hidden},
        "message": one.failure.get(current_lang(), ""),
    }


def _percent(rate: Decimal) -> str:
    return f"{(100 * rate).normalize():f}%"


def _hidden(actor: Actor) -> tuple[str, ...]:
    """Return what of a run's settings only who runs valuations is told."""
    return () if actor.may(actions.RUN) else ("margin", "margins")


def _shown() -> Any:
    valuation = current()
    if valuation is None:
        raise Http404
    return valuation


def _dated() -> dict[str, Any]:
    valuation = _shown()
    return {"as_of": valuation.as_of, "currency": valuation.currency}
