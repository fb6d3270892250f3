"""Whose customers are whose."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from regulars.web.core.actor import NOBODY, Actor
from regulars.web.customers.models import Customer, CustomerQuerySet, of_reached


def visible(actor: Actor) -> CustomerQuerySet:
    """Return every customer that `actor` reaches, archived and erased ones included; nobody without the right."""
    if not actor.may("customers.read"):
        return Customer.objects.none()
    return Customer.objects.visible_to(actor)


def of_visible(actor: Actor) -> Q:
    """Return the condition that a row belongs, by its `customer`, to one of the customers that `actor` reaches."""
    return of_reached(actor if actor.may("customers.read") else NOBODY)


def one_by_one(rows: QuerySet[Any]) -> CustomerQuerySet:
    """Return the same customers, asked of each by its number: for those at hand, or along the index of an order.

    Whoever reaches many by owner or team would else have them all read first: SQLite begins at those indexes.
    """
    return Customer.objects.filter(Exists(rows.order_by().filter(pk=OuterRef("pk"))))
