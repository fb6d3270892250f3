"""Out of the lists, and back. Nothing is lost by it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from regulars.web.core.actor import Actor
from regulars.web.customers.actions.trail import note, reached
from regulars.web.customers.models import Customer

ARCHIVE = "customers.archive"


@transaction.atomic
def archive(*, customer: Customer, by: Actor) -> None:
    """Take a customer out of lists and searches; their page and log stay."""
    reached(customer, by, ARCHIVE)
    if customer.archived_at is None:
        customer.archived_at = timezone.now()
        customer.save(update_fields=["archived_at", "changed_at"])
        note(customer, by, "archive")


@transaction.atomic
def unarchive(*, customer: Customer, by: Actor) -> None:
    """Put a customer back into lists and searches."""
    reached(customer, by, ARCHIVE)
    if customer.archived_at is not None:
        customer.archived_at = None
        customer.save(update_fields=["archived_at", "changed_at"])
        note(customer, by, "unarchive")
