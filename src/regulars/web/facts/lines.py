"""The order lines that a valuation read, of the customers that are wanted."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.engine import Frame
from regulars.errors import InputError
from regulars.web.facts.access import lake
from regulars.web.facts.history import LINES
from regulars.web.facts.merged import under_kept, with_merged
from regulars.web.facts.values import Run


def lines_read(run: Run, numbers: Sequence[int] | None) -> Frame:
    """Return the lines from which `run` valued these customers (None: everybody); merged ones count for the one kept.

    To be called within `reading`.
    """
    wanted = None if numbers is None else with_merged(numbers)
    try:
        lines = lake().table(LINES, at=run.snapshot, customers=wanted)
    except InputError:  # that version was tidied away; the newest differs at most by later corrections
        lines = lake().table(LINES, customers=wanted)
    return under_kept(lines)
