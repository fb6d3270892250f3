"""The team of a key account: who finds out, works out, negotiates, looks after."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.web.customers.models.customer import Customer
from regulars.web.customers.models.reach import OfCustomer
from regulars.web.customers.taxonomy import Part


class TeamMember(models.Model):
    """A colleague who works for one customer beside the owner, and therefore reaches the record."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("colleague"))
    part = models.CharField(_("does what"), max_length=8, choices=Part)

    objects = OfCustomer.as_manager()

    class Meta:
        verbose_name = _("member of the account's team")
        verbose_name_plural = _("account team")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["customer", "user"], name="customers_once_in_the_team")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.customer_id}"
