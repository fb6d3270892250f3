"""A record that turned out to be another customer's leads to that customer."""

from __future__ import annotations

from regulars.web.core.actor import Actor
from regulars.web.customers.models import Customer
from regulars.web.customers.selectors.reach import visible


def successor(actor: Actor, customer_id: int) -> Customer | None:
    """Return the customer that the record `customer_id` was merged into, where `actor` reaches them."""
    merged = Customer.objects.filter(pk=customer_id).exclude(merged_into=None).values("merged_into")
    found: Customer | None = visible(actor).filter(pk__in=merged).first()
    return found
