"""What every class is called and in which order they come: the one place for everybody who shows them."""

from __future__ import annotations

from datetime import date, timedelta

from regulars.segment.matrix import KEYS as MATRIX_CLASSES
from regulars.segment.matrix import NAMES as MATRIX_NAMES
from regulars.segment.matrix import NUMERALS as MATRIX_NUMERALS
from regulars.segment.tiers import NAMES as TIER_NAMES
from regulars.segment.tiers import TIERS
from regulars.segment.visits import CLASSES as VISIT_CLASSES
from regulars.segment.visits import FLOORS as VISIT_FLOORS
from regulars.segment.visits import month_name
from regulars.words import T

__all__ = [
    "MATRIX_CLASSES",
    "MATRIX_NAMES",
    "MATRIX_NUMERALS",
    "TIERS",
    "TIER_NAMES",
    "VISIT_CLASSES",
    "matrix_name",
    "month_name",
    "visit_meaning",
]


def matrix_name(key: str) -> T:
    """Return a class of the matrix as people say it.

    Examples
    --------
    >>> matrix_name("IV")["zh"], matrix_name("I")["en"]
    ('Ⅳ 白金', 'Ⅰ Lead')
    """
    numeral, name = MATRIX_NUMERALS[key], MATRIX_NAMES[key]
    return T(zh=f"{numeral} {name.zh}", en=f"{numeral} {name.en}")


def visit_meaning(key: str, month: date) -> T:
    """Return what a visit class means in the month judged, by its first day.

    Examples
    --------
    >>> [visit_meaning(k, date(2026, 5, 1))["en"] for k in VISIT_CLASSES]
    ['10 or more', '6–9', '1–5', 'in April, not in May']
    """
    floors = dict(VISIT_FLOORS)
    if key not in floors:
        before, now = month_name(month - timedelta(days=1)), month_name(month)
        return T(zh=f"{before.zh}来过，{now.zh}没来", en=f"in {before.en}, not in {now.en}")
    above = min((floor for floor in floors.values() if floor > floors[key]), default=None)
    if above is None:
        return T(zh=f"{floors[key]} 次以上", en=f"{floors[key]} or more")
    return T(zh=f"{floors[key]}–{above - 1} 次", en=f"{floors[key]}–{above - 1}")
