"""Whose customers are whose."""

from __future__ import annotations

from regulars.web.core.actor import Actor
from regulars.web.customers.models import Customer, CustomerQuerySet


def visible(actor: Actor) -> CustomerQuerySet:
    """Return every customer that `actor` reaches, archived and erased ones included; nobody without the right."""
    if not actor.may("customers.read"):
        return Customer.objects.none()
    return Customer.objects.visible_to(actor)
