"""The team of a key account."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.web.accounts.selectors import colleagues
from regulars.web.core.actor import Actor
from regulars.web.customers.actions.trail import note, reached
from regulars.web.customers.models import Customer, TeamMember

ASSIGN = "customers.assign"


@transaction.atomic
def add_member(*, customer: Customer, user_id: int, part: str, by: Actor) -> TeamMember:
    """Let a colleague work for this customer; from now on they reach the record.

    Raises
    ------
    ValidationError
        When it is nobody that `by` may ask, or the part is unknown.
    """
    reached(customer, by, ASSIGN)
    if not colleagues(by).filter(pk=user_id).exists():
        raise ValidationError({"user": _("Choose a colleague from the list.")})
    member = TeamMember.objects.filter(customer=customer, user_id=user_id).first()
    member = member or TeamMember(customer=customer, user_id=user_id)
    member.part = part
    member.full_clean(exclude=["customer", "user"])
    member.save()
    note(customer, by, "team")
    return member


@transaction.atomic
def remove_member(*, member: TeamMember, by: Actor) -> None:
    """End a colleague's part in this customer's team."""
    reached(member.customer, by, ASSIGN)
    member.delete()
    note(member.customer, by, "team")
