"""A campaign: what is offered to whom, by which way, at what cost, for how long; and where it stands."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.prove.control import DEFAULT_SHARE, LARGEST_SHARE
from regulars.web.campaigns.taxonomy import OPEN, PLANNABLE, State
from regulars.web.core.conflict import Versioned

LEAST_SHARE = Decimal("0.01")
LONGEST_WINDOW = 365
MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 4, "validators": [MinValueValidator(Decimal(0))]}


def fresh_seed() -> str:
    """Return what the split of a campaign will be drawn from."""
    return secrets.token_hex(8)


class Campaign(Versioned):
    """One campaign. Once launched, its plan does not change any more."""

    name = models.CharField(_("name"), max_length=80)
    goal = models.CharField(_("goal"), max_length=300, blank=True)
    audience = models.JSONField(default=list)  # {"list": a name that can be read, "called": what it was called}
    left_out = models.JSONField(default=list)  # the same: who is in one of these is not in the campaign
    offer = models.CharField(_("offer"), max_length=200, blank=True)
    offer_cost = models.DecimalField(_("cost of the offer per redemption"), default=0, **MONEY)
    channel = models.CharField(_("channel"), max_length=12)
    contact_cost = models.DecimalField(_("cost per contact"), default=0, **MONEY)
    fixed_cost = models.DecimalField(_("other costs in all"), default=0, **MONEY)
    starts_on = models.DateField(_("start"))
    window_days = models.PositiveSmallIntegerField(
        _("response window, days"),
        default=28,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WINDOW)],
    )
    share = models.DecimalField(
        _("left alone as control"),
        max_digits=5,
        decimal_places=4,
        default=DEFAULT_SHARE,
        validators=[MinValueValidator(LEAST_SHARE), MaxValueValidator(LARGEST_SHARE)],
    )
    by_class = models.BooleanField(_("split within each value class"), default=True)
    looks = models.JSONField(default=list)  # days after the start on which a verdict may be read before the end
    only_agreed = models.BooleanField(_("only who agreed to offers by this channel"), default=True)
    quiet_days = models.PositiveSmallIntegerField(
        _("days between two campaigns for one customer"), default=14, validators=[MaxValueValidator(366)]
    )
    worth_knowing = models.DecimalField(_("difference worth knowing, per customer"), null=True, blank=True, **MONEY)
    seed = models.CharField(max_length=40, default=fresh_seed, editable=False)

    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("planned by"), editable=False
    )
    made_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)  # of who approved, sent back or cancelled it
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    launched_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    launched_at = models.DateTimeField(null=True, editable=False)
    first_day = models.DateField(null=True, editable=False)  # of the response window
    last_day = models.DateField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    holdout = models.OneToOneField("tasks.Holdout", models.SET_NULL, null=True, related_name="+")
    n_treated = models.PositiveIntegerField(default=0, editable=False)
    n_control = models.PositiveIntegerField(default=0, editable=False)
    skipped = models.JSONField(default=dict)  # why → how many, at the launch
    outlook = models.JSONField(default=dict)  # what the plan would come to, as it was reckoned last

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share__gte=LEAST_SHARE, share__lte=LARGEST_SHARE),
                name="campaigns_share_is_a_part",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[*OPEN, State.CANCELLED])
                | models.Q(launched_at__isnull=False, first_day__isnull=False, last_day__isnull=False),
                name="campaigns_launched_has_a_window",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_plannable(self) -> bool:
        """Whether the plan can still be changed."""
        return self.state in PLANNABLE

    @property
    def is_launched(self) -> bool:
        """Whether its audience has been split."""
        return self.holdout_id is not None and self.launched_at is not None

    @property
    def last_planned(self) -> date:
        """Last day of the response window as planned."""
        return self.starts_on + timedelta(days=self.window_days - 1)

    @property
    def said_audience(self) -> str:
        """The lists of the audience as one line."""
        return ", ".join(str(one["called"]) for one in self.audience)


class Lesson(models.Model):
    """What somebody has learned from a campaign, in their own words."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="lessons")
    text = models.CharField(_("lesson"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
