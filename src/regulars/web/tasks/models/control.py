"""Lists that were split at random: what was done, to whom, and who was left alone, with the chance of each."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regulars.prove.control import CONTROL, TREATED
from regulars.web.core.actor import Actor
from regulars.web.core.conflict import Versioned
from regulars.web.core.visible import Visible
from regulars.web.customers.selectors import of_visible
from regulars.web.tasks.kinds import ALERT_TITLES, kind_of
from regulars.web.tasks.taxonomy import CAMPAIGN, UNIVERSAL


class Arm(models.TextChoices):
    """What happens to a customer of the list."""

    TREATED = TREATED, _("Treated")
    CONTROL = CONTROL, _("Control")


ARMS = (TREATED, CONTROL)


class Holdout(Versioned):
    """One list that was acted on, part of it left alone at random: an experiment, readable once it has run."""

    LISTS = [
        ("selection", _("Selection")),
        ("segment", _("Segment")),
        ("rule", _("Alert rule")),
        (CAMPAIGN, _("Campaign")),
        (UNIVERSAL, _("Universal hold-out")),
    ]

    experiment_id = models.CharField(max_length=40, unique=True)
    list_kind = models.CharField(_("list"), max_length=10, choices=LISTS)
    subject = models.JSONField(default=dict)  # which list: the segment or rule it was, as it was called then
    action = models.CharField(_("what is done"), max_length=20)  # a kind of task
    detail = models.CharField(max_length=200, blank=True)
    seed = models.CharField(max_length=40)
    share = models.DecimalField(_("share of control"), max_digits=5, decimal_places=4)
    strata = models.CharField(max_length=20, default="matrix", blank=True)  # what the strata are; empty: one
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    withdrawn = models.BooleanField(default=False)  # taken back at once: no experiment, nothing to read

    class Meta:
        verbose_name = _("control group")
        verbose_name_plural = _("control groups")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share__gt=0, share__lte="0.5"), name="tasks_holdout_share_is_a_part"
            )
        ]

    def __str__(self) -> str:
        return self.experiment_id

    @property
    def called(self) -> str:
        """What the list was called when it was split."""
        if self.list_kind == "rule":
            return str(ALERT_TITLES.get(self.action, self.action))
        if self.list_kind == UNIVERSAL:
            return str(self.get_list_kind_display())
        return str(self.subject.get("called") or self.get_list_kind_display())

    @property
    def title(self) -> str:
        """What is done to the treated."""
        if self.list_kind in (CAMPAIGN, UNIVERSAL):
            return str(self.get_list_kind_display())
        return str(kind_of(self.action).title) if self.action else gettext("Split only")

    @property
    def is_running(self) -> bool:
        """Whether its control group is still left alone."""
        return self.ended_at is None and not self.withdrawn


class ExposureQuerySet(Visible):
    """Who reaches the customer sees which arm they are in."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows of customers that `actor` reaches."""
        return self.filter(of_visible(actor))

    def left_alone(self) -> Self:
        """Return who is in the control group of an experiment that runs."""
        return self.filter(arm=Arm.CONTROL, holdout__ended_at=None, holdout__withdrawn=False)

    def apart(self) -> Self:
        """Return who is in a campaign that runs, in whichever group, or in the universal hold-out.

        Alerts wait for both groups of a campaign: calls to the treated alone would pass for what the campaign brought.
        """
        running = self.filter(holdout__ended_at=None, holdout__withdrawn=False)
        return running.filter(
            models.Q(holdout__list_kind=CAMPAIGN) | models.Q(holdout__list_kind=UNIVERSAL, arm=Arm.CONTROL)
        )


class Exposure(models.Model):
    """One customer of one experiment: the arm, its chance, the stratum. Never changed, or nothing could be proved.

    A million are written at once: to have each checked against two other tables would take longer than writing them,
    and the indexes below begin with both keys.
    """

    holdout = models.ForeignKey(Holdout, models.CASCADE, related_name="exposures", db_constraint=False, db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="exposures", db_constraint=False, db_index=False
    )
    arm = models.CharField(_("group"), max_length=8, choices=Arm)
    propensity = models.FloatField()
    stratum = models.CharField(max_length=20, blank=True)
    household = models.BigIntegerField(null=True)  # records that belong together are in one group
    assigned_at = models.DateTimeField()

    objects = ExposureQuerySet.as_manager()

    class Meta:
        verbose_name = _("exposure")
        verbose_name_plural = _("exposures")
        constraints = [
            models.UniqueConstraint(fields=["holdout", "customer"], name="tasks_exposed_once"),
            models.CheckConstraint(
                condition=models.Q(propensity__gt=0, propensity__lte=1), name="tasks_propensity_is_a_chance"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "arm"], name="tasks_exposure_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.arm}"
