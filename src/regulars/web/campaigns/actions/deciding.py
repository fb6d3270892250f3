"""Submitting a plan, and the decision of another person: four eyes before anybody is addressed."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web.accounts.selectors import holding
from regulars.web.campaigns import outlook
from regulars.web.campaigns.actions.planning import refuse_past
from regulars.web.campaigns.actions.trail import trail
from regulars.web.campaigns.channels import channel_of
from regulars.web.campaigns.models import Campaign
from regulars.web.campaigns.taxonomy import OPEN, State
from regulars.web.core import jobs
from regulars.web.core.actor import Actor

APPROVE = "campaigns.approve"


@transaction.atomic
def submit(*, campaign: Campaign, version: int, by: Actor) -> None:
    """Ask for approval of a draft whose audience was counted.

    Raises
    ------
    PermissionDenied, Conflict
    ValidationError
        When it is no draft, its start has passed, its audience was not counted since the last change, is empty, too
        small to be split, or larger than its channel can serve.
    """
    by.require("campaigns.write")
    campaign.claim(version)
    _in_state(campaign, State.DRAFT, State.REJECTED)
    refuse_past(campaign.starts_on)
    known = outlook.kept(campaign)
    if known is None:
        raise ValidationError(_("The audience is being counted: submit it once that is done."), code="uncounted")
    refuse_size(campaign, known.n_treated, known.n_control)
    channel_of(campaign).refuse(campaign)
    campaign.state, campaign.submitted_at, campaign.note = State.SUBMITTED, timezone.now(), ""
    campaign.decided_by = campaign.decided_at = None
    campaign.save()
    trail("submit", campaign, by, n=known.n)


@transaction.atomic
def take_back(*, campaign: Campaign, version: int, by: Actor) -> None:
    """Make a submitted or approved plan a draft again; an approval is gone with it."""
    by.require("campaigns.write")
    campaign.claim(version)
    _in_state(campaign, State.SUBMITTED, State.APPROVED)
    _stop_job(campaign, by)
    campaign.state, campaign.decided_by, campaign.decided_at = State.DRAFT, None, None
    campaign.save()
    trail("take-back", campaign, by)


@transaction.atomic
def approve(*, campaign: Campaign, version: int, by: Actor, note: str = "") -> None:
    """Approve somebody else's plan. Who is the only one with the right may approve their own, and says why.

    Raises
    ------
    PermissionDenied
        Without the right.
    Conflict
    ValidationError
        For one's own plan, where somebody else could decide, or without a note.
    """
    _decide(campaign, version, by)
    if campaign.owner_id == by.user_id:
        if holding(APPROVE).exclude(pk=by.user_id).exists():
            raise ValidationError(_("Somebody else has to approve what you have planned: four eyes see more."))
        if not note.strip():
            raise ValidationError({"note": _("You are the only one who can approve: say why this is good to go.")})
    refuse_past(campaign.starts_on)
    _decided(campaign, State.APPROVED, note, by)
    trail("approve", campaign, by, own=campaign.owner_id == by.user_id)


@transaction.atomic
def send_back(*, campaign: Campaign, version: int, by: Actor, note: str) -> None:
    """Send a plan back to who planned it, and say why.

    Raises
    ------
    ValidationError
        Without a note.
    """
    _decide(campaign, version, by)
    if not note.strip():
        raise ValidationError({"note": _("Say what should change.")})
    _decided(campaign, State.REJECTED, note, by)
    trail("send-back", campaign, by)


@transaction.atomic
def cancel(*, campaign: Campaign, version: int, by: Actor, note: str = "") -> None:
    """Give up a campaign that has not been launched. A launch that is under way stops and leaves nothing behind."""
    if not (by.may("campaigns.launch") or _planned(campaign, by)):
        raise PermissionDenied("campaigns.launch")
    campaign.claim(version)
    _in_state(campaign, *OPEN)
    _stop_job(campaign, by)
    campaign.state, campaign.note, campaign.ended_at = State.CANCELLED, note.strip(), timezone.now()
    campaign.save()
    trail("cancel", campaign, by)


def may_decide(campaign: Campaign, actor: Actor) -> bool:
    """Return whether `actor` can approve this plan: somebody else's, or their own where nobody else could."""
    if campaign.state != State.SUBMITTED or not actor.may(APPROVE):
        return False
    return campaign.owner_id != actor.user_id or not holding(APPROVE).exclude(pk=actor.user_id).exists()


def may_cancel(campaign: Campaign, actor: Actor) -> bool:
    """Return whether `actor` can give this campaign up: who may launch, or who planned it."""
    return campaign.state in OPEN and (actor.may("campaigns.launch") or _planned(campaign, actor))


def refuse_size(campaign: Campaign, n_treated: int, n_control: int) -> None:
    """Refuse an audience that is empty, cannot be split, or is more than the channel's people can serve.

    Raises
    ------
    ValidationError
    """
    if not n_treated + n_control:
        raise ValidationError(_("Nobody is left in the audience: see below who falls out and why."), code="empty")
    if not n_treated or not n_control:
        raise ValidationError(
            _("%(n)s customers cannot be split into two groups: choose more, or leave a larger part alone."),
            params={"n": n_treated + n_control},
            code="small",
        )
    most = channel_of(campaign).most
    if most is not None and n_treated > most:
        raise ValidationError(
            _("%(n)s customers to speak to, %(most)s at most: narrow the lists down, or choose a channel with a file."),
            params={"n": f"{n_treated:,}", "most": f"{most:,}"},
            code="many",
        )


def _planned(campaign: Campaign, actor: Actor) -> bool:
    return actor.may("campaigns.write") and campaign.owner_id == actor.user_id


def _decide(campaign: Campaign, version: int, by: Actor) -> None:
    by.require(APPROVE)
    campaign.claim(version)
    _in_state(campaign, State.SUBMITTED)


def _decided(campaign: Campaign, state: State, note: str, by: Actor) -> None:
    campaign.state, campaign.note = state, note.strip()
    campaign.decided_by_id, campaign.decided_at = by.user_id, timezone.now()
    campaign.save()


def _in_state(campaign: Campaign, *states: State) -> None:
    if campaign.state not in states:
        raise ValidationError(
            _("This is not possible any more: the campaign is “%(state)s” now."),
            params={"state": campaign.get_state_display()},
            code="state",
        )


def _stop_job(campaign: Campaign, by: Actor) -> None:
    if campaign.job and campaign.job.is_open:
        jobs.stop(job=campaign.job)
