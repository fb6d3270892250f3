"""A task: for whom, what, why, what it is about in money, whose, by when, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.core.conflict import Versioned
from regulars.web.core.visible import Visible
from regulars.web.customers.selectors import of_visible
from regulars.web.tasks.kinds import Kind, kind_of
from regulars.web.tasks.outcomes import Outcome
from regulars.web.tasks.reasons import Reason, say


class State(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", _("Open")
    SNOOZED = "snoozed", _("Put off")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Dropped")


OPEN_STATES = (State.OPEN, State.SNOOZED)


class Stake(models.TextChoices):
    """Which amount "at stake" is: a description of the customer, never what is lost if nobody acts."""

    VALUE_AT_RISK = "value_at_risk", _("value at risk")
    FUTURE_VALUE = "future_value", _("future value")
    CURRENT_VALUE = "current_value", _("current value")


class TaskQuerySet(Visible):
    """A task belongs to its customer: who reaches the customer sees what is to be done for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the tasks of customers that `actor` reaches; none without the right to see tasks."""
        if not actor.may("tasks.read"):
            return self.none()
        return self.filter(of_visible(actor))

    def open(self) -> Self:
        """Return what is still to be done, put off or not."""
        return self.filter(state__in=OPEN_STATES)

    def waiting(self, today: date) -> Self:
        """Return what is to be done and not put off beyond `today`."""
        return self.filter(Q(state=State.OPEN) | Q(state=State.SNOOZED, snoozed_until__lte=today))


class Task(Versioned):
    """One thing to do for one customer."""

    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="tasks")
    kind = models.CharField(_("what"), max_length=20)
    detail = models.CharField(_("in your words"), max_length=200, blank=True)
    reason = models.JSONField(default=dict)
    once = models.BooleanField(default=False, editable=False)
    at_stake = models.DecimalField(_("at stake"), max_digits=18, decimal_places=4, null=True)
    stake = models.CharField(max_length=14, choices=Stake, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("whose")
    )
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    due_on = models.DateField(_("due"))
    snoozed_until = models.DateField(_("put off until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    rule = models.ForeignKey("tasks.Rule", models.SET_NULL, null=True, related_name="tasks")
    valuation = models.ForeignKey("valuations.Valuation", models.SET_NULL, null=True, related_name="+")
    holdout = models.ForeignKey("tasks.Holdout", models.SET_NULL, null=True, related_name="tasks")
    outcome = models.CharField(_("what came of it"), max_length=12, choices=Outcome, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"], condition=Q(once=True, state__in=OPEN_STATES), name="tasks_kind_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state=State.DONE, ended_at__isnull=False) & ~Q(outcome="")
                | Q(state=State.CANCELLED, ended_at__isnull=False)
                | Q(state__in=OPEN_STATES, ended_at__isnull=True),
                name="tasks_done_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SNOOZED) | Q(snoozed_until__isnull=False), name="tasks_snoozed_until_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="tasks_queue_of_person"),
            models.Index(fields=["team", "state", "due_on"], name="tasks_queue_of_team"),
            models.Index(fields=["state", "due_on", "id"], name="tasks_by_due_day"),
            models.Index(fields=["customer", "state"], name="tasks_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def declared(self) -> Kind:
        """What kind of task it is."""
        return kind_of(self.kind)

    @property
    def title(self) -> str | Promise:
        """What to do."""
        return self.declared.title

    @property
    def said(self) -> str:
        """What to do, with what people have added."""
        return (
            _say("{title}: {detail}").format(title=self.title, detail=self.detail) if self.detail else str(self.title)
        )

    @property
    def why(self) -> str:
        """Why, in the reader's language."""
        return say(Reason(**self.reason)) if self.reason else ""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in OPEN_STATES
