"""How to reach a customer: numbers and addresses, the people in an organisation, and the cards they carry."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.core.conflict import Versioned
from regulars.web.core.visible import Visible
from regulars.web.customers.keys import card_key, point_key
from regulars.web.customers.models.customer import Customer
from regulars.web.customers.models.ends import EndField
from regulars.web.customers.taxonomy import PointKind


class OfCustomer(Visible):
    """Rows that belong to a customer: who reaches the customer reaches them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows of customers that `actor` reaches."""
        return self.filter(of_reached(actor))


def of_reached(actor: Actor) -> Q:
    """Return the condition that a row's customer is one of those that `actor` reaches.

    Few customers are listed first, and their rows found by an index; many are never listed, but asked of each row. Who
    reaches everybody reaches all but merged records, and these are few.
    """
    reached: QuerySet[Any] = Customer.objects.visible_to(actor)
    if actor.scope == "own" or actor.user_id is None:
        return Q(customer__in=reached)
    if actor.scope == "all":
        return ~Q(Exists(Customer.objects.merged().filter(pk=OuterRef("customer_id"))))
    return Q(Exists(reached.filter(pk=OuterRef("customer_id"))))


class Contact(Versioned):
    """A person in an organisation; one who is a customer themselves keeps their own record."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    person = models.ForeignKey(
        Customer, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("is also the customer")
    )
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    first = models.BooleanField(_("ask for first"), default=False)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = OfCustomer.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = [models.F("left_on").asc(nulls_first=True), "-first", "id"]

    def __str__(self) -> str:
        return self.name


class ContactPoint(models.Model):
    """One phone number, e-mail or postal address of a customer, or of one contact of theirs."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="points")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="points")
    kind = models.CharField(_("kind"), max_length=8, choices=PointKind)
    value = models.CharField(_("number or address"), max_length=300)
    key = models.CharField(max_length=200, editable=False)
    end = EndField(max_length=20)
    note = models.CharField(_("note"), max_length=80, blank=True)
    failing_since = models.DateTimeField(null=True, editable=False)  # an e-mail to it came back

    objects = OfCustomer.as_manager()

    class Meta:
        verbose_name = _("number or address")
        verbose_name_plural = _("numbers and addresses")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["key", "customer"], name="customers_point_by_key"),
            models.Index(fields=["end"], name="customers_point_by_end", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the key in step with the value."""
        self.key = point_key(self.kind, self.value)
        super().save(*args, **options)

    @property
    def is_phone(self) -> bool:
        """Whether it can be called."""
        return self.kind in (PointKind.MOBILE, PointKind.PHONE)


class Card(models.Model):
    """A customer's membership card."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="cards")
    number = models.CharField(_("card number"), max_length=60)
    key = models.CharField(max_length=60, unique=True, editable=False)
    end = EndField(max_length=60)

    objects = OfCustomer.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ["id"]
        indexes = [models.Index(fields=["end"], name="customers_card_by_end", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return f"card {self.pk}"

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the key in step with the number."""
        self.key = card_key(self.number)
        super().save(*args, **options)
