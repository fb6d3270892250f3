"""Promises are kept, complaints are resolved, what matters is pinned."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.journal.actions.recording import SUBJECT
from regulars.web.journal.models import Entry
from regulars.web.journal.taxonomy import Kind, State

NEEDS_RESOLUTION = _("Say how the complaint was resolved.")


@transaction.atomic
def resolve(
    *, entry: Entry, by: Actor, resolution: str = "", state: str = State.DONE, at: datetime | None = None
) -> bool:
    """Settle an open promise or complaint; return whether this call did it (False: it was settled before).

    Raises
    ------
    PermissionDenied
        Without the right, or where `by` does not reach the entry.
    ValidationError
        When a complaint is settled without saying how.
    """
    _reached(entry, by)
    if entry.kind == Kind.COMPLAINT and not (resolution.strip() or entry.resolution):
        raise ValidationError({"resolution": NEEDS_RESOLUTION})
    if state not in (State.DONE, State.DROPPED):
        raise ValueError(f"an entry is not settled as {state!r}")
    mine = Entry.objects.select_for_update().filter(pk=entry.pk, state=State.OPEN).first()
    if mine is None:
        return False
    mine.state, mine.settled_at, mine.settled_by_id = state, at or timezone.now(), by.user_id
    mine.resolution = resolution.strip() or mine.resolution
    mine.version += 1
    mine.save()
    _trail("resolve", mine, by, state=state)
    return True


@transaction.atomic
def reopen(*, entry: Entry, by: Actor) -> None:
    """Take a settlement back."""
    _reached(entry, by)
    if not entry.state:
        raise ValueError("only promises and complaints are open or settled")
    entry.state, entry.settled_at, entry.settled_by = State.OPEN, None, None
    entry.save(update_fields=["state", "settled_at", "settled_by", "changed_at"])
    _trail("reopen", entry, by)


@transaction.atomic
def pin(*, entry: Entry, by: Actor) -> None:
    """Keep an entry at the head of the log."""
    _pin(entry, by, pinned=True)


@transaction.atomic
def unpin(*, entry: Entry, by: Actor) -> None:
    """Let an entry back into its place."""
    _pin(entry, by, pinned=False)


def _pin(entry: Entry, by: Actor, *, pinned: bool) -> None:
    _reached(entry, by)
    entry.pinned = pinned
    entry.save(update_fields=["pinned", "changed_at"])
    _trail("pin" if pinned else "unpin", entry, by)


def _reached(entry: Entry, by: Actor) -> None:
    by.require("journal.write")
    if not Entry.objects.visible_to(by).filter(pk=entry.pk).exists():
        raise PermissionDenied("journal.write")


def _trail(verb: str, entry: Entry, by: Actor, **details: object) -> None:
    audit.record(
        actor=by, verb=verb, subject_type=SUBJECT, subject_id=entry.pk,
        details={"customer": entry.customer_id, **details},
    )  # fmt: skip
