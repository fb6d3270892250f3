"""Making, freezing and deleting segments."""

from __future__ import annotations

from itertools import batched

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace
from regulars.web.customers.actions.editing import team_of
from regulars.web.segments.actions.trail import WRITE, check, mine, note
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.models import Member, Segment, Shared
from regulars.web.segments.selectors.narrowing import finding

CHUNK = 5_000


@transaction.atomic
def make_segment(
    *, name: str, conditions: Conditions, by: Actor, shared: str = Shared.OWN, frozen: bool = False
) -> Segment:
    """Keep conditions as a segment: live, or frozen with the customers who meet them now and whom `by` reaches.

    Raises
    ------
    PermissionDenied
        Without the right.
    ValidationError
        For an empty name, sharing by who may not, or a frozen segment of nobody.
    """
    by.require(WRITE)
    check(name, shared, by)
    segment = Segment.objects.create(
        name=name.strip(), owner_id=by.user_id or 0, team_id=team_of(by.user_id), shared=shared,
        asked=dict(conditions.readable(by).texts),
    )  # fmt: skip
    note("create", segment, by, shared=shared, frozen=frozen)
    if frozen:
        _freeze(segment, by)
    return segment


@transaction.atomic
def change_segment(*, segment: Segment, name: str, shared: str, version: int, by: Actor) -> None:
    """Rename or share a segment.

    Raises
    ------
    PermissionDenied
        Without the right, or for somebody else's.
    Conflict
        When it has changed since.
    """
    mine(segment, by, WRITE)
    check(name, shared, by, was=segment.shared)
    segment.claim(version)
    segment.name, segment.shared = name.strip(), shared
    segment.save(update_fields=["name", "shared"])
    note("update", segment, by, fields=["name", "shared"])


@transaction.atomic
def freeze(*, segment: Segment, version: int, by: Actor) -> int:
    """Write down who is in a live segment now, of those whom `by` reaches; return how many.

    Raises
    ------
    PermissionDenied
        Without the right, or for somebody else's.
    Conflict
        When it has changed since, or is frozen already.
    ValidationError
        When it has nobody.
    """
    mine(segment, by, WRITE)
    segment.claim(version)
    if segment.is_frozen:
        raise ValidationError(_("This segment is frozen already."))
    return _freeze(segment, by)


@transaction.atomic
def delete_segment(*, segment: Segment, by: Actor) -> None:
    """Delete a segment with its members; tasks and control groups that were made from it stay."""
    mine(segment, by, WRITE)
    note("delete", segment, by)
    Member.objects.filter(segment=segment).delete()
    segment.delete()


def _freeze(segment: Segment, by: Actor) -> int:
    found = finding(by, segment.conditions)
    n = 0
    for part in batched(found.numbers().tolist(), CHUNK):
        n += len(Member.objects.bulk_create([Member(segment=segment, customer_id=number) for number in part]))
    if not n:
        raise ValidationError(_("Nobody meets these conditions: there is nothing to freeze."))
    segment.frozen_at, segment.frozen_by_id = timezone.now(), by.user_id
    segment.valuation_id = Workspace.current().current_valuation_id if found.valuation else None
    segment.save(update_fields=["frozen_at", "frozen_by", "valuation_id"])
    note("freeze", segment, by, n=n)
    return n
