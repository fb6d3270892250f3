"""Adding a customer, changing what is known about them, moving them through the stages of the relationship."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.customers.actions.reaching import add_card, add_point
from regulars.web.customers.actions.trail import note, reached
from regulars.web.customers.fields import sees
from regulars.web.customers.models import Customer, Tag
from regulars.web.customers.taxonomy import Kind, Nature, PointKind, Stage

EDITABLE = (
    "kind", "name", "partner", "nature", "seniority", "dealing", "source_channel", "source_detail", "acquired_on",
    "region", "store", "preferred_channel", "preferred_time", "preferences", "habits", "needs", "birthday", "gender",
    "id_number",
)  # fmt: skip
NEEDS_REASON = _("Ending a relationship is a person's decision: say why.")


@transaction.atomic
def create(
    *,
    by: Actor,
    name: str,
    phone: str = "",
    email: str = "",
    address: str = "",
    card: str = "",
    tags: Iterable[str] = (),
    **fields: Any,
) -> Customer:
    """Add a customer, looked after by who adds them.

    Raises
    ------
    PermissionDenied
        Without the right, or with a sensitive field that `by` may not read.
    ValidationError
        Field → what is wrong with it.
    """
    by.require("customers.write")
    customer = Customer(owner_id=by.user_id, team_id=team_of(by.user_id), created_by_id=by.user_id)
    customer.owner_since = customer.stage_since = timezone.localdate()
    _allowed(by, fields)
    _put(customer, {"name": name, **fields})
    if not customer.nature and customer.kind == Kind.PERSON:
        customer.nature = Nature.INDIVIDUAL
    customer.full_clean(exclude=["owner", "team", "created_by"])
    customer.save(force_insert=True)
    _tag(customer, tags)
    note(customer, by, "create")
    for kind, value in ((phone_kind(phone), phone), (PointKind.EMAIL, email), (PointKind.ADDRESS, address)):
        if value.strip():
            add_point(customer=customer, kind=kind, value=value, by=by)
    if card.strip():
        add_card(customer=customer, number=card, by=by)
    return customer


@transaction.atomic
def update(*, customer: Customer, version: int, by: Actor, tags: Iterable[str] | None = None, **changes: Any) -> None:
    """Change fields of a customer; what stays the same is not noted.

    Raises
    ------
    PermissionDenied
        Without the right or the reach, or for a sensitive field that `by` may not read.
    Conflict
        When somebody else was faster.
    ValidationError
        Field → what is wrong with it.
    """
    reached(customer, by, "customers.write")
    _allowed(by, changes)
    customer.claim(version)
    before = {name: getattr(customer, name) for name in changes}
    _put(customer, changes)
    changed: dict[str, tuple[Any, Any] | None] = {
        name: (old, getattr(customer, name)) for name, old in before.items() if old != getattr(customer, name)
    }
    customer.full_clean(exclude=["owner", "team", "created_by"])
    customer.save(update_fields=[*changed, "changed_at"])
    if tags is not None and _tag(customer, tags):
        changed["tags"] = None
    if changed:
        note(customer, by, "update", changed)


@transaction.atomic
def set_stage(*, customer: Customer, version: int, stage: str, by: Actor, reason: str = "") -> None:
    """Move a customer to another stage of the relationship; to end it takes a reason.

    Raises
    ------
    PermissionDenied, Conflict
        As in `update`.
    ValidationError
        Without a reason for ending, or for a stage that there is not.
    """
    reached(customer, by, "customers.write")
    if stage not in Stage.values:
        raise ValidationError({"stage": _("There is no such stage.")})
    if stage == Stage.BREAK and not reason.strip():
        raise ValidationError({"reason": NEEDS_REASON})
    customer.claim(version)
    before, customer.stage = customer.stage, stage
    if before == stage:
        return
    customer.stage_since = timezone.localdate()
    customer.save(update_fields=["stage", "stage_since", "changed_at"])
    note(customer, by, "stage", {"stage": (before, stage)}, reason)


def team_of(user_id: int | None) -> int | None:
    """Return the team that somebody's customers belong to: the first one they joined."""
    people = get_user_model()._default_manager.filter(pk=user_id or 0)
    team_id: int | None = people.order_by("memberships__pk").values_list("memberships__team_id", flat=True).first()
    return team_id


def phone_kind(number: str) -> str:
    """Return whether a number looks like a mobile (eleven digits from 1 on) or a landline."""
    from regulars.web.customers.keys import digits

    found = digits(number)
    return PointKind.MOBILE if len(found) == 11 and found.startswith("1") else PointKind.PHONE


def _allowed(by: Actor, names: Iterable[str]) -> None:
    for name in names:
        if name not in EDITABLE:
            raise ValueError(f"{name!r} is not changed in this way")
        if not sees(by, name):
            raise PermissionDenied(f"customers.write {name}")


def _put(customer: Customer, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(customer, name, value.strip() if isinstance(value, str) else value)


def _tag(customer: Customer, names: Iterable[str]) -> bool:
    """Give the customer exactly these tags; return whether that changed anything."""
    wanted = {" ".join(name.split())[:40] for name in names} - {""}
    if wanted == set(customer.tags.values_list("name", flat=True)):
        return False
    Tag.objects.bulk_create([Tag(name=name) for name in sorted(wanted)], ignore_conflicts=True)
    customer.tags.set(Tag.objects.filter(name__in=wanted))
    return True
