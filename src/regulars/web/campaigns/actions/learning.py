"""What people note: lessons of a campaign, and what an experiment that is no campaign is read by."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.campaigns.actions.trail import trail
from regulars.web.campaigns.models import Campaign, Lesson, Proof
from regulars.web.campaigns.taxonomy import State
from regulars.web.core.actor import Actor

PROOF = "campaigns.proof"


@transaction.atomic
def add_lesson(*, campaign: Campaign, text: str, by: Actor) -> Lesson:
    """Note what was learned from a campaign that has been launched."""
    by.require("campaigns.write")
    if campaign.state not in (State.RUNNING, State.ENDED):
        raise ValidationError(_("There is nothing to learn from yet."))
    if not text.strip():
        raise ValidationError({"text": _("Write what you have learned.")})
    lesson = Lesson.objects.create(campaign=campaign, text=text.strip(), by_id=by.user_id or 0)
    trail("lesson", campaign, by)
    return lesson


@transaction.atomic
def remove_lesson(*, lesson: Lesson, by: Actor) -> None:
    """Remove a lesson of one's own."""
    by.require("campaigns.write")
    if lesson.by_id != by.user_id:
        raise ValidationError(_("Somebody else has written this."))
    trail("delete", lesson.campaign, by)
    lesson.delete()


@transaction.atomic
def set_terms(
    *, proof: Proof, window_days: int, contact_cost: Decimal, offer_cost: Decimal, fixed_cost: Decimal, version: int,
    by: Actor,
) -> None:  # fmt: skip
    """Say what a list or rule costs and over how many days it is read, before it was read: not once it is known.

    Raises
    ------
    PermissionDenied, Conflict
    ValidationError
        For a campaign, whose terms were fixed at its launch, the universal hold-out, and what was read already.
    """
    by.require("campaigns.write")
    proof.claim(version)
    if Campaign.objects.filter(holdout=proof.holdout_id).exists():
        raise ValidationError(_("The terms of a campaign are fixed at its launch."))
    if proof.is_universal:
        raise ValidationError(_("What the universal hold-out is read by is the same for everybody."))
    if proof.result.get("reading"):
        raise ValidationError(_("This has been read: terms that change afterwards prove nothing."))
    proof.window_days, proof.contact_cost = window_days, contact_cost
    proof.offer_cost, proof.fixed_cost, proof.result = offer_cost, fixed_cost, {}
    proof.save()
    audit.record(
        actor=by, verb="update", subject_type=PROOF, subject_id=proof.pk,
        details={"fields": ["window_days", "contact_cost", "offer_cost", "fixed_cost"]},
    )  # fmt: skip
