"""Whose facts a person may read: asked of the workspace with every call, never of the lake."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from regulars.web.core.actor import Actor
from regulars.web.customers import selectors as customers

CustomerOrId = Any
"""A customer of the workspace, or its number."""


def number_of(customer: CustomerOrId) -> int:
    """Return the number of a customer."""
    return customer if isinstance(customer, int) else int(customer.pk)


def reached(actor: Actor, customer: CustomerOrId) -> int:
    """Return the customer's number where `actor` reaches the record.

    Raises
    ------
    PermissionDenied
        When `actor` may not read customers at all.
    Http404
        When this one is not theirs: whether it exists is not told.
    """
    actor.require("customers.read")
    number = number_of(customer)
    if not customers.visible(actor).filter(pk=number).exists():
        raise Http404
    return number


def reached_numbers(actor: Actor) -> list[int] | None:
    """Return the numbers of all customers that `actor` reaches; None: every one."""
    actor.require("customers.read")
    if actor.scope == "all":
        return None
    return sorted(customers.visible(actor).values_list("pk", flat=True))
