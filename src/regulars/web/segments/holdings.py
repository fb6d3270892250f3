"""What becomes of a customer's membership in frozen segments when records are merged, erased or handed out."""

from __future__ import annotations

from typing import Any

from regulars.web.core.actor import Actor
from regulars.web.segments.models import Member


def move(from_id: int, to_id: int) -> None:
    """Let the record that stays be a member where the other was; nobody is a member twice."""
    there = Member.objects.filter(customer=to_id).values("segment")
    Member.objects.filter(customer=from_id, segment__in=list(there.values_list("segment", flat=True))).delete()
    Member.objects.filter(customer=from_id).update(customer=to_id)


def erase(customer_id: int) -> None:
    """Take the person out of every segment: a segment's name may say what they were."""
    Member.objects.filter(customer=customer_id).delete()


def disclose(actor: Actor, customer_id: int) -> dict[str, Any]:
    """Return the frozen segments that the person is in; live ones hold nothing about anybody."""
    found = Member.objects.filter(customer=customer_id).select_related("segment").order_by("id")
    return {
        "segments": [
            {"name": one.segment.name, "frozen": one.segment.frozen_at and one.segment.frozen_at.isoformat()}
            for one in found
        ]
    }
