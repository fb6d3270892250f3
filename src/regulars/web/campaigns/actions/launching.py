"""Launching: the audience is frozen and split, unseen, in parts; then everything begins in one step, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.errors import InputError
from regulars.prove.control import CONTROL
from regulars.web.campaigns.actions.deciding import refuse_size
from regulars.web.campaigns.actions.planning import refuse_past
from regulars.web.campaigns.actions.trail import trail
from regulars.web.campaigns.assigning import assign
from regulars.web.campaigns.audience import Audience, resolve
from regulars.web.campaigns.channels import channel_of
from regulars.web.campaigns.models import Campaign, Proof, Skipped
from regulars.web.campaigns.taxonomy import State
from regulars.web.core import jobs, tables
from regulars.web.core.actor import Actor
from regulars.web.core.jobs import Cancelled
from regulars.web.core.words import both, refusal
from regulars.web.tasks import actions as tasks
from regulars.web.tasks.selectors import today
from regulars.web.tasks.taxonomy import CAMPAIGN

Report = Callable[[float, Promise | None], None]
LAUNCH = "campaigns.launch"
ROWS = 20_000


@transaction.atomic
def launch(*, campaign: Campaign, version: int, by: Actor) -> None:
    """Start the job that launches an approved campaign.

    Raises
    ------
    PermissionDenied, Conflict
    ValidationError
        When it is not approved, its start has passed, or it is being launched already.
    """
    by.require(LAUNCH)
    campaign.claim(version)
    if campaign.state != State.APPROVED:
        raise ValidationError(_("Only an approved campaign can be launched."))
    if campaign.job and campaign.job.is_open and campaign.job.kind == LAUNCH:
        raise ValidationError(_("It is being launched already."))
    refuse_past(campaign.starts_on)
    campaign.job = jobs.start(kind=LAUNCH, by=by, parameters={"campaign": campaign.pk})
    campaign.save(update_fields=["job"])


def carry_out(*, campaign: Campaign, by: Actor, report: Report = lambda _share, _said: None) -> None:
    """Freeze and split the audience, and begin.

    Idempotent: what an earlier attempt has left half-done is removed first, and who is in which group depends on the
    campaign alone. Nothing of it is seen by anybody before the last step, which is one transaction.

    Raises
    ------
    InputError
        When nobody is left in the audience, a list is gone, or the campaign is no longer approved.
    Cancelled
        When somebody asked to stop; then nothing is left of it.
    """
    if campaign.is_launched:
        return
    _clear(campaign)
    try:
        _say(lambda: channel_of(campaign).refuse(campaign))
        report(0.02, _("counting the audience"))
        audience = _audience(campaign)
        report(0.25, _("splitting it by chance"))
        assigned = assign(campaign, audience.numbers)
        n_control = _count(assigned, CONTROL)
        _say(lambda: refuse_size(campaign, assigned.num_rows - n_control, n_control))
        _write(campaign, audience, assigned, by, report)
        report(0.95, _("beginning"))
        _begin(campaign, audience, assigned.num_rows - n_control, n_control, by)
    except (Cancelled, InputError):
        _clear(campaign)
        raise


@transaction.atomic
def end(*, campaign: Campaign, by: Actor, version: int | None = None) -> None:
    """End a campaign: its control group is left alone no longer, tasks that are still open are dropped.

    The orders of its response window count, however early it is ended: people are read as they were assigned.

    Raises
    ------
    PermissionDenied, Conflict
    """
    if version is not None:
        by.require(LAUNCH)
        campaign.claim(version)
    if campaign.state != State.RUNNING or campaign.holdout is None:
        return
    channel_of(campaign).stop(campaign, by)
    tasks.finish_experiment(campaign.holdout)
    campaign.state, campaign.ended_at = State.ENDED, timezone.now()
    campaign.save()
    trail("end", campaign, by)


def end_due(*, day: date, by: Actor) -> int:
    """End the campaigns whose response window is over; return how many."""
    due = list(Campaign.objects.filter(state=State.RUNNING, last_day__lt=day).select_related("holdout"))
    for campaign in due:
        end(campaign=campaign, by=by)
    return len(due)


def _audience(campaign: Campaign) -> Audience:
    found: list[Audience] = []
    _say(lambda: found.append(resolve(campaign)))
    return found[0]


def _say(check: Callable[[], object]) -> None:
    """Let a refusal end the job in its own words, in both languages."""
    try:
        check()
    except ValidationError as error:
        raise InputError(refusal(error)) from None


def _clear(campaign: Campaign) -> None:
    """Remove what an attempt has left that did not come to its end."""
    tables.remove(Skipped.objects.filter(campaign=campaign))
    if campaign.holdout is not None:
        left = campaign.holdout
        tasks.empty(left)
        with transaction.atomic():
            Campaign.objects.filter(pk=campaign.pk).update(holdout=None)
            tasks.scrap(left)
        campaign.holdout = None


def _write(campaign: Campaign, audience: Audience, assigned: pa.Table, by: Actor, report: Report) -> None:
    subject = {"called": campaign.name, "campaign": campaign.pk}
    with transaction.atomic():  # one that no campaign knew of would never be removed
        holdout = tasks.prepare(
            list_kind=CAMPAIGN, subject=subject, share=campaign.share, seed=campaign.seed,
            strata="matrix" if campaign.by_class else "", detail=campaign.offer, by=by,
        )  # fmt: skip
        Campaign.objects.filter(pk=campaign.pk).update(holdout=holdout)
    campaign.holdout = holdout
    n = max(1, audience.listed)
    words = _("writing down who is in which group")
    report(0.3, words)
    tasks.fill(holdout, assigned, report=lambda done: report(0.3 + 0.65 * done / n, None))
    base = assigned.num_rows
    table = Skipped._meta.db_table
    tables.add_all(table, _skipped(campaign, audience), lambda done: report(0.3 + 0.65 * (base + done) / n, None))


def _skipped(campaign: Campaign, audience: Audience) -> Iterable[pa.Table]:
    for why, numbers in audience.fallen.items():
        for start in range(0, len(numbers), ROWS):
            part = numbers[start : start + ROWS]
            same = pa.array(np.zeros(len(part), np.int64))
            yield pa.table(
                {
                    "campaign_id": pa.array([campaign.pk]).take(same),
                    "customer_id": part,
                    "why": pa.array([why.value]).take(same),
                }
            )


@transaction.atomic
def _begin(campaign: Campaign, audience: Audience, n_treated: int, n_control: int, by: Actor) -> None:
    """Let everything begin at once; where the campaign was taken back meanwhile, nothing does."""
    still = Campaign.objects.select_for_update().filter(pk=campaign.pk, state=State.APPROVED)
    if not still.exists():
        raise InputError(both(_("This campaign is no longer approved: it was taken back meanwhile.")))
    assert campaign.holdout is not None
    tasks.begin(campaign.holdout)
    campaign.refresh_from_db()
    campaign.state, campaign.launched_at, campaign.launched_by_id = State.RUNNING, timezone.now(), by.user_id
    campaign.first_day = max(today(), campaign.starts_on)
    campaign.last_day = campaign.first_day + timedelta(days=campaign.window_days - 1)
    campaign.n_treated, campaign.n_control, campaign.skipped = n_treated, n_control, audience.counts()
    campaign.version += 1
    campaign.save()
    Proof.objects.create(
        holdout=campaign.holdout, window_days=campaign.window_days, contact_cost=campaign.contact_cost,
        offer_cost=campaign.offer_cost, fixed_cost=campaign.fixed_cost, looks=campaign.looks,
        n_treated=n_treated, n_control=n_control,
    )  # fmt: skip
    channel_of(campaign).begin(campaign, by)
    trail("launch", campaign, by, n=n_treated + n_control, control=n_control)


def _count(assigned: pa.Table, arm: str) -> int:
    import pyarrow.compute as pc

    return int(pc.sum(pc.equal(assigned["arm"], arm)).as_py() or 0)
