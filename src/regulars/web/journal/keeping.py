"""What becomes of the log when its customer is merged, erased, or asks what is stored."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from regulars.web.core.actor import Actor
from regulars.web.journal.models import Entry
from regulars.web.journal.taxonomy import State


def move(from_id: int, to_id: int) -> None:
    """Move every entry to the record that stays."""
    Entry.objects.filter(customer_id=from_id).update(customer_id=to_id, changed_at=timezone.now())


def erase(customer_id: int) -> None:
    """Wipe every word; that something happened, when and by whom stays, as it does in the lake."""
    theirs = Entry.objects.filter(customer_id=customer_id)
    theirs.filter(state=State.OPEN).update(state=State.DROPPED, settled_at=timezone.now())
    theirs.update(summary="", event="", resolution="", contact=None, pinned=False, changed_at=timezone.now())


def disclose(actor: Actor, customer_id: int) -> list[dict[str, Any]]:
    """Return every entry in words."""
    entries = Entry.objects.filter(customer_id=customer_id).select_related("representative", "contact")
    return [_told(entry) for entry in entries]


def _told(entry: Entry) -> dict[str, Any]:
    names = ("kind", "topic", "channel", "state")
    words = {str(Entry._meta.get_field(name).verbose_name): getattr(entry, f"get_{name}_display")() for name in names}  # type: ignore[union-attr]
    others = {
        "occurred_at": timezone.localtime(entry.occurred_at).isoformat(timespec="minutes"),
        "summary": entry.summary,
        "event": entry.event,
        "resolution": entry.resolution,
        "minutes": entry.minutes,
        "amount": None if entry.amount is None else str(entry.amount),
        "due_on": None if entry.due_on is None else entry.due_on.isoformat(),
        "contact": str(entry.contact or ""),
        "representative": str(entry.representative),
    }
    words |= {str(Entry._meta.get_field(name).verbose_name): value for name, value in others.items()}  # type: ignore[union-attr]
    return {name: str(value) for name, value in words.items() if value not in (None, "")}
