"""Planning a campaign: what it is, changed as often as needed until it is submitted; and what it would come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.prove.control import DEFAULT_SHARE, LARGEST_SHARE
from regulars.web.campaigns import outlook
from regulars.web.campaigns.actions.trail import trail
from regulars.web.campaigns.channels import CHANNELS, channel_of
from regulars.web.campaigns.models import Campaign
from regulars.web.campaigns.models.campaign import LEAST_SHARE, LONGEST_WINDOW, fresh_seed
from regulars.web.campaigns.taxonomy import OPEN, State
from regulars.web.core import jobs
from regulars.web.core.actor import Actor
from regulars.web.tasks.selectors import today

MOST_LOOKS = 8
List = Mapping[str, str]
"""A list by the name that it can be read by (``segment:5``, ``customers:matrix=IV``), and what it is called."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign is. See the fields of `Campaign`."""

    name: str
    audience: Sequence[List]
    channel: str
    starts_on: date
    goal: str = ""
    left_out: Sequence[List] = ()
    offer: str = ""
    offer_cost: Decimal = Decimal(0)
    contact_cost: Decimal = Decimal(0)
    fixed_cost: Decimal = Decimal(0)
    window_days: int = 28
    share: Decimal = DEFAULT_SHARE
    by_class: bool = True
    looks: Sequence[int] = ()
    only_agreed: bool = True
    quiet_days: int = 14
    worth_knowing: Decimal | None = None


@transaction.atomic
def create(*, plan: Plan, by: Actor) -> Campaign:
    """Make a draft, and let it be reckoned what it would come to.

    Raises
    ------
    PermissionDenied
        Without the right.
    ValidationError
        For a plan that cannot be: see `refuse`.
    """
    by.require("campaigns.write")
    refuse(plan)
    campaign = Campaign(owner_id=by.user_id or 0)
    _fill(campaign, plan)
    campaign.save()
    trail("create", campaign, by)
    reckon(campaign=campaign, by=by)
    return campaign


@transaction.atomic
def revise(*, campaign: Campaign, plan: Plan, version: int, by: Actor) -> None:
    """Change the plan of a draft; one that was sent back becomes a draft again.

    Raises
    ------
    PermissionDenied, Conflict
    ValidationError
        For a plan that cannot be, or one that is no draft any more.
    """
    by.require("campaigns.write")
    refuse(plan)
    campaign.claim(version)
    if not campaign.is_plannable:
        raise ValidationError(_("This plan was submitted: take it back before you change it."))
    before = {name: getattr(campaign, name) for name in asdict(plan)}
    _fill(campaign, plan)
    campaign.state = State.DRAFT
    campaign.save()
    trail("update", campaign, by, fields=sorted(name for name, old in before.items() if old != getattr(campaign, name)))
    reckon(campaign=campaign, by=by)


@transaction.atomic
def copy(*, campaign: Campaign, name: str, starts_on: date, by: Actor) -> Campaign:
    """Make a draft with the same plan, a new name and start, and a split of its own."""
    by.require("campaigns.write")
    kept = {field: getattr(campaign, field) for field in Plan.__slots__}
    made = create(plan=Plan(**{**kept, "name": name, "starts_on": starts_on}), by=by)
    channel_of(campaign).copy(campaign, made)
    return made


@transaction.atomic
def delete(*, campaign: Campaign, version: int, by: Actor) -> None:
    """Delete a draft; what was ever submitted stays.

    Raises
    ------
    ValidationError
        For anything else than a draft that was never submitted.
    """
    by.require("campaigns.write")
    campaign.claim(version)
    if campaign.state != State.DRAFT or campaign.submitted_at is not None:
        raise ValidationError(_("What was submitted once is kept. Cancel it instead."))
    trail("delete", campaign, by, name=campaign.name)
    campaign.delete()


@transaction.atomic
def reckon(*, campaign: Campaign, by: Actor) -> None:
    """Let a job reckon what the plan would come to, unless one is about to."""
    if campaign.state in OPEN and not (campaign.job and campaign.job.is_open):
        campaign.job = jobs.start(kind="campaigns.outlook", by=by, parameters={"campaign": campaign.pk})
        Campaign.objects.filter(pk=campaign.pk).update(job=campaign.job)


def keep_outlook(campaign: Campaign) -> dict[str, Any]:
    """Reckon what the plan would come to and keep it; the plan of a moment ago is not written over."""
    found = outlook.look_ahead(campaign).as_json()
    Campaign.objects.filter(pk=campaign.pk).update(outlook=found)
    return found


def refuse(plan: Plan) -> None:
    """Refuse a plan that cannot be.

    Raises
    ------
    ValidationError
        By field: no audience, an unknown channel, a share or a window out of bounds, looks outside of the window.
    """
    wrong: dict[str, Any] = {}
    if not plan.name.strip():
        wrong["name"] = _("Give it a name.")
    if not plan.audience:
        wrong["audience"] = _("Choose at least one list.")
    if plan.channel not in CHANNELS:
        wrong["channel"] = _("Choose a channel.")
    if not LEAST_SHARE <= plan.share <= LARGEST_SHARE:
        wrong["share"] = _("Leave between 1% and 50% alone: without a control group nothing can be proved.")
    if not 1 <= plan.window_days <= LONGEST_WINDOW:
        wrong["window_days"] = _("Choose from 1 to 365 days.")
    looks = list(plan.looks)
    if looks != sorted(set(looks)) or len(looks) > MOST_LOOKS or any(not 0 < day < plan.window_days for day in looks):
        wrong["looks"] = _("Looks are days after the start and before the end, ascending; eight at most.")
    if wrong:
        raise ValidationError(wrong)


def refuse_past(starts_on: date) -> None:
    """Refuse a start that has passed.

    Raises
    ------
    ValidationError
    """
    if starts_on < today():
        raise ValidationError(
            _("The start, %(day)s, has passed: take the plan back and choose a new one."),
            params={"day": starts_on},
            code="past",
        )


def _fill(campaign: Campaign, plan: Plan) -> None:
    for name in Plan.__slots__:
        value = getattr(plan, name)
        setattr(campaign, name, [*value] if name in ("audience", "left_out", "looks") else value)
    campaign.seed = campaign.seed or fresh_seed()
