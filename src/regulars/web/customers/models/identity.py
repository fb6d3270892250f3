"""Who a customer is in other systems, and the traces by which an erased person is not brought back."""

from __future__ import annotations

from django.db import models

from regulars.web.customers.models.customer import Customer


class ExternalIdentity(models.Model):
    """A customer's id in a source of data. Erasing a person deletes these rows; the lake needs no rewrite."""

    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="identities")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="customers_identity_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"


class Suppression(models.Model):
    """A keyed hash of something that named an erased person; the key lies outside of the database."""

    digest = models.CharField(max_length=64, primary_key=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.digest[:8]
