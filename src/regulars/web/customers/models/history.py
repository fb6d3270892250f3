"""What changed in a record, for the timeline. Unlike the audit trail it holds values, and goes with an erasure."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from regulars.web.customers.models.customer import Customer
from regulars.web.customers.models.reach import OfCustomer


class Change(models.Model):
    """One change of one record: field → [before, after]; null where the field is sensitive."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="changes")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=20)
    fields = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True)

    objects = OfCustomer.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="customers_change_newest")]

    def __str__(self) -> str:
        return f"{self.verb} {self.customer_id}"


class Classified(models.Model):
    """The one row that says by which valuation customers were classified last."""

    valuation_id = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="customers_classified_one_row")]

    def __str__(self) -> str:
        return f"by {self.valuation_id}"
