"""What holds now of what a customer said: the latest statement about a purpose and a channel."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from regulars.web.customers.models import Consent, Customer, CustomerQuerySet
from regulars.web.customers.taxonomy import ConsentState


def consents(customer: Customer) -> dict[tuple[str, str], Consent]:
    """Return the latest statement for each purpose and channel."""
    latest: dict[tuple[str, str], Consent] = {}
    for said in Consent.objects.filter(customer=customer).select_related("recorded_by"):
        latest.setdefault((said.purpose, said.channel), said)
    return latest


def may_contact(customer: Customer, purpose: str, channel: str) -> bool | None:
    """Return whether the customer agreed to be contacted; None where they never said."""
    said = _about(purpose, channel).filter(customer=customer).first()
    return None if said is None else bool(said.state == ConsentState.GRANTED)


def agreeing(customers: CustomerQuerySet, purpose: str, channel: str) -> CustomerQuerySet:
    """Narrow `customers` down to those whose latest word about this purpose and channel is yes."""
    latest = _about(purpose, channel).filter(customer=OuterRef("pk")).values("state")[:1]
    narrowed: CustomerQuerySet = customers.alias(_said=Subquery(latest)).filter(_said=ConsentState.GRANTED)
    return narrowed


def _about(purpose: str, channel: str) -> QuerySet[Any]:
    statements = Consent.objects.filter(Q(channel=channel) | Q(channel=""), purpose=purpose)
    return statements.order_by("-at", "-pk")
