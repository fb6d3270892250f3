"""Two records of one customer become one; everything moves, nothing is counted twice."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.customers.actions.editing import EDITABLE
from regulars.web.customers.actions.trail import note, reached
from regulars.web.customers.holdings import all_holdings
from regulars.web.customers.models import (
    Card,
    Change,
    Consent,
    Contact,
    ContactPoint,
    Customer,
    ExternalIdentity,
    TeamMember,
)

MERGE = "customers.merge"


@transaction.atomic
def merge(*, keep: Customer, other: Customer, version: int, by: Actor) -> None:
    """Move everything of `other` to `keep`: identities, addresses, cards, contacts, consents, log, tasks.

    Fields that are empty in `keep` are filled from `other`, of which only its number stays: it leads to `keep`.

    Raises
    ------
    PermissionDenied
        Without the right, or where `by` does not reach both.
    Conflict
        When `keep` has changed since.
    ValidationError
        When they cannot be one customer.
    """
    reached(keep, by, MERGE)
    reached(other, by, MERGE)
    if keep.pk == other.pk:
        raise ValidationError({"other": _("This is the same record.")})
    if keep.kind != other.kind:
        raise ValidationError({"other": _("A person and an organisation cannot be one customer.")})
    keep.claim(version)
    name = other.name
    _move_rows(other, keep)
    for holding in all_holdings():
        holding.move(other.pk, keep.pk)
    filled = _fill(keep, other)
    keep.save(update_fields=[*filled, "changed_at"])
    strip(other)
    other.merged_into = keep
    other.save()
    Customer.objects.filter(merged_into=other).update(merged_into=keep)
    note(keep, by, "merge", {"name": (name, keep.name), **dict.fromkeys(filled)})


def strip(customer: Customer) -> None:
    """Empty every field that tells who somebody is; codes by which customers are counted stay."""
    for name in ("source_detail", "preferred_time", "preferences", "habits", "needs", "gender", "id_number"):
        setattr(customer, name, "")
    customer.name, customer.birthday = "", None
    customer.tags.clear()


def _move_rows(other: Customer, keep: Customer) -> None:
    known = set(ContactPoint.objects.filter(customer=keep, contact=None).values_list("kind", "key"))
    for point in ContactPoint.objects.filter(customer=other, contact=None):
        if (point.kind, point.key) in known:
            point.delete()
    colleagues = TeamMember.objects.filter(customer=keep).values("user_id")
    TeamMember.objects.filter(customer=other, user_id__in=colleagues).delete()
    for model in (ContactPoint, Contact, Card, Consent, TeamMember, Change, ExternalIdentity):
        model._default_manager.filter(customer=other).update(customer=keep)
    Contact.objects.filter(person=other).update(person=keep)
    keep.tags.add(*other.tags.all())


def _fill(keep: Customer, other: Customer) -> list[str]:
    filled = [name for name in EDITABLE if not getattr(keep, name) and getattr(other, name)]
    for name in filled:
        setattr(keep, name, getattr(other, name))
    return filled
