"""The outbox: one row for each message to one customer, from the launch on; and addresses that get none any more."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.core.visible import Visible
from regulars.web.customers.selectors import of_visible
from regulars.web.mail.taxonomy import State, Suppressing, Why


class OutgoingQuerySet(Visible):
    """Who reaches the customer sees what was sent to them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the messages to customers that `actor` reaches."""
        return self.filter(of_visible(actor))


class Outgoing(models.Model):
    """One message to one customer. Many are written at once: see the exposures of tasks."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    step = models.PositiveSmallIntegerField(
        default=1, db_default=1
    )  # the first message of a campaign; there is no second one yet
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.QUEUED, db_default=State.QUEUED)
    why = models.CharField(_("why"), max_length=11, choices=Why, blank=True, default="", db_default="")
    said = models.CharField(
        max_length=40, blank=True, default="", db_default=""
    )  # the server's code: its words may name an address
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    not_before = models.DateTimeField(null=True)
    claim = models.CharField(max_length=40, blank=True, default="", db_default="")  # whose turn took it: "job:run"
    subject = models.CharField(max_length=200, blank=True, default="", db_default="")  # as it was sent
    digest = models.CharField(
        max_length=64, blank=True, default="", db_default=""
    )  # keyed hash of the address it went to
    gone_at = models.DateTimeField(null=True)  # when it was handed to the server, or would have been

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "customer", "step"], name="mail_once"),
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "id"], name="mail_by_state"),
            models.Index(fields=["customer", "-gone_at"], name="mail_gone", condition=Q(gone_at__isnull=False)),
            models.Index(fields=["gone_at"], name="mail_lately", condition=Q(gone_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.state}"


class Suppressed(models.Model):
    """An address that gets no more offers, as a keyed hash; it outlives the customer's record and its erasure."""

    digest = models.CharField(max_length=64, primary_key=True)
    why = models.CharField(_("why"), max_length=12, choices=Suppressing)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.digest[:8]
