"""Alert rules as data: what is noticed in a valuation, whose task it becomes, by when, and who is left alone."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.prove.control import DEFAULT_SHARE
from regulars.web.core.conflict import Versioned


class OwnerRule(models.TextChoices):
    """Whose task an alert becomes."""

    OWNER = "owner", _("Who looks after the customer")
    TEAM = "team", _("The customer's team: whoever takes it")
    PERSON = "person", _("One person")


class Rule(Versioned):
    """One alert rule. The condition is one of those that `alerts` declares; everything else is set up here."""

    alert = models.CharField(_("alert"), max_length=20)
    enabled = models.BooleanField(_("switched on"), default=True)
    owner_rule = models.CharField(_("task for"), max_length=6, choices=OwnerRule, default=OwnerRule.OWNER)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    due_days = models.PositiveSmallIntegerField(
        _("business days to do it"), default=2, validators=[MaxValueValidator(60)]
    )
    least = models.DecimalField(
        _("only with at least this much at stake"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    at_most = models.PositiveIntegerField(
        _("tasks a valuation, at most"), default=100, validators=[MinValueValidator(1), MaxValueValidator(5_000)]
    )
    quiet_days = models.PositiveSmallIntegerField(
        _("days of quiet after it was done"), default=30, validators=[MaxValueValidator(366)]
    )
    share = models.DecimalField(
        _("left alone as control"),
        max_digits=5,
        decimal_places=4,
        default=DEFAULT_SHARE,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal("0.5"))],
    )
    holdout = models.ForeignKey("tasks.Holdout", models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.alert} {self.pk}"


class AlertRun(models.Model):
    """A rule has seen a valuation: written in the transaction of its tasks, so that it happens once."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="runs")
    valuation = models.ForeignKey("valuations.Valuation", models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    found = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    left_alone = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "valuation"], name="tasks_rule_sees_it_once")]

    def __str__(self) -> str:
        return f"rule {self.rule_id}, valuation {self.valuation_id}"
