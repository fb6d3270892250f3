"""A calendar of covariates: what was and will be the case in each period, for everybody or for each customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from regulars.errors import InputError
from regulars.measure.lifetime.clocks import Pieces
from regulars.measure.lifetime.covariates import Columns, require_columns
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints
from regulars.words import T as Words

KEYS = ("customer_id", "starts_on", "ends_on")


@dataclass(frozen=True)
class Calendar:
    """Periods, sorted by track and day; `customers` names the tracks, or is None where all share one.

    A period covers its days from `starts` to `ends`, both included, counted from 1 January 1970.
    """

    columns: Columns
    track: Ints
    starts: Ints
    ends: Ints
    customers: npt.NDArray[Any] | None

    @classmethod
    def read(cls, table: Any) -> Calendar:
        """Read any frame with `starts_on`, the covariates and, where they differ by customer, `customer_id`.

        `ends_on` (the last day of a period) may be left out where all periods are equally long.

        Raises
        ------
        InputError
            For a missing column or date, for periods that overlap or leave days out, for periods of unequal length
            without `ends_on`.
        """
        frame = nw.from_native(table)
        require_columns(["starts_on"], frame.collect_schema().names())
        eager = frame.collect("pyarrow") if isinstance(frame, nw.LazyFrame) else frame
        got = {n: np.asarray(eager[n].to_numpy()) for n in eager.columns}
        starts = days(got["starts_on"], "starts_on")
        customers, track = None, np.zeros(len(starts), dtype=np.int64)
        if "customer_id" in got:
            customers, track = np.unique(got["customer_id"], return_inverse=True)
        order = np.lexsort((starts, track))
        columns = {n: v[order] for n, v in got.items() if n not in KEYS}
        track, starts = track[order], starts[order]
        ends = days(got["ends_on"], "ends_on")[order] if "ends_on" in got else _equal_ends(track, starts)
        _contiguous(track, starts, ends)
        return cls(columns, track, starts, ends, customers)

    def pieces(self, matrix: Floats, unit: float) -> tuple[Pieces, Ints]:
        """Return the stretches over which no row of `matrix` changes, and a period of each.

        Times are in units of `unit` days from the end of 31 December 1969: a day's purchases lie at its end.
        """
        new = np.ones(len(self.track), dtype=bool)
        new[1:] = (self.track[1:] != self.track[:-1]) | np.any(matrix[1:] != matrix[:-1], axis=1)
        first = np.flatnonzero(new)
        return Pieces(self.track[first], (self.starts[first] - 1) / unit), first

    def tracks(self, customer: npt.NDArray[Any] | None, n: int) -> Ints:
        """Return the track of each of `n` customers.

        Raises
        ------
        InputError
            Where customers have no periods: how many.
        """
        if self.customers is None or customer is None:
            return np.zeros(n, dtype=np.int64)
        found = np.clip(np.searchsorted(self.customers, customer), 0, len(self.customers) - 1)
        missing = int(np.count_nonzero(self.customers[found] != customer))
        if missing:
            raise InputError(
                Words(
                    zh="协变量日历里没有 {n} 位客户的任何时期",
                    en="the calendar of covariates has no period of {n} customers",
                ).format(n=missing)
            )
        return found.astype(np.int64)

    def require(self, track: Ints, first: Ints, last: Floats) -> None:
        """Check that the calendar covers every customer's days from `first` to `last`.

        Raises
        ------
        InputError
            Saying from or to which day it has to run: what it does not say is not guessed.
        """
        edge = np.flatnonzero(np.diff(self.track, prepend=-1))
        begins, ends = self.starts[edge][track], self.ends[np.append(edge[1:], len(self.track)) - 1][track]
        for bad, zh, en, day in (
            (begins > np.minimum(first, last), "早于", "before", first), (ends < last, "晚于", "after", np.ceil(last)),
        ):  # fmt: skip
            if bad.any():
                worst = day[bad].min() if en == "before" else day[bad].max()
                raise InputError(
                    Words(
                        zh=f"{{n}} 位客户需要{zh}协变量日历的日子：要覆盖到 {{d}}",
                        en=f"{{n}} customers need days {en} those that the calendar of covariates covers: up to {{d}}",
                    ).format(n=int(bad.sum()), d=_day(int(worst))),
                    remedy=Words(
                        zh="把这些日子的协变量写进日历；没有写的不猜。",
                        en="Add these days with their covariates: what is not there is not guessed.",
                    ),
                )


def days(values: npt.NDArray[Any], column: str) -> Ints:
    """Return dates as days from 1 January 1970.

    Raises
    ------
    InputError
        For values that are missing or no dates.
    """
    try:
        found = values.astype("datetime64[D]")
    except (TypeError, ValueError):
        found = np.array(["NaT"], dtype="datetime64[D]")
    if np.isnat(found).any():
        raise InputError(
            Words(zh="列 {c} 里有空值或不是日期的值", en="column {c} has values that are missing or no dates").format(
                c=column
            )
        )
    return found.astype(np.int64)


def _day(number: int) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + number)


def _equal_ends(track: Ints, starts: Ints) -> Ints:
    """Return the last days of periods that are all as long as one another."""
    length = np.diff(starts)[np.diff(track) == 0]
    distinct = np.unique(length)
    if len(distinct) != 1:
        raise InputError(
            Words(
                zh="协变量日历的时期不一样长（{a} 到 {b} 天），没有 ends_on 就不知道最后一个到哪天为止",
                en="the calendar's periods are of unequal length ({a} to {b} days): without ends_on nobody knows "
                "when the last one ends",
            ).format(a=int(min(length, default=0)), b=int(max(length, default=0))),
            remedy=Words(zh="加一列 ends_on（最后一天）。", en="Add a column ends_on, each period's last day."),
        )
    return starts + int(distinct[0]) - 1


def _contiguous(track: Ints, starts: Ints, ends: Ints) -> None:
    """Check that periods follow each other day by day."""
    same = np.diff(track) == 0
    step = starts[1:] - ends[:-1] - 1
    for bad, what in (
        (ends < starts, Words(zh="有时期在开始之前就结束", en="a period ends before it begins")),
        (np.append(same & (step < 0), False), Words(zh="有时期互相重叠", en="periods overlap")),
        (np.append(same & (step > 0), False), Words(zh="时期之间缺了日子", en="there are days between periods")),
    ):
        if bad.any():
            said = Words(
                zh="协变量日历：{w}（{n} 处，第一处在 {d}）", en="the calendar of covariates: {w} ({n}, first at {d})"
            )
            raise InputError(said.format(w=what, n=int(bad.sum()), d=_day(int(ends[int(np.argmax(bad))]))))


def moving(calendar: Calendar | None, columns: Sequence[str], present: Sequence[str]) -> tuple[str, ...]:
    """Return which covariates the calendar holds.

    Raises
    ------
    InputError
        For a covariate that is in the calendar and in the summary.
    """
    if calendar is None:
        return ()
    both = [c for c in columns if c in calendar.columns and c in present]
    if both:
        raise InputError(
            Words(
                zh="协变量 {c} 既在日历里又在汇总里", en="the covariate {c} is in the calendar and in the summary"
            ).format(c=", ".join(both))
        )
    return tuple(c for c in columns if c in calendar.columns)
