"""Pausing, going on, giving up; and deciding about messages that nobody knows of whether they have left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.mail.actions.outbox import drop_waiting
from regulars.web.mail.models import Letter, Outgoing
from regulars.web.mail.settling import close
from regulars.web.mail.taxonomy import GONE, State, Suppressing, Why

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign

CAMPAIGN = "campaigns.campaign"
LAUNCH = "campaigns.launch"


@transaction.atomic
def pause(*, campaign: Campaign, by: Actor) -> None:
    """Hold the messages back that have not left; a batch that is on its way arrives."""
    by.require(LAUNCH)
    if Letter.objects.filter(pk=campaign.pk, paused_at=None).update(paused_at=timezone.now()):
        audit.record(actor=by, verb="pause", subject_type=CAMPAIGN, subject_id=campaign.pk)


@transaction.atomic
def resume(*, campaign: Campaign, by: Actor) -> None:
    """Go on sending."""
    by.require(LAUNCH)
    if Letter.objects.filter(pk=campaign.pk).exclude(paused_at=None).update(paused_at=None):
        audit.record(actor=by, verb="resume", subject_type=CAMPAIGN, subject_id=campaign.pk)


@transaction.atomic
def give_up_rest(*, campaign: Campaign, by: Actor) -> int:
    """Send nothing more of this campaign; return how many are given up. Its window is read all the same."""
    by.require(LAUNCH)
    n = drop_waiting(campaign, Why.STOPPED)
    audit.record(actor=by, verb="stop-sending", subject_type=CAMPAIGN, subject_id=campaign.pk, details={"n": n})
    return n


@transaction.atomic
def decide_doubts(*, campaign: Campaign, again: bool, by: Actor, only: int | None = None) -> int:
    """Count messages in doubt as sent, or send them again: some then get two. Return how many.

    Parameters
    ----------
    only
        The one message; without it, all of the campaign.
    """
    by.require(LAUNCH)
    doubts = Outgoing.objects.filter(campaign=campaign.pk, state=State.UNCERTAIN)
    if only is not None:
        doubts = doubts.filter(pk=only)
    state = {"state": State.QUEUED, "gone_at": None} if again else {"state": State.SENT}
    n = doubts.update(claim="", **state)
    details = {"n": n, "again": again}
    audit.record(actor=by, verb="decide-doubts", subject_type=CAMPAIGN, subject_id=campaign.pk, details=details)
    return n


@transaction.atomic
def mark_bounced(*, row: Outgoing, by: Actor) -> None:
    """Note that a message came back: its address gets no more offers, and is marked at the customer's record.

    Raises
    ------
    PermissionDenied
        Without the right, or where `by` does not reach the customer.
    """
    by.require("campaigns.write")
    if not Outgoing.objects.visible_to(by).filter(pk=row.pk).exists():
        raise PermissionDenied
    if row.state not in GONE or not row.digest:
        return
    Outgoing.objects.filter(pk=row.pk).update(state=State.FAILED, why=Why.ADDRESS)
    close(row, Suppressing.BOUNCED)
    audit.record(actor=by, verb="bounce", subject_type="customers.customer", subject_id=row.customer_id)
