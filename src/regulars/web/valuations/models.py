"""Runs, and the figures of the published ones that lists sort and filter by."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.decide.contact import hardly_at_risk
from regulars.web.core.actor import Actor
from regulars.web.core.visible import Visible
from regulars.web.customers import selectors as customers


class ValuationState(models.TextChoices):
    """Where a run stands. Only a published one is ever shown as current; it stays readable when the next one is."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    PUBLISHED = "published", _("Published")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Valuation(models.Model):
    """One dated run over a snapshot of the lake. Its rows lie in `folder` of the workspace, whole and unchanging."""

    as_of = models.DateField(_("valuation date"), null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    basis = models.CharField(max_length=12, blank=True)  # "net_profit" or "revenue": what values are counted in
    state = models.CharField(max_length=10, choices=ValuationState.choices, default=ValuationState.QUEUED)
    n_customers = models.PositiveIntegerField(default=0)
    snapshot = models.JSONField(default=dict)  # table → version of the lake that was read
    parameters = models.JSONField(default=dict)
    card = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    failure = models.JSONField(default=dict)  # why it failed, in both languages
    folder = models.CharField(max_length=40, blank=True)  # below the workspace's `valuations/`
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)
    predecessor = models.ForeignKey("self", models.SET_NULL, null=True, related_name="successors")

    class Meta:
        verbose_name = _("valuation")
        verbose_name_plural = _("valuations")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.as_of or ''}".strip()

    @property
    def file(self) -> Path:
        """The run's `customer_value.parquet`: one row a customer, by surrogate id."""
        return settings.REGULARS_HOME / "valuations" / self.folder / "customer_value.parquet"

    @property
    def risk_tells(self) -> bool:
        """Whether value at risk puts customers in an order; not where the model sees hardly anyone leave."""
        return not hardly_at_risk(self.figures.get("totals", {}))


class Schedule(models.Model):
    """When valuations run by themselves: one row."""

    EVERY = [("", _("Never")), ("day", _("Every day")), ("week", _("Every week"))]
    WEEKDAYS = [
        (0, _("Monday")),
        (1, _("Tuesday")),
        (2, _("Wednesday")),
        (3, _("Thursday")),
        (4, _("Friday")),
        (5, _("Saturday")),
        (6, _("Sunday")),
    ]

    every = models.CharField(_("run"), max_length=4, choices=EVERY, blank=True, default="")
    weekday = models.PositiveSmallIntegerField(_("on"), choices=WEEKDAYS, default=0)
    at = models.TimeField(_("at"), default="04:00")  # in the workspace's zone
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    last_due = models.DateTimeField(null=True)  # the last time that was due and taken

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="valuations_schedule_one_row")]

    def __str__(self) -> str:
        return self.every


class FigureQuerySet(Visible):
    """Whose figures: those of the customers that a person reaches."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the figures of the customers that `actor` reaches."""
        return self.filter(customers.of_visible(actor))


class CustomerFigure(models.Model):
    """One customer of one valuation, in the few columns that lists sort and filter by; the rest is in the file.

    Each valuation fills a partition of its own, which is indexed before anybody reads it; nothing changes a row later.
    The table and its indexes are made by `partitions`, as each database does it best.
    """

    pk = models.CompositePrimaryKey("valuation", "customer")
    valuation = models.ForeignKey(
        Valuation, models.DO_NOTHING, db_constraint=False, related_name="rows", db_index=False
    )
    customer = models.ForeignKey(
        "customers.Customer", models.DO_NOTHING, db_constraint=False, related_name="figures", db_index=False
    )
    current_value = models.DecimalField(_("current value"), max_digits=18, decimal_places=4, null=True)
    future_value = models.DecimalField(_("future value"), max_digits=18, decimal_places=4, null=True)
    future_low = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    future_high = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    customer_value = models.DecimalField(_("customer value"), max_digits=18, decimal_places=4, null=True)
    value_at_risk = models.DecimalField(_("value at risk"), max_digits=18, decimal_places=4, null=True)
    p_alive = models.FloatField(_("P(alive)"), null=True)
    at_risk = models.BooleanField(_("at risk"), null=True)
    matrix = models.CharField(_("value matrix"), max_length=3, null=True)
    tier = models.CharField(_("tier"), max_length=8, null=True)
    visit_class = models.CharField(_("visit class"), max_length=1, null=True)
    visit_change = models.CharField(_("change of visit class"), max_length=12, null=True)
    rfm = models.CharField(_("RFM"), max_length=3, null=True)
    n_purchases = models.PositiveIntegerField(_("purchases"), null=True)
    last_purchase = models.DateField(_("last purchase"), null=True)
    next_order_due = models.DateField(_("next order due"), null=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a customer")
        verbose_name_plural = _("figures of customers")

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.valuation_id}"
