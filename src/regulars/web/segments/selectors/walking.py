"""Walking along an order of which not everybody is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from regulars.web.core.paging import Read

STRETCH, LONGEST = 500, 50_000
"""Rows that are looked at at once: at first, and at most."""


def walking(
    stretch: Read, keep: Callable[[list[Any]], list[Any]], values: Callable[[Any], Sequence[Any]]
) -> Read:  # fmt: skip
    """Return what reads on, a stretch at a time and each longer than the last, until enough rows are kept.

    Parameters
    ----------
    keep
        Returns those of a stretch that are wanted, as rows of a page.
    values
        The order's values in a row of a stretch: where the next begins.
    """

    def read(beyond: Sequence[Any] | None, backwards: bool, n: int) -> list[Any]:
        found: list[Any] = []
        size = max(STRETCH, 2 * n)
        while len(found) < n:
            rows = stretch(beyond, backwards, size)
            found += keep(rows)
            if len(rows) < size:
                break
            beyond, size = values(rows[-1]), min(4 * size, LONGEST)
        return found[:n]

    return read
