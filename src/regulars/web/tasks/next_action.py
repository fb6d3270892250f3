"""The proposal for one customer, for a person: nothing is proposed for who has something open, or is left alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from regulars.web.core.actor import Actor
from regulars.web.tasks.models import Task
from regulars.web.tasks.suggestions import Suggestion, suggest
from regulars.web.valuations.selectors import current, figures

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer


def next_action(actor: Actor, customer: Customer) -> Suggestion | None:
    """Return what to do next for a customer; None where something is to be done already, or no one deals with them."""
    if not customer.is_active or Task.objects.visible_to(actor).open().filter(customer=customer).exists():
        return None
    return next_actions(actor, [customer.pk])[customer.pk]


def next_actions(actor: Actor, customers: Collection[int]) -> dict[int, Suggestion]:
    """Return the proposal for each of `customers`, in two queries for all of them.

    Who may not read values gets the general proposal: what the class or the rhythm says is not theirs to know.
    """
    valuation = current()
    known = {figure.customer_id: figure for figure in figures(actor).filter(customer__in=customers)}
    return {number: suggest(known.get(number), valuation=valuation) for number in customers}
