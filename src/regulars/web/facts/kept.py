"""What was reckoned over many customers is kept: a valuation never changes, but whose customers are whose does."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Sequence

from django.core.cache import cache

from regulars.web.core.actor import Actor
from regulars.web.facts.reach import reached_numbers

SECONDS = 24 * 3600
TEAM_SECONDS = 600
"""How long a team's figures may be behind customers who changed hands: to know each at once, all are to be counted."""


def kept[Found](what: str, of: Actor | None, reckon: Callable[[Sequence[int] | None], Found]) -> Found:
    """Return what `reckon` found for the customers that somebody reaches, reckoned at most once a day.

    Parameters
    ----------
    what
        Which figures of which valuation.
    of
        Who: their own customers are part of the key; of teams it is their numbers and the person, for ten minutes.
        None: everybody's customers.
    reckon
        Takes the customers' numbers, in order; None: everybody's.
    """
    numbers: Sequence[int] | None = None
    name, seconds = "all", SECONDS
    if of is not None:
        of.require("customers.read")
        if of.scope == "own":
            numbers = reached_numbers(of)
            name = _name(numbers or ())
        elif of.scope == "team":
            name, seconds = f"team:{_name([of.user_id or 0, *sorted(of.team_ids)])}", TEAM_SECONDS
    key = f"{what}:{name}"
    found: Found | None = cache.get(key)
    if found is None:
        found = reckon(reached_numbers(of) if of is not None and numbers is None else numbers)
        cache.set(key, found, seconds)
    return found


def _name(numbers: Sequence[int]) -> str:
    return hashlib.sha256(array("q", numbers).tobytes()).hexdigest()[:32]
