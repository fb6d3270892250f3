"""Whose facts a person may read: asked of the workspace with every call, never of the lake."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404

from regulars.web.core.actor import Actor
from regulars.web.core.once import once
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
    if not once((*_whose(actor), number), customers.visible(actor).filter(pk=number).exists):
        raise Http404
    return number


def reached_among(actor: Actor, some: Iterable[CustomerOrId]) -> list[int]:
    """Return the numbers of those of some customers that `actor` reaches, in order."""
    actor.require("customers.read")
    numbers = sorted({number_of(customer) for customer in some})
    if actor.scope == "all":
        return numbers
    mine = customers.visible(actor).filter(pk__among=numbers)
    return once((*_whose(actor), "among", *numbers), lambda: sorted(mine.values_list("pk", flat=True)))


def reached_numbers(actor: Actor) -> list[int] | None:
    """Return the numbers of all customers that `actor` reaches; None: every one."""
    actor.require("customers.read")
    if actor.scope == "all":
        return None
    return once(_whose(actor), lambda: sorted(customers.visible(actor).order_by().values_list("pk", flat=True)))


def _whose(actor: Actor) -> tuple[Any, ...]:
    """Return what a person's reach hangs on, beside the customers themselves."""
    return "reached", actor.user_id, actor.scope, actor.team_ids
