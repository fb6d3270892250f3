"""From the log to the lake: what was done for whom, when, how long, by whom. Never a word of what was written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from regulars.web.journal.models import Entry
from regulars.web.journal.taxonomy import Kind

SOURCE = "journal"
CHUNK = 5_000
NO_ACTIVITY = (Kind.CORRECTION, Kind.PROMISE)
"""Words about words, and words about the future: nothing was done for the customer."""


def activities(since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Yield a row of the lake's `activities` for each entry that was added or changed since then; each once.

    The key is the entry's number: a changed entry revises its row, in the lake's own manner.
    """
    changed = Entry.objects.exclude(kind__in=NO_ACTIVITY)
    if since is not None:
        changed = changed.filter(changed_at__gte=since)
    columns = ("pk", "customer_id", "kind", "occurred_at", "minutes", "representative_id", "channel")
    for pk, customer_id, kind, at, minutes, staff_id, channel in (
        changed.order_by("changed_at", "pk").values_list(*columns).iterator(CHUNK)
    ):
        yield {
            "activity_id": str(pk),
            "customer_id": customer_id,
            "activity": kind,
            "occurred_at": at,
            "quantity": 1,
            "minutes": minutes,
            "staff_id": staff_id,
            "channel": channel or None,
        }
