"""What was reckoned over many customers is kept: a valuation never changes, but whose customers are whose does."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Sequence

from django.core.cache import cache

SECONDS = 24 * 3600


def kept[Found](what: str, numbers: Sequence[int] | None, reckon: Callable[[], Found]) -> Found:
    """Return what `reckon` found for these customers, reckoned at most once a day.

    Parameters
    ----------
    what
        Which figures of which valuation.
    numbers
        Whose, in order; None: everybody's. They are part of the key, so that nobody is given another's figures.
    """
    key = f"{what}:{_name(numbers)}"
    found: Found | None = cache.get(key)
    if found is None:
        found = reckon()
        cache.set(key, found, SECONDS)
    return found


def _name(numbers: Sequence[int] | None) -> str:
    return "all" if numbers is None else hashlib.sha256(array("q", numbers).tobytes()).hexdigest()[:32]
