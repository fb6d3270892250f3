"""Units of time, horizons, business days. A unit is a fixed number of days and is never floored."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from datetime import date, timedelta

from regulars.errors import InputError
from regulars.words import T

UNIT_DAYS: dict[str, float] = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
"""Days in each unit of time that a model may be fitted in."""

_HORIZON = re.compile(r"^\s*(\d+)\s*(d|w|m|y)?\s*$", re.IGNORECASE)
_LETTER_DAYS = {"d": 1.0, "w": 7.0, "m": 365.25 / 12, "y": 365.25}


def unit_days(unit: str) -> float:
    """Return the days in one `unit` ("day", "week", "month", "year").

    Raises
    ------
    InputError
        For any other unit; the remedy names the four.
    """
    try:
        return UNIT_DAYS[unit]
    except KeyError:
        raise InputError(
            T(zh=f"不认识的时间单位 {unit!r}", en=f"unknown unit of time {unit!r}"),
            remedy=T(zh="可用 day、week、month、year。", en="Use day, week, month or year."),
        ) from None


def horizon_days(text: str) -> int:
    """Return the whole days in a horizon such as ``52w``, ``90d``, ``12m`` or ``1y`` (a bare number is weeks).

    Examples
    --------
    >>> horizon_days("52w")
    364
    """
    match = _HORIZON.match(text)
    days = round(int(match[1]) * _LETTER_DAYS[(match[2] or "w").lower()]) if match else 0
    if not 1 <= days <= 3660:
        raise InputError(
            T(zh=f"读不懂的期限 {text!r}", en=f"cannot read the horizon {text!r}"),
            remedy=T(zh="写成 52w、90d、12m 或 1y，最长 10 年。", en="Write 52w, 90d, 12m or 1y, ten years at most."),
        )
    return days


def discount_per_unit(annual_rate: float, unit: str = "week") -> float:
    """Return the continuous discount rate δ per `unit` of an effective annual rate.

    δ = ln(1 + r) / (365.25 / days in the unit).

    Raises
    ------
    InputError
        For a negative rate.
    """
    if not (annual_rate >= 0 and math.isfinite(annual_rate)):
        raise InputError(
            T(zh=f"折现率不能是 {annual_rate}", en=f"the discount rate cannot be {annual_rate}"),
            remedy=T(zh="用 0 或正数，如 0.1。", en="Give 0 or a positive rate such as 0.1."),
        )
    return math.log1p(annual_rate) * unit_days(unit) / 365.25


def year_before(day: date) -> date:
    """Return the same calendar day a year earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


WEEKDAYS = (0, 1, 2, 3, 4)
"""Monday to Friday, as `date.weekday` counts."""


def is_business_day(
    day: date,
    *,
    weekdays: Collection[int] = WEEKDAYS,
    closed: Collection[date] = frozenset(),
    opened: Collection[date] = frozenset(),
) -> bool:
    """Return whether people work on `day`: on its weekday, unless it is closed, or because it is opened all the same.

    Parameters
    ----------
    weekdays
        Days of the week on which people work, 0 = Monday.
    closed
        Holidays.
    opened
        Days that are worked although their weekday is not, such as those that make up for a long holiday.
    """
    return day in opened or (day.weekday() in weekdays and day not in closed)


def business_day_after(
    day: date,
    n: int,
    *,
    weekdays: Collection[int] = WEEKDAYS,
    closed: Collection[date] = frozenset(),
    opened: Collection[date] = frozenset(),
) -> date:
    """Return the `n`-th business day after `day`; with n = 0 `day` itself, or the next business day where it is none.

    Raises
    ------
    ValueError
        For a negative `n`, and where nobody works in a whole year.

    Examples
    --------
    >>> business_day_after(date(2026, 7, 3), 2)  # a Friday
    datetime.date(2026, 7, 7)
    """
    if n < 0:
        raise ValueError(f"{n} business days: only forward")
    left, found, idle = n, day, 0
    while left > 0 or not is_business_day(found, weekdays=weekdays, closed=closed, opened=opened):
        found += timedelta(days=1)
        works = is_business_day(found, weekdays=weekdays, closed=closed, opened=opened)
        left, idle = left - works, 0 if works else idle + 1
        if idle > 366:
            raise ValueError("nobody works in a whole year")
    return found
