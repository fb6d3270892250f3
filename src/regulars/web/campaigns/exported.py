"""The treated of a campaign as a list that leaves as a file, with the number or address that its channel needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from regulars.prove.control import TREATED
from regulars.web.campaigns.channels import channel_of
from regulars.web.campaigns.models import Campaign
from regulars.web.tasks.selectors import in_group


def treated(number: str) -> QuerySet[Any]:
    """Return the numbers of the treated customers.

    Raises
    ------
    Http404
        When there is no such campaign, or it was not launched.
    """
    campaign = _campaign(number)
    if campaign is None or campaign.holdout_id is None or not campaign.is_launched:
        raise Http404
    return in_group(campaign.holdout_id, TREATED)


def points(number: str) -> Sequence[str]:
    """Return the kinds of contact points that the channel needs."""
    campaign = _campaign(number)
    return channel_of(campaign).points if campaign else ()


def _campaign(number: str) -> Campaign | None:
    return Campaign.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 18 else None
