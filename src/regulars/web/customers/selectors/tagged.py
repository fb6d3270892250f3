"""Customers by the words that people put on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from regulars.web.core.actor import Actor
from regulars.web.customers.models import Customer, Tag
from regulars.web.customers.selectors.reach import of_visible


def tagged(names: Sequence[str | None]) -> Q:
    """Return the condition that a customer carries one of these tags (None alone: no tag), to narrow a list by.

    Whose they are is not asked here: the list has asked.
    """
    carried: QuerySet[Any] = Customer.tags.through._default_manager.all()
    if None in names:
        return Q(~Exists(carried.filter(customer_id=OuterRef("pk"))))
    return Q(pk__in=carried.filter(tag__name__in=names).values("customer_id"))


def tags(actor: Actor, *, most: int = 200) -> list[str]:
    """Return the tags that customers whom `actor` reaches may carry, by name."""
    actor.require("customers.read")
    if actor.scope == "all":
        return list(Tag.objects.values_list("name", flat=True)[:most])
    carried: QuerySet[Any] = Customer.tags.through._default_manager.filter(of_visible(actor), tag=OuterRef("pk"))
    return list(Tag.objects.filter(Exists(carried)).values_list("name", flat=True)[:most])
