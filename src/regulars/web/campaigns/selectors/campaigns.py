"""Campaigns, their customers, and what was read of them. Counts are the company's; names are those in reach."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from django.db.models import QuerySet

from regulars.web.campaigns import universal
from regulars.web.campaigns.models import Campaign, Proof, Skipped
from regulars.web.campaigns.taxonomy import State
from regulars.web.core.actor import Actor
from regulars.web.tasks import selectors as tasks
from regulars.web.tasks.taxonomy import CAMPAIGN

READ = "campaigns.read"


def campaigns(actor: Actor) -> QuerySet[Campaign]:
    """Return every campaign, newest first."""
    if not actor.may(READ):
        return Campaign.objects.none()
    people = ("owner", "decided_by", "launched_by")
    return Campaign.objects.select_related(*people, "holdout", "job").order_by("-id")


def proof_of(actor: Actor, campaign: Campaign) -> Proof | None:
    """Return what was read of a campaign; None before its launch."""
    if not actor.may(READ) or campaign.holdout_id is None:
        return None
    return Proof.objects.filter(holdout_id=campaign.holdout_id).select_related("holdout").first()


def others(actor: Actor, campaign: Campaign, *, most: int = 6) -> list[Campaign]:
    """Return other campaigns that were launched, newest first."""
    return list(campaigns(actor).filter(state__in=(State.RUNNING, State.ENDED)).exclude(pk=campaign.pk)[:most])


def members(actor: Actor, campaign: Campaign, arm: str) -> QuerySet[Any]:
    """Return the customers of one group whom `actor` reaches."""
    if campaign.holdout is None or not actor.may(READ):
        return Skipped.objects.none()
    return tasks.members(actor, campaign.holdout, arm)


def skipped(actor: Actor, campaign: Campaign) -> QuerySet[Any]:
    """Return who fell out at the launch and why, of those whom `actor` reaches."""
    if not actor.may(READ):
        return Skipped.objects.none()
    return Skipped.objects.visible_to(actor).filter(campaign=campaign).select_related("customer")


def group_counts(campaign: Campaign) -> dict[str, int]:
    """Return how many are in each group and how many fell out, as counted at the launch."""
    return {
        "treated": campaign.n_treated, "control": campaign.n_control, "skipped": sum(campaign.skipped.values()),
    }  # fmt: skip


def memberships(actor: Actor, customer_id: int) -> QuerySet[Any]:
    """Return the campaigns that a customer is or was in, with their group, newest first."""
    if not actor.may(READ):
        return tasks.experiments_of(actor, customer_id).none()
    return tasks.experiments_of(actor, customer_id).filter(holdout__list_kind=CAMPAIGN)


def audience_size(campaign: Campaign) -> int | None:
    """Return how many are or would be in a campaign; None where that was not counted yet."""
    if campaign.is_launched:
        return campaign.n_treated + campaign.n_control
    found = campaign.outlook
    return found["n_treated"] + found["n_control"] if found else None


def left_alone_by_all(numbers: Collection[int]) -> set[int]:
    """Return which of these customers are in the universal hold-out now: for who is about to address them."""
    return {int(one) for one in universal.drawn(np.array(sorted(numbers), np.int64))}
