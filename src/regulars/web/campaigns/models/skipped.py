"""Who was in the lists of a campaign and yet is not in it, and why: written down at its launch."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.web.campaigns.models.campaign import Campaign
from regulars.web.campaigns.taxonomy import Why
from regulars.web.core.actor import Actor
from regulars.web.core.visible import Visible
from regulars.web.customers.selectors import of_visible


class SkippedQuerySet(Visible):
    """Who reaches the customer sees that they were left out."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows of customers that `actor` reaches."""
        return self.filter(of_visible(actor))


class Skipped(models.Model):
    """One customer who fell out. Many are written at once: see the exposures of tasks."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="skipped_rows", db_constraint=False, db_index=False
    )
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    why = models.CharField(_("why"), max_length=11, choices=Why)

    objects = SkippedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "customer"], name="campaigns_skipped_once")]
        indexes = [models.Index(fields=["customer"], name="campaigns_skipped_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.why}"
