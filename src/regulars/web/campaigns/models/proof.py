"""What an experiment is read by, and what was read: one row for each campaign, rule and list with a control group."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.web.core.conflict import Versioned
from regulars.web.tasks.taxonomy import UNIVERSAL

MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 4, "validators": [MinValueValidator(Decimal(0))]}


class Verdict(models.TextChoices):
    """What can be said of an experiment. The first four are verdicts; before there is one, it is not read yet."""

    PROVED = "proved", _("Proved")
    LOST = "lost", _("Lost money")
    INCONCLUSIVE = "inconclusive", _("Inconclusive")
    NOT_ENOUGH = "not_enough", _("Not enough data")
    WAITING = "waiting", pgettext_lazy("experiment", "Not read yet")


class Proof(Versioned):
    """The terms of an experiment, which a campaign fixes at its launch, and the last reading: kept, so pages are fast.

    `result` is what the page draws, as JSON; the columns are what the ledger sorts by. Money is in the workspace's
    currency; `estimate`, `low` and `high` are per assigned customer, after all costs.
    """

    holdout = models.OneToOneField("tasks.Holdout", models.CASCADE, related_name="+")
    window_days = models.PositiveSmallIntegerField(
        _("response window, days"), default=56, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    contact_cost = models.DecimalField(_("cost per contact"), default=0, **MONEY)
    offer_cost = models.DecimalField(_("cost of the offer per redemption"), default=0, **MONEY)
    fixed_cost = models.DecimalField(_("other costs in all"), default=0, **MONEY)
    looks = models.JSONField(default=list)

    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict, default=Verdict.WAITING)
    basis = models.CharField(max_length=12, blank=True)  # net_profit or revenue
    estimate = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    brought = models.FloatField(null=True)  # estimate × treated
    spent = models.FloatField(null=True)
    n_treated = models.PositiveIntegerField(default=0)
    n_control = models.PositiveIntegerField(default=0)
    read_to = models.DateField(null=True)  # the last day of orders that was read
    read_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("reading of an experiment")
        verbose_name_plural = _("readings of experiments")
        ordering = ["-holdout_id"]

    def __str__(self) -> str:
        return f"{self.holdout_id} {self.verdict}"

    @property
    def is_universal(self) -> bool:
        """Whether it is about all campaigns together, against who is in none."""
        return self.holdout.list_kind == UNIVERSAL
