"""Changing an entry: its author for a day; afterwards, and everybody else, adds a correction that stands beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.journal.actions.recording import SUBJECT, checked, record, shortened
from regulars.web.journal.models import Entry
from regulars.web.journal.taxonomy import Kind

EDITABLE_FOR = timedelta(hours=24)
FIELDS = (
    "kind", "topic", "channel", "occurred_at", "minutes", "event", "resolution", "amount", "due_on", "contact",
)  # fmt: skip
SETTLED_KINDS = (Kind.PROMISE, Kind.COMPLAINT)


def may_edit(entry: Entry, by: Actor, *, now: datetime) -> bool:
    """Return whether `by` may still change `entry` itself."""
    fresh = now - entry.recorded_at <= EDITABLE_FOR
    return fresh and entry.author_id == by.user_id and not entry.origin and by.may("journal.write")


@transaction.atomic
def edit(*, entry: Entry, version: int, by: Actor, **changes: Any) -> None:
    """Change an entry's fields, within a day, by its author.

    Raises
    ------
    PermissionDenied
        When it is too late, or somebody else's.
    Conflict
        When it has changed since.
    ValidationError
        When the result is no entry.
    """
    by.require("journal.write")
    if not may_edit(entry, by, now=timezone.now()):
        raise PermissionDenied("journal.write")
    if unknown := set(changes) - set(FIELDS):
        raise ValueError(f"an entry has no {', '.join(sorted(unknown))} to change")
    entry.claim(version)
    derived = entry.summary == shortened(entry.event)
    kind = entry.kind
    for name, value in changes.items():
        setattr(entry, name, value)
    if (kind in SETTLED_KINDS or entry.kind in SETTLED_KINDS) and entry.kind != kind:
        raise ValidationError({"kind": _("A promise or complaint stays one. Add a new entry instead.")})
    if derived:
        entry.summary = shortened(entry.event)
    entry.edited_at = timezone.now()
    checked(entry).save()
    audit.record(
        actor=by, verb="update", subject_type=SUBJECT, subject_id=entry.pk,
        details={"customer": entry.customer_id, "fields": sorted(changes)},
    )  # fmt: skip


@transaction.atomic
def correct(*, entry: Entry, text: str, by: Actor) -> Entry:
    """Add what was wrong about an entry; the entry itself stays as it was written."""
    corrected = entry.about if entry.kind == Kind.CORRECTION and entry.about else entry
    return record(customer=entry.customer, kind=Kind.CORRECTION, text=text, by=by, about=corrected)
