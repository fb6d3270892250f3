"""The one way to leave a trail, called inside the transaction of the write it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from regulars.web.core.actor import Actor


def record(
    *, actor: Actor, verb: str, subject_type: str, subject_id: object, details: Mapping[str, Any] | None = None
) -> None:
    """Add one row: `actor` did `verb` to a subject.

    Parameters
    ----------
    verb
        What was done, as ``create``, ``update``, ``export``, ``read-contact``.
    subject_type, subject_id
        What it was done to: ``app.model`` and its key, not its name.
    details
        Names of fields and counts; never the values of sensitive fields: the trail outlives an erasure.
    """
    from regulars.web.audit.models import Entry  # apps must be loaded first; this package is imported before

    Entry.objects.create(
        user_id=actor.user_id,
        verb=verb,
        subject_type=subject_type,
        subject_id=str(subject_id),
        details=dict(details or {}),
    )


def record_each(
    *, actor: Actor, verb: str, subject_type: str, subject_ids: Iterable[object], details: Mapping[str, Any]
) -> None:
    """Add one row for each of many subjects to which the same was done."""
    from regulars.web.audit.models import Entry
    from regulars.web.core.bulk import insert

    insert(
        [
            Entry(
                user_id=actor.user_id, verb=verb, subject_type=subject_type, subject_id=str(one), details=dict(details)
            )
            for one in subject_ids
        ]
    )
