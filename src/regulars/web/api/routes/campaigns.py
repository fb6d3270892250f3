"""Campaigns: what was planned, how it stands, what it brought. Counts and sums, no names."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from regulars.web.api import shapes
from regulars.web.api.entrance import AccessToken
from regulars.web.api.routes.paging import REFUSALS, After, Limit, page_of
from regulars.web.campaigns import selectors
from regulars.web.core.request import actor_in

router = Router(tags=["campaigns"])
SCOPE = "campaigns:read"


@router.get("", auth=AccessToken(SCOPE), response={200: shapes.Campaigns, **REFUSALS}, operation_id="listCampaigns")
def campaigns(request: HttpRequest, after: After = None, limit: Limit = 50) -> Any:
    """List the campaigns by id."""
    page = page_of(selectors.campaigns(actor_in(request)), ["id"], after, limit)
    return {"items": [_campaign(one) for one in page.rows], "next": page.after}


@router.get(
    "/{int:campaign_id}", auth=AccessToken(SCOPE), response={200: shapes.Campaign, **REFUSALS},
    operation_id="readCampaign",
)  # fmt: skip
def campaign(request: HttpRequest, campaign_id: int) -> Any:
    """Read one campaign: its plan, how it stands, the size of its groups."""
    return _campaign(get_object_or_404(selectors.campaigns(actor_in(request)), pk=campaign_id))


@router.get(
    "/{int:campaign_id}/result", auth=AccessToken(SCOPE), response={200: shapes.CampaignResult, **REFUSALS},
    operation_id="readCampaignResult",
)  # fmt: skip
def result(request: HttpRequest, campaign_id: int) -> Any:
    """Read what a campaign brought. Before its response window is over there is no verdict, unless a look was declared.

    Amounts a head are per assigned customer, costs taken off, against the control group.
    """
    actor = actor_in(request)
    one = get_object_or_404(selectors.campaigns(actor), pk=campaign_id)
    proof = selectors.proof_of(actor, one)
    if proof is None:
        return {"campaign": one.pk, "verdict": "waiting"}
    named = ("verdict", "basis", "estimate", "low", "high", "brought", "spent", "n_treated", "n_control", "read_to")
    return {"campaign": one.pk, **{name: getattr(proof, name) for name in named}}


def _campaign(one: Any) -> dict[str, Any]:
    plain = ("name", "goal", "offer", "channel", "state", "starts_on", "window_days", "share", "first_day", "last_day")
    return {
        "id": one.pk, "version": one.version, **{name: getattr(one, name) for name in plain},
        "n_treated": one.n_treated, "n_control": one.n_control,
    }  # fmt: skip
