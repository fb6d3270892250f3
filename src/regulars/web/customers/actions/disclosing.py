"""Handing a person everything that is stored about them, on their request."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.customers.actions.trail import SUBJECT, reached
from regulars.web.customers.fields import GROUPS, INTERNAL
from regulars.web.customers.holdings import all_holdings
from regulars.web.customers.models import Customer

DISCLOSE = "customers.disclose"
NOT_THEIRS = {"owner", "team", "created_by", "tags", "points", "cards", "identities"}


@transaction.atomic
def export(*, customer: Customer, by: Actor) -> dict[str, Any]:
    """Return everything that is stored about a person, as plain values: the answer to their request.

    Raises
    ------
    PermissionDenied
        Without the right or the reach, or where a part would be hidden from `by`: half an answer is none.
    """
    reached(customer, by, DISCLOSE)
    if not (by.sees("contact") and by.sees("personal")):
        raise PermissionDenied(DISCLOSE)
    audit.record(actor=by, verb="disclose", subject_type=SUBJECT, subject_id=customer.pk)
    return {
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "customer": _fields(customer),
        "tags": list(customer.tags.values_list("name", flat=True)),
        "numbers_and_addresses": _rows(customer.points.filter(contact=None), "kind", "value", "note"),
        "cards": _rows(customer.cards.all(), "number"),
        "contacts": [
            {"name": one.name, "position": one.position, "note": one.note,
             "numbers_and_addresses": _rows(one.points.all(), "kind", "value", "note")}
            for one in customer.contacts.prefetch_related("points")
        ],
        "ids_in_sources": _rows(customer.identities.order_by("source", "pk"), "source", "external_id"),
        "consents": _rows(customer.consents.all(), "purpose", "channel", "state", "at", "evidence"),
        "looked_after_by": str(customer.owner or ""),
        "changes": _rows(customer.changes.all(), "at", "verb", "fields", "note"),
        **{holding.key: holding.disclose(by, customer.pk) for holding in all_holdings()},
    }  # fmt: skip


def plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _fields(customer: Customer) -> dict[str, Any]:
    shown = [name for name, group in GROUPS.items() if group != INTERNAL and name not in NOT_THEIRS]
    return {name: plain(getattr(customer, name)) for name in shown if getattr(customer, name) not in (None, "")}


def _rows(rows: models.QuerySet[Any], *names: str) -> list[dict[str, Any]]:
    return [
        {name: plain(value) for name, value in row.items() if value not in (None, "")} for row in rows.values(*names)
    ]
