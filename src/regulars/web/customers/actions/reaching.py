"""Phones, addresses, contacts and cards of a customer. Who may not read them cannot write them, either."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.customers.actions.trail import note, reached
from regulars.web.customers.fields import sees
from regulars.web.customers.keys import SHORTEST_NUMBER, card_key, point_key
from regulars.web.customers.models import Card, Contact, ContactPoint, Customer
from regulars.web.customers.suppression import digest
from regulars.web.customers.taxonomy import PointKind

WRITE = "customers.write"
NO_NUMBER = _("This is no phone number. Write it like 138 0013 8000 or 021-6234 5678.")
CARD_TAKEN = _("This card belongs to another customer.")


@transaction.atomic
def add_point(
    *, customer: Customer, kind: str, value: str, by: Actor, text: str = "", contact: Contact | None = None
) -> ContactPoint:
    """Add a phone, an e-mail or another address; one that is there already is returned as it is."""
    _may(customer, by, "points")
    if contact is not None and contact.customer_id != customer.pk:
        raise ValidationError({"contact": _("This contact belongs to another customer.")})
    point = _checked(
        ContactPoint(customer=customer, contact=contact, kind=kind, value=value.strip(), note=text.strip())
    )
    same: ContactPoint | None = ContactPoint.objects.filter(
        customer=customer, contact=contact, kind=kind, key=point.key
    ).first()
    if same is not None:
        return same
    point.save()
    note(customer, by, "contact" if contact else "update", {"points": None})
    return point


@transaction.atomic
def change_point(*, point: ContactPoint, kind: str, value: str, by: Actor, text: str = "") -> None:
    """Change a number or an address."""
    _may(point.customer, by, "points")
    before = point.kind, point.key
    point.kind, point.value, point.note = kind, value.strip(), text.strip()
    if (point.kind, point_key(point.kind, point.value)) != before:
        point.failing_since = None
    _checked(point).save()
    note(point.customer, by, "update", {"points": None})


@transaction.atomic
def remove_point(*, point: ContactPoint, by: Actor) -> None:
    """Drop a number or an address."""
    _may(point.customer, by, "points")
    point.delete()
    note(point.customer, by, "update", {"points": None})


def mark_failing(*, customer_id: int, kind: str, digest_of: str) -> int:
    """Note at a customer's record that an address, known by its keyed hash, no longer works; return how many are it."""
    points = ContactPoint.objects.filter(customer=customer_id, kind=kind, failing_since=None)
    same = [point.pk for point in points if digest(kind, point.key) == digest_of]
    return ContactPoint.objects.filter(pk__in=same).update(failing_since=timezone.now())


@transaction.atomic
def add_contact(
    *,
    customer: Customer,
    name: str,
    by: Actor,
    position: str = "",
    text: str = "",
    first: bool = False,
    phone: str = "",
    email: str = "",
    person: Customer | None = None,
) -> Contact:
    """Add a person in an organisation."""
    reached(customer, by, WRITE)
    if not customer.is_organisation:
        raise ValidationError(_("Only organisations have contacts."))
    contact = Contact(customer=customer, person=person)
    _fill(contact, name=name, position=position, text=text, first=first, left_on=None)
    for kind, value in ((PointKind.MOBILE, phone), (PointKind.EMAIL, email)):
        if value.strip():
            add_point(customer=customer, contact=contact, kind=kind, value=value, by=by)
    note(customer, by, "contact")
    return contact


@transaction.atomic
def change_contact(
    *,
    contact: Contact,
    version: int,
    name: str,
    by: Actor,
    position: str = "",
    text: str = "",
    first: bool = False,
    left_on: date | None = None,
) -> None:
    """Change a contact, or say that they have left.

    Raises
    ------
    Conflict
        When somebody else was faster.
    """
    reached(contact.customer, by, WRITE)
    contact.claim(version)
    _fill(contact, name=name, position=position, text=text, first=first, left_on=left_on)
    note(contact.customer, by, "contact")


@transaction.atomic
def remove_contact(*, contact: Contact, by: Actor) -> None:
    """Forget a contact with their numbers; entries of the log stay, without naming them as the contact."""
    reached(contact.customer, by, WRITE)
    contact.delete()
    note(contact.customer, by, "contact")


@transaction.atomic
def add_card(*, customer: Customer, number: str, by: Actor) -> Card:
    """Give a customer a membership card."""
    _may(customer, by, "cards")
    key = card_key(number)
    if len(key) < SHORTEST_NUMBER:
        raise ValidationError({"number": _("A card number has at least four signs.")})
    known: Card | None = Card.objects.filter(key=key).first()
    if known is not None and known.customer_id != customer.pk:
        raise ValidationError({"number": CARD_TAKEN})
    if known is not None:
        return known
    card = Card.objects.create(customer=customer, number=number.strip())
    note(customer, by, "update", {"cards": None})
    return card


@transaction.atomic
def remove_card(*, card: Card, by: Actor) -> None:
    """Take a card away."""
    _may(card.customer, by, "cards")
    card.delete()
    note(card.customer, by, "update", {"cards": None})


def _may(customer: Customer, by: Actor, field: str) -> None:
    reached(customer, by, WRITE)
    if not sees(by, field):
        raise PermissionDenied(f"{WRITE} {field}")


def _checked(point: ContactPoint) -> ContactPoint:
    from regulars.web.customers.keys import point_key

    point.key = point_key(point.kind, point.value)
    point.full_clean(exclude=["customer", "contact", "key"])
    if point.is_phone and len(point.key) < SHORTEST_NUMBER:
        raise ValidationError({"value": NO_NUMBER})
    if point.kind == PointKind.EMAIL:
        try:
            validate_email(point.value)
        except ValidationError as error:
            raise ValidationError({"value": error.messages}) from error
    return point


def _fill(contact: Contact, *, name: str, position: str, text: str, first: bool, left_on: date | None) -> None:
    contact.name, contact.position, contact.note = name.strip(), position.strip(), text.strip()
    contact.first, contact.left_on = first, left_on
    contact.full_clean(exclude=["customer", "person"])
    if first:
        Contact.objects.filter(customer=contact.customer, first=True).exclude(pk=contact.pk).update(first=False)
    contact.save()
