"""What every write to a customer does: look whether the person reaches the record, and note what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.customers.fields import GROUPS, OPEN
from regulars.web.customers.models import Change, Customer
from regulars.web.customers.selectors.reach import visible

SUBJECT = "customers.customer"
UNTOLD = ("preferences", "habits", "needs", "tags")
"""Open fields whose values are long: the history names them without repeating what stood there."""


def reached(customer: Customer, by: Actor, permission: str) -> None:
    """Go on only where `by` holds `permission`, reaches the customer, and the customer is still somebody.

    Raises
    ------
    PermissionDenied
        Without the right or the reach.
    ValidationError
        When the person was erased.
    """
    by.require(permission)
    if not visible(by).filter(pk=customer.pk).exists():
        raise PermissionDenied(permission)
    if customer.erased_at is not None:
        raise ValidationError(_("This person was erased: nothing is added any more."))


def note(
    customer: Customer, by: Actor, verb: str, fields: Mapping[str, tuple[Any, Any] | None] | None = None, text: str = ""
) -> None:
    """Note a change: in the record's history with its values, in the audit trail with the names of the fields alone."""
    told = {name: _told(name, pair) for name, pair in (fields or {}).items()}
    Change.objects.create(customer=customer, by_id=by.user_id, verb=verb, fields=told, note=text.strip())
    audit.record(
        actor=by, verb=verb, subject_type=SUBJECT, subject_id=customer.pk, details={"fields": sorted(told)}
    )  # fmt: skip


def _told(name: str, pair: tuple[Any, Any] | None) -> list[Any] | None:
    if pair is None or GROUPS.get(name) != OPEN or name in UNTOLD:
        return None
    return [value.isoformat() if isinstance(value, date) else value for value in pair]
