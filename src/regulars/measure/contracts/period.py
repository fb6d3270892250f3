"""The period of a contract by the calendar: months are as long as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from regulars.errors import InputError
from regulars.words import T

Days = npt.NDArray[np.datetime64]
Ints = npt.NDArray[np.int64]

NAMES = {"week": (0, 7), "month": (1, 0), "quarter": (3, 0), "year": (12, 0)}
SLACK, SLACK_SHARE = 3, 0.04
"""By so many days, or by this part of its length, a period may be off: 31 January to 28 February, 360 days a year."""
DAY, MONTH = np.timedelta64(1, "D"), np.timedelta64(1, "M")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """So many calendar months, or so many days."""

    months: int = 0
    days: int = 0

    @classmethod
    def read(cls, text: str, flag: str = "--period") -> Self:
        """Return the period that a text says: ``month``, ``year``, ``6m``, ``4w``, ``30d``.

        Raises
        ------
        InputError
            For any other text.
        """
        named = NAMES.get(text.strip().lower())
        match = re.fullmatch(r"\s*(\d+)\s*([dwmy])\s*", text.lower())
        if named is None and match and int(match[1]) > 0:
            n = int(match[1])
            named = {"d": (0, n), "w": (0, 7 * n), "m": (n, 0), "y": (12 * n, 0)}[match[2]]
        if named is None:
            raise InputError(
                T(zh=f"读不懂 {text!r}", en=f"cannot read {text!r}"),
                where=flag,
                remedy=T(
                    zh="写成 month、quarter、year，或 6m、4w、30d。", en="Write month, quarter, year, or 6m, 4w, 30d."
                ),
            )
        return cls(*named)

    @property
    def years(self) -> float:
        """Its length in years of 365.25 days."""
        return self.months / 12 + self.days / 365.25

    @property
    def slack(self) -> int:
        """Days by which one may be off; none where periods are counted in days."""
        return max(SLACK, int(SLACK_SHARE * self.months * 30.4)) if self.months else 0

    @property
    def name(self) -> T:
        """What it is called."""
        if self.months and self.months % 12 == 0:
            n = self.months // 12
            return T(zh=f"{n} 年", en="a year" if n == 1 else f"{n} years")
        if self.months:
            return T(zh=f"{self.months} 个月", en="a month" if self.months == 1 else f"{self.months} months")
        return T(zh=f"{self.days} 天", en="a week" if self.days == 7 else f"{self.days} days")

    def after(self, start: Any, n: Any) -> Days:
        """Return the day `n` periods after `start`; the last day of a month where the month has no such day.

        Examples
        --------
        >>> str(Period(months=1).after(np.datetime64("2024-01-31"), 1))
        '2024-02-29'
        """
        day = np.asarray(start, dtype="datetime64[D]")
        if not self.months:
            return np.asarray(day + np.asarray(n) * self.days * DAY)
        month = day.astype("datetime64[M]")
        target = month + np.asarray(n) * self.months * MONTH
        first, following = target.astype("datetime64[D]"), (target + MONTH).astype("datetime64[D]")
        return np.asarray(np.minimum(first + (day - month.astype("datetime64[D]")), following - DAY))

    def passed(self, start: Any, until: Any) -> Ints:
        """Return how many whole periods after `start` lie on or before `until`, 0 where `until` is earlier."""
        begin, end = (np.asarray(v, dtype="datetime64[D]") for v in (start, until))
        if self.months:
            apart = (end.astype("datetime64[M]") - begin.astype("datetime64[M]")).astype(np.int64)
            n = apart // self.months + 1
        else:
            n = (end - begin).astype(np.int64) // self.days + 1
        for _ in range(2):
            n = n - (self.after(begin, n) > end)
        return np.asarray(np.maximum(n, 0))

    def begun(self, start: Any, end: Any) -> Ints:
        """Return how many periods from `start` were begun by `end`, 1 at the least; the last day counts to its period.

        From 1 January to 31 December and to 1 January are both one year.
        """
        last = np.asarray(end, dtype="datetime64[D]")
        whole = self.passed(start, last + DAY)
        over = (last - self.after(start, whole)).astype(np.int64)
        return np.asarray(np.maximum(whole + (over > self.slack), 1))


def length_between(start: Days, end: Days) -> tuple[Ints, Ints]:
    """Return each stretch's length as (months, days), one of them 0: whole months where the calendar says so.

    Days are given where no number of months fits closely, and for stretches under 28 days.
    """
    days = (end - start).astype(np.int64)
    months = np.maximum(np.rint(days / 30.4375).astype(np.int64), 0)
    off = np.abs((end - Period(months=1).after(start, months)).astype(np.int64))
    whole = (months > 0) & (days >= 27) & (off <= np.maximum(SLACK, SLACK_SHARE * days))
    inclusive = np.where(days % 7 == 6, days + 1, days)  # Monday to Sunday is a week
    return np.where(whole, months, 0), np.where(whole, 0, inclusive)


def as_date(day: Any) -> date:
    """Return a NumPy day as a date."""
    return np.datetime64(day, "D").astype(object)  # type: ignore[no-any-return]
