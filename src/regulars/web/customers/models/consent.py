"""What a customer agreed to: purpose, channel, when, and how we know. Rows are added; the latest one holds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.web.customers.models.customer import Customer
from regulars.web.customers.models.reach import OfCustomer
from regulars.web.customers.taxonomy import Channel, ConsentState, Purpose


class Consent(models.Model):
    """One statement of a customer about one purpose by one channel; without a channel it holds for all."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=9, choices=Purpose)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, blank=True)
    state = models.CharField(_("said"), max_length=9, choices=ConsentState)
    at = models.DateTimeField(_("when"))
    evidence = models.CharField(_("how we know"), max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = OfCustomer.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["customer", "purpose", "channel", "-at"], name="customers_consent_latest")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel} {self.state}"
