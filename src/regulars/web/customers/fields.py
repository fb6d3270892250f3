"""Which fields of a customer are sensitive, and to which group they belong. A field that is not listed fails a test.

Read, write, search, filter, sort, history, export: each asks here, none decides by itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from regulars.web.core.actor import Actor

OPEN = "open"
INTERNAL = "internal"
"""Never shown or filtered as such: keys and bookkeeping."""

GROUPS: dict[str, str] = {
    "id": OPEN,
    "version": INTERNAL,
    "kind": OPEN,
    "name": OPEN,
    "name_key": INTERNAL,
    "partner": OPEN,
    "nature": OPEN,
    "seniority": OPEN,
    "dealing": OPEN,
    "stage": OPEN,
    "stage_since": OPEN,
    "source_channel": OPEN,
    "source_detail": OPEN,
    "acquired_on": OPEN,
    "region": OPEN,
    "store": OPEN,
    "preferred_channel": OPEN,
    "preferred_time": OPEN,
    "preferences": OPEN,
    "habits": OPEN,
    "needs": OPEN,
    "birthday": "personal",
    "gender": "personal",
    "id_number": "personal",
    "owner": OPEN,
    "owner_since": OPEN,
    "team": OPEN,
    "tags": OPEN,
    "merged_into": INTERNAL,
    "archived_at": OPEN,
    "erased_at": OPEN,
    "created_by": OPEN,
    "created_at": OPEN,
    "changed_at": OPEN,
    # what hangs on a customer
    "points": "contact",
    "cards": "personal",
    "identities": "personal",
}


def sees(actor: Actor, field: str) -> bool:
    """Return whether `actor` may read, filter and sort by `field`; what nobody has classified is closed."""
    group = GROUPS.get(field, INTERNAL)
    return group == OPEN or (group != INTERNAL and actor.sees(group))


def readable(actor: Actor, fields: Iterable[str] = GROUPS) -> list[str]:
    """Return those of `fields` that `actor` may read."""
    return [field for field in fields if sees(actor, field)]
