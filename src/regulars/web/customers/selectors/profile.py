"""All that one person may read about one customer, in one place: what is hidden from them is not in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.customers.fields import GROUPS, INTERNAL, readable, sees
from regulars.web.customers.models import Card, Consent, Contact, ContactPoint, Customer, ExternalIdentity, TeamMember
from regulars.web.customers.selectors.consents import consents

PERSONAL = ("birthday", "gender", "id_number")


@dataclass(frozen=True, slots=True)
class Profile:
    """A customer as one person sees them; None where a whole group of fields is hidden."""

    customer: Customer
    points: Sequence[ContactPoint] | None
    contacts: Sequence[tuple[Contact, Sequence[ContactPoint] | None]]
    cards: Sequence[Card] | None
    identities: Sequence[ExternalIdentity] | None
    personal: dict[str, Any] | None
    consents: dict[tuple[str, str], Consent]
    members: Sequence[TeamMember]
    tags: Sequence[str]

    @property
    def phone(self) -> ContactPoint | None:
        """The number to call: the customer's own, else that of the contact to ask for first."""
        own = list(self.points or ())
        theirs = [point for contact, points in self.contacts if contact.left_on is None for point in points or ()]
        return next((point for point in [*own, *theirs] if point.is_phone), None)


def profile(actor: Actor, customer: Customer) -> Profile:
    """Return what `actor` may read about `customer`; sensitive fields that are shown leave a trail.

    Raises
    ------
    PermissionDenied
        Where `actor` may not read customers. Whether they reach this one is for `visible` to say, before.
    """
    actor.require("customers.read")
    points = list(ContactPoint.objects.filter(customer=customer)) if sees(actor, "points") else None
    found = Profile(
        customer=customer,
        points=None if points is None else [point for point in points if point.contact_id is None],
        contacts=_contacts(customer, points),
        cards=list(Card.objects.filter(customer=customer)) if sees(actor, "cards") else None,
        identities=list(customer.identities.order_by("source", "pk")[:20]) if sees(actor, "identities") else None,
        personal=_personal(actor, customer),
        consents=consents(customer),
        members=list(TeamMember.objects.filter(customer=customer).select_related("user")),
        tags=list(customer.tags.values_list("name", flat=True)),
    )
    _leave_trail(actor, found)
    return found


def summary(actor: Actor, customer: Customer) -> dict[str, Any]:
    """Return the customer's own fields that `actor` may read, as plain values: for the interface to programs."""
    names = [name for name in readable(actor) if GROUPS[name] != INTERNAL and name not in _HANGING]
    values: dict[str, Any] = {name: _plain(getattr(customer, _column(name))) for name in names}
    if any(values.get(name) for name in PERSONAL):
        audit.record(actor=actor, verb="read-personal", subject_type="customers.customer", subject_id=customer.pk)
    return values


_HANGING = ("points", "cards", "identities", "tags")


def _column(name: str) -> str:
    return f"{name}_id" if name in ("owner", "team", "created_by") else name


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _contacts(
    customer: Customer, points: list[ContactPoint] | None
) -> list[tuple[Contact, Sequence[ContactPoint] | None]]:
    people = Contact.objects.filter(customer=customer).select_related("person")
    if points is None:
        return [(contact, None) for contact in people]
    return [(contact, [point for point in points if point.contact_id == contact.pk]) for contact in people]


def _personal(actor: Actor, customer: Customer) -> dict[str, Any] | None:
    if not all(sees(actor, name) for name in PERSONAL):
        return None
    return {
        "birthday": customer.birthday,
        "gender": customer.get_gender_display(),
        "id_number": customer.id_number,
    }


def _leave_trail(actor: Actor, found: Profile) -> None:
    groups = {
        "contact": bool(found.points or any(points for _, points in found.contacts)),
        "personal": bool(found.cards or found.identities or any((found.personal or {}).values())),
    }
    for group, shown in groups.items():
        if shown:
            audit.record(
                actor=actor,
                verb=f"read-{group}",
                subject_type="customers.customer",
                subject_id=found.customer.pk,
            )
