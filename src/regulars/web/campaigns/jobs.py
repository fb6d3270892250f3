"""Long work and regular chores of campaigns: counting, launching, ending, reading."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from regulars.errors import InputError
from regulars.web.accounts.selectors import holding
from regulars.web.campaigns import actions
from regulars.web.campaigns.models import Campaign
from regulars.web.core.actor import NOBODY, actor_of
from regulars.web.core.jobs import Run, job
from regulars.web.core.schedule import regularly
from regulars.web.core.words import refusal
from regulars.web.tasks.selectors import today


@job("campaigns.outlook", title=_("Count an audience"), permission="campaigns.write", repeatable=True)
def outlook(run: Run) -> dict[str, Any]:
    """Reckon what a plan would come to."""
    campaign = Campaign.objects.filter(pk=run.parameters["campaign"]).select_related("owner").first()
    if campaign is None:
        return {}
    try:
        actions.keep_outlook(campaign)
    except ValidationError as error:
        raise InputError(refusal(error)) from None
    return {}


@job("campaigns.launch", title=_("Launch a campaign"), permission="campaigns.launch", repeatable=True)
def launch(run: Run) -> dict[str, Any]:
    """Freeze, split, begin."""
    campaign = Campaign.objects.select_related("owner", "holdout").get(pk=run.parameters["campaign"])
    actions.carry_out(campaign=campaign, by=run.actor, report=run.report)
    return {}


@job("campaigns.read", title=_("Read experiments"), permission="campaigns.read", repeatable=True)
def read(run: Run) -> dict[str, Any]:
    """Read every experiment whose day has come, and again those whose orders have changed."""
    return {"read": actions.read_due(report=run.report)}


@job("campaigns.universal", title=_("Draw the universal hold-out"), permission="campaigns.configure", repeatable=True)
def draw(run: Run) -> dict[str, Any]:
    """Write down who is left out of every campaign."""
    return {"added": actions.write_universal()}


@regularly("campaigns.tend", every=timedelta(minutes=5))
def tend() -> None:
    """End what is over, and have read what is due, on behalf of somebody who may see what comes of it."""
    actions.end_due(day=today(), by=NOBODY)
    reader = holding("campaigns.configure").order_by("pk").first()
    if reader is not None and actions.is_due():
        actions.read_again(by=actor_of(reader))


@regularly("campaigns.universal", every=timedelta(hours=6))
def draw_new() -> None:
    """Let new customers be in the universal hold-out, or not, from their first day."""
    actions.write_universal()
