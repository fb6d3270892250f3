"""Customers belong to the firm: they are handed on, and with them everything that is open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.accounts.selectors import colleagues
from regulars.web.core.actor import Actor
from regulars.web.core.bulk import insert
from regulars.web.customers.actions.editing import team_of
from regulars.web.customers.actions.trail import SUBJECT
from regulars.web.customers.models import Change, Customer
from regulars.web.customers.selectors.reach import visible

ASSIGN = "customers.assign"
CHUNK = 1_000


@transaction.atomic
def assign(*, customers: Iterable[int], owner_id: int, by: Actor, text: str = "") -> int:
    """Give customers to another owner and the owner's team; return how many moved.

    Log, promises and tasks stay with the customer, so that the successor finds them. Customers that `by` does not
    reach are left alone.

    Raises
    ------
    PermissionDenied
        Without the right.
    ValidationError
        When the new owner is nobody that `by` may hand customers to.
    """
    by.require(ASSIGN)
    if not colleagues(by).filter(pk=owner_id).exists():
        raise ValidationError({"owner": _("Choose a colleague from the list.")})
    wanted, moved = list(customers), 0
    for start in range(0, len(wanted), CHUNK):
        part = visible(by).filter(pk__in=wanted[start : start + CHUNK], erased_at=None).exclude(owner_id=owner_id)
        moved += _move(list(part.values_list("pk", "owner_id")), owner_id, by, text)
    return moved


@transaction.atomic
def hand_over(*, from_id: int, owner_id: int, by: Actor, text: str = "") -> int:
    """Give all customers of one colleague that `by` reaches to another; return how many moved."""
    by.require(ASSIGN)
    theirs = visible(by).filter(owner_id=from_id).values_list("pk", flat=True)
    return assign(customers=theirs, owner_id=owner_id, by=by, text=text)


def _move(rows: list[tuple[int, Any]], owner_id: int, by: Actor, text: str) -> int:
    ids = [pk for pk, _ in rows]
    Customer.objects.filter(pk__in=ids).update(
        owner_id=owner_id,
        owner_since=timezone.localdate(),
        team_id=team_of(owner_id),
        changed_at=timezone.now(),
    )
    insert(
        [
            Change(
                customer_id=pk, by_id=by.user_id, verb="assign", fields={"owner": [before, owner_id]}, note=text.strip()
            )
            for pk, before in rows
        ]
    )
    audit.record_each(actor=by, verb="assign", subject_type=SUBJECT, subject_ids=ids, details={"fields": ["owner"]})
    return len(ids)
