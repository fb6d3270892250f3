"""Who may be addressed, of everybody at once: for jobs that split audiences, not for pages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from regulars.web.customers.models import Consent, Contact, ContactPoint, Customer
from regulars.web.customers.suppression import digest
from regulars.web.customers.taxonomy import ConsentState


def everyone() -> QuerySet[Any]:
    """Return the customers with whom one deals."""
    found: QuerySet[Any] = Customer.objects.filter(archived_at=None, erased_at=None, merged_into=None).order_by()
    return found.values_list("pk")


def known_at(moment: datetime) -> QuerySet[Any]:
    """Return everybody who was there at a moment, whatever became of them since: for experiments."""
    return Customer.objects.filter(created_at__lte=moment).order_by().values_list("pk")


def latest_words(purpose: str, channel: str) -> QuerySet[Any]:
    """Return customer and state of each customer's latest statement about a purpose and a channel."""
    statements = Consent.objects.filter(Q(channel=channel) | Q(channel=""), purpose=purpose).order_by()
    place = Window(RowNumber(), partition_by="customer_id", order_by=[F("at").desc(), F("pk").desc()])
    latest: QuerySet[Any] = statements.annotate(_place=place).filter(_place=1).values_list("customer_id", "state")
    return latest


def with_point(kinds: Collection[str]) -> QuerySet[Any]:
    """Return the customers who have a number or address of one of these kinds, once for each that they have."""
    return ContactPoint.objects.filter(kind__in=kinds).order_by().values_list("customer_id")


def first_points(customers: Collection[int], kinds: Collection[str]) -> dict[int, str]:
    """Return customer → their first number or address of one of these kinds, for files of who may read them."""
    points = ContactPoint.objects.filter(customer__pk__among=customers, kind__in=kinds).order_by("-pk")
    return dict(points.values_list("customer_id", "value"))


def linked() -> list[tuple[int, int]]:
    """Return pairs of customers who belong together: an organisation, and who works there and is a customer, too."""
    pairs = Contact.objects.filter(person__isnull=False, left_on=None).order_by("pk")
    return list(pairs.values_list("customer_id", "person_id"))


def addresses_of(customers: Collection[int], kind: str) -> dict[int, list[tuple[str, str]]]:
    """Return customer → their addresses of one kind, each with its key: their own first, then those of contacts.

    Contacts who have left are not asked. For who is about to write to them, not for pages.
    """
    points = ContactPoint.objects.filter(customer__in=customers, kind=kind, contact__left_on=None)
    rows = points.values_list("customer_id", "value", "key", "contact_id", "contact__first", "pk")
    found: dict[int, list[tuple[str, str]]] = {}
    for customer_id, value, key, *_ in sorted(rows, key=lambda row: (row[3] is not None, not row[4], row[5])):
        found.setdefault(customer_id, []).append((value, key))
    return found


def naming_hash(kind: str, key: str) -> str:
    """Return the keyed hash of an address: what is kept of it where the address itself must not be."""
    return digest(kind, key)


def agreed_at(customers: Collection[int], purpose: str, channel: str) -> dict[int, datetime]:
    """Return customer → when they agreed last to a purpose by a channel."""
    said = Consent.objects.filter(
        Q(channel=channel) | Q(channel=""), customer__in=customers, purpose=purpose, state=ConsentState.GRANTED
    )
    return dict(said.order_by().values_list("customer_id").annotate(last=Max("at")))


def with_owners(customers: Collection[int]) -> dict[int, Customer]:
    """Return number → customer with their owner, for who is about to write to them."""
    return Customer.objects.select_related("owner").in_bulk(list(customers))
