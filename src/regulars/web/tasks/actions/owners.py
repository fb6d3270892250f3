"""Whose task a customer's becomes, for many at once: by the rule, and never somebody's who could not open it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from regulars.web.core.actor import actor_of
from regulars.web.customers.selectors import visible
from regulars.web.tasks.models import OwnerRule

if TYPE_CHECKING:
    from regulars.web.accounts.models import User
    from regulars.web.customers.models import Customer

OwnerOf = Callable[["Customer"], int | None]


def owners(rule: str, person: User | None, customers: Collection[int]) -> OwnerOf:
    """Return a function from a customer (with its owner loaded) to the owner of the task; None: the team's.

    A person who has left, or who does not reach a customer, gets no task for them: it falls to the customer's owner,
    and where there is none to the team. Where only one person works, everything is theirs.
    """
    reached = _reached(person, customers) if rule == OwnerRule.PERSON and person is not None else frozenset[int]()
    only = _only_one()

    def owner_of(customer: Customer) -> int | None:
        if person is not None and customer.pk in reached:
            return person.pk
        if rule == OwnerRule.TEAM or customer.owner is None or not customer.owner.is_active:
            return only
        return customer.owner.pk

    return owner_of


def _only_one() -> int | None:
    """Return the one person who can do tasks and reaches everybody, where nobody else works here; else None."""
    people = list(get_user_model().objects.filter(is_active=True)[:2])
    if len(people) != 1:
        return None
    who = actor_of(people[0])
    return people[0].pk if who.may("tasks.write") and who.scope == "all" else None


def _reached(person: User, customers: Collection[int]) -> frozenset[int]:
    who = actor_of(person)
    if not who.may("tasks.write"):
        return frozenset()
    return frozenset(visible(who).filter(pk__in=customers).values_list("pk", flat=True))
