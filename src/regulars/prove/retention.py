"""Retention as it was seen: who came back, who fell silent and when, who left in which month.

Counted, not modelled; and seen, not tried: that one group stays longer than another does not say why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import narwhals as nw
import numpy as np
import pyarrow as pa

from regulars import engine
from regulars.engine import Frame
from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime.survival import Curve, kaplan_meier
from regulars.prove.rate import Rate
from regulars.words import T

Unit = Literal["week", "month"]

USUAL = 0.9
"""Silence begins where this part of all gaps between two purchases of a customer has ended."""
SHORTEST = 31
"""Silence lasts at least so many days, so that nobody leaves twice in a month."""
YEAR = 365
FEWEST_GAPS = 30
_ORIGIN = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Churn:
    """One calendar month or week: how many were active as it began, and how many of these fell silent in it."""

    start: date
    active: int
    gone: int

    @property
    def rate(self) -> Rate | None:
        """The part that left, with its interval; None where nobody was active."""
        return _rate(self.gone, self.active)


@dataclass(frozen=True, slots=True)
class Group:
    """What was seen of one group of customers.

    Parameters
    ----------
    key
        The group's value; None for customers without one, and for everybody where no grouping was asked for.
    n
        Customers who ever bought.
    again
        Days since the first purchase → the part that had bought a second time by then.
    staying
        Days since the first purchase → the part that had not fallen silent by then.
    churn
        The full months or weeks, oldest first.
    retained
        Of who bought in the year before the last, the part that bought in the last, too; None where nobody did.
    repeated
        Of who bought in the last year, the part that bought on two days or more; None where nobody did.
    """

    key: str | None
    n: int
    again: Curve
    staying: Curve
    churn: tuple[Churn, ...]
    retained: Rate | None
    repeated: Rate | None


@dataclass(frozen=True, slots=True)
class Retention:
    """What was seen of all customers and of each group; `silence` in days."""

    silence: int
    unit: Unit
    whole: Group
    groups: tuple[Group, ...]


def usual_silence(occasions: Frame, *, as_of: date) -> int:
    """Return the days of silence after which a customer of this company has usually left.

    It is the gap that nine in ten of all gaps between consecutive purchases of one customer do not exceed, 31 days at
    the least. Gaps that are not over yet are not among them, so a young company's is somewhat short.

    Raises
    ------
    NotEnoughData
        With fewer than 30 gaps.
    """
    counted = engine.to_arrow(
        _spells(occasions, as_of).filter(~nw.col("next").is_null()).group_by("gap").agg(nw.len().alias("n"))
    ).sort_by("gap")
    gaps, n = (counted[name].to_numpy().astype(np.int64) for name in ("gap", "n"))
    if n.sum() < FEWEST_GAPS:
        raise NotEnoughData(
            T(
                zh=f"回头购买只有 {n.sum()} 次，至少要 {FEWEST_GAPS} 次",
                en=f"{n.sum()} of the {FEWEST_GAPS} repeat purchases that it takes",
            )
        )
    return max(int(gaps[np.searchsorted(np.cumsum(n), USUAL * n.sum())]), SHORTEST)


def retention(
    occasions: Frame,
    *,
    as_of: date,
    groups: Frame | None = None,
    silence: int | None = None,
    unit: Unit = "month",
) -> Retention:
    """Return repeat purchase, survival and churn of all customers and of each group.

    Parameters
    ----------
    occasions
        One row a customer and day of purchase: `customer_id, occasion_date`.
    as_of
        The last day that counts.
    groups
        One row a customer: `customer_id, group` (text); None: no groups. Who is missing counts to the group None.
    silence
        Days without a purchase after which a customer counts as gone; `usual_silence` where None.
    unit
        Of churn: calendar months, or weeks from Monday.

    Notes
    -----
    A customer is active on a day when they bought within the `silence` days before it, and gone on the day after it
    ran out; who buys later is active again, and may leave again. Both curves are Kaplan–Meier estimates: customers
    whose time is not over yet count for as long as they were seen. `staying` ends at the first silence.

    Raises
    ------
    InputError
        For a silence below 31 days.
    NotEnoughData
        Where no silence is given and the data do not tell one.

    References
    ----------
    Kaplan & Meier (1958), Nonparametric estimation from incomplete observations, JASA 53; Greenwood (1926); Clopper &
    Pearson (1934) for the intervals of shares.
    """
    if silence is not None and silence < SHORTEST:
        raise InputError(
            T(
                zh=f"沉默期不能短于 {SHORTEST} 天，给的是 {silence}",
                en=f"a silence of {silence} days is under {SHORTEST}",
            ),
            remedy=T(zh="给一个更长的天数。", en="Give more days."),
        )
    silence = usual_silence(occasions, as_of=as_of) if silence is None else silence
    spells = engine.persist(_with_groups(_ended(_spells(occasions, as_of), silence), groups))
    people, today = engine.persist(_people(spells, as_of)), (as_of - _ORIGIN).days
    try:
        seen = _Seen(_counts(people, spells, today), today, silence, unit)
        return Retention(silence, unit, seen.group(None, whole=True), tuple(seen.group(key) for key in seen.keys))
    finally:
        engine.release(people)
        engine.release(spells)


def _spells(occasions: Frame, as_of: date) -> Frame:
    """Return one row a purchase day: `day`, the customer's `next` one and the `gap` to it; days since 1970."""
    until = occasions.filter(nw.col("occasion_date") <= as_of).select("customer_id", "occasion_date")
    days = engine.days_between(until, _ORIGIN, "occasion_date", name="day").select("customer_id", "day")
    following = days.with_columns(nw.col("day").shift(-1).over("customer_id", order_by="day").alias("next"))
    return following.with_columns((nw.col("next") - nw.col("day")).alias("gap"))


def _ended(spells: Frame, silence: int) -> Frame:
    """Add the day on which a purchase stops keeping its customer active, and whether silence was why."""
    quiet = nw.col("next").is_null() | (nw.col("gap") > silence)
    return spells.with_columns(
        quiet.alias("quiet"),
        nw.when(quiet).then(nw.col("day") + silence).otherwise(nw.col("next")).cast(nw.Int64).alias("end"),
    )


def _with_groups(spells: Frame, groups: Frame | None) -> Frame:
    if groups is None:
        return spells.with_columns(nw.lit(None, dtype=nw.String).alias("group"))
    return spells.join(groups.select("customer_id", nw.col("group").cast(nw.String)), on="customer_id", how="left")


def _people(spells: Frame, as_of: date) -> Frame:
    """Return one row a customer: first and second purchase, first silence (null: none yet), purchases of two years."""
    today = (as_of - _ORIGIN).days
    day, seen = nw.col("day"), nw.col("quiet") & (nw.col("end") <= today)
    marked = spells.with_columns(
        nw.when(seen).then(nw.col("end")).otherwise(nw.lit(None, dtype=nw.Int64)).alias("silent_on"),
        nw.when(day > today - YEAR).then(1).otherwise(0).alias("last"),
        nw.when((day > today - 2 * YEAR) & (day <= today - YEAR)).then(1).otherwise(0).alias("before"),
    )
    return marked.group_by("customer_id", "group").agg(
        nw.col("day").min().alias("born"),
        nw.col("next").min().alias("again"),
        nw.col("silent_on").min().alias("staying"),
        nw.col("last").sum().alias("last"),
        nw.col("before").sum().alias("before"),
    )


_EVENTS = ("again", "staying")


def _durations(people: Frame, event: str, today: int) -> Frame:
    """Return the days from each first purchase to the event, or for which the customer was seen without it."""
    happened = ~nw.col(event).is_null()
    until = nw.when(happened).then(nw.col(event)).otherwise(today)
    return people.select("group", (until - nw.col("born")).cast(nw.Int64).alias("days"), happened.alias("happened"))


def _counts(people: Frame, spells: Frame, today: int) -> Mapping[str, pa.Table]:
    """Return the few counts that everything follows from; nothing as long as the customers leaves the engine."""
    n = nw.len().cast(nw.Int64).alias("n")
    years = people.with_columns(
        (nw.col("last") > 0).alias("bought"), (nw.col("last") > 1).alias("twice"), (nw.col("before") > 0).alias("old")
    )
    tables = {
        **{event: _durations(people, event, today).group_by("group", "days", "happened").agg(n) for event in _EVENTS},
        "years": years.group_by("group", "bought", "twice", "old").agg(n),
        "starts": spells.group_by("group", "day").agg(n),
        "ends": spells.group_by("group", "end", "quiet").agg(n),
    }
    return {name: engine.to_arrow(table) for name, table in tables.items()}


class _Seen:
    """The counts in memory, of which each group takes its own."""

    def __init__(self, counts: Mapping[str, pa.Table], today: int, silence: int, unit: Unit) -> None:
        self.columns = {
            name: {column: np.asarray(table[column].to_pylist(), dtype=object) for column in table.column_names}
            for name, table in counts.items()
        }
        self.today, self.silence, self.unit = today, silence, unit
        known = set(self.columns["years"]["group"])
        self.keys: Sequence[str | None] = (
            [] if known <= {None} else sorted(known, key=lambda key: (key is None, key or ""))
        )

    def group(self, key: str | None, *, whole: bool = False) -> Group:
        own = {name: self._own(name, key, whole) for name in self.columns}
        years = own["years"]
        n, bought, twice, old = (years[name].astype(np.int64) for name in ("n", "bought", "twice", "old"))
        return Group(
            key=key,
            n=int(n.sum()),
            again=_curve(own["again"]).complement(),
            staying=_curve(own["staying"]),
            churn=tuple(self._churn(own["starts"], own["ends"])),
            retained=_rate(int((n * old * bought).sum()), int((n * old).sum())),
            repeated=_rate(int((n * twice).sum()), int((n * bought).sum())),
        )

    def _own(self, name: str, key: str | None, whole: bool) -> dict[str, Any]:
        columns = self.columns[name]
        mine = slice(None) if whole else np.array([group == key for group in columns["group"]], dtype=bool)
        return {column: values[mine] for column, values in columns.items()}

    def _churn(self, starts: Mapping[str, Any], ends: Mapping[str, Any]) -> list[Churn]:
        days, n = starts["day"].astype(np.int64), starts["n"].astype(np.int64)
        if not len(days):
            return []
        end, ended = ends["end"].astype(np.int64), ends["n"].astype(np.int64)
        quiet = ends["quiet"].astype(bool)
        found = []
        for first, after in self._periods(int(days.min()) + self.silence):
            active = int(n[days < first].sum() - ended[end < first].sum())
            gone = int(ended[quiet & (end >= first) & (end < after)].sum())
            found.append(Churn(_ORIGIN + timedelta(days=first), active, gone))
        return found

    def _periods(self, earliest: int) -> list[tuple[int, int]]:
        """Return the full months or weeks from `earliest` on, as days since 1970 [first, after)."""
        day, found = _ORIGIN + timedelta(days=earliest), list[tuple[int, int]]()
        start = _next(day - timedelta(days=1), self.unit)
        while (after := _next(start, self.unit)) <= _ORIGIN + timedelta(days=self.today + 1):
            found.append(((start - _ORIGIN).days, (after - _ORIGIN).days))
            start = after
        return found


def _curve(own: Mapping[str, Any]) -> Curve:
    return kaplan_meier(own["days"].astype(np.int64), own["happened"].astype(bool), own["n"].astype(np.int64))


def _rate(hits: int, trials: int) -> Rate | None:
    return Rate(hits, trials) if trials else None


def _next(day: date, unit: Unit) -> date:
    """Return the first day of the month or week that follows the one of `day`."""
    if unit == "week":
        return day + timedelta(days=7 - day.weekday())
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
