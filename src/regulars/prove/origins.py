"""Rolling origins: past days on which a forecast is made as if the rest were not known, and then compared with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars import engine
from regulars.measure.lifetime.grouped_law import Membership
from regulars.measure.lifetime.triples import Triples
from regulars.prove.members import CODE, Members
from regulars.words import T

Floats = NDArray[np.float64]

ORIGINS = 3
SHORTEST_DAYS = 28
"""A hold-out, and the history before it, of less than four weeks says nothing."""

DAYS_A_WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Origin:
    """One forecast made on `origin` for the days after it up to and including `until`."""

    origin: date
    until: date

    @property
    def days(self) -> int:
        """Length of the hold-out in days."""
        return (self.until - self.origin).days


@dataclass(frozen=True, slots=True)
class Plan:
    """The origins that a span of data carries, oldest first, and what there is to say about them.

    The last origin is for the card alone; whatever is chosen is chosen on the earlier ones.
    """

    origins: tuple[Origin, ...]
    note: T

    @property
    def choosing(self) -> tuple[Origin, ...]:
        """The earlier origins."""
        return self.origins[:-1]

    @property
    def card(self) -> Origin | None:
        """The last origin, or None where the span carries none."""
        return self.origins[-1] if self.origins else None


def plan(first: date, as_of: date) -> Plan:
    """Place up to three origins in the span from the first purchase to `as_of`.

    Hold-outs do not overlap: each is a quarter of the span (at least four weeks) and ends where the next begins, the
    last at `as_of`. The history before an origin is at least as long as what is held out. A span too short for three
    carries fewer, or none.
    """
    span = (as_of - first).days
    days = max(span // (ORIGINS + 1), SHORTEST_DAYS)
    number = max(0, min(ORIGINS, span // days - 1))
    ends = [as_of - timedelta(days=days * k) for k in range(number - 1, -1, -1)]
    return Plan(tuple(Origin(end - timedelta(days=days), end) for end in ends), _note(span, number, days))


def _note(span: int, number: int, days: int) -> T:
    if number == 0:
        return T(
            zh=f"数据只有 {span} 天，留不出至少 {SHORTEST_DAYS} 天的留出期，预测没有经过检验。",
            en=f"The data span {span} days: too short to hold out {SHORTEST_DAYS} days, so no forecast was tested.",
        )
    if number == ORIGINS:
        return T(
            zh=f"预测在 3 个起点上检验，每次留出 {days} 天（数据跨度的四分之一）；最后一次只用来打分。",
            en=f"Forecasts were tested from 3 origins, {days} days each (a quarter of the span); "
            "the last one only for the card.",
        )
    return T(
        zh=f"数据只有 {span} 天，只够 {number} 个检验起点（通常 3 个），每次留出 {days} 天；最后一次只用来打分。",
        en=f"The data span {span} days and carry {number} of 3 origins, {days} days each; "
        "the last one only for the card.",
    )


@dataclass(frozen=True, slots=True)
class Cells:
    """Customers known at an origin, equal ones together: history up to it and purchases after it.

    `x`, `t_x`, `T` as in a summary made on the day of the origin (repeat purchases; weeks), `actual` the purchases held
    out, `count` how many customers share the row, `group` which group they are of where groups are told apart; sorted,
    so that equal data give equal bits.
    """

    x: Floats
    t_x: Floats
    T: Floats
    actual: Floats
    count: Floats
    days: int
    group: Membership | None = None

    @classmethod
    def from_arrow(cls, table: pa.Table, *, days: int, members: Members | None = None) -> Cells:
        """Turn days into weeks in the rows that `holdout_cells` gives."""
        names = ("x", "t_x_days", "T_days", "actual", "count")
        x, t_x, age, actual, count = (table[name].to_numpy().astype(np.float64) for name in names)
        group = None if members is None else members.membership(table[CODE])
        return cls(x, t_x / DAYS_A_WEEK, age / DAYS_A_WEEK, actual, count, days, group)

    @property
    def horizon(self) -> float:
        """Length of the hold-out in weeks."""
        return self.days / DAYS_A_WEEK

    @property
    def n(self) -> int:
        """Number of customers."""
        return int(self.count.sum())

    @property
    def repeaters(self) -> int:
        """Number of customers with at least one repeat purchase before the origin."""
        return int(self.count[self.x > 0].sum())

    def every(self, stride: int) -> Cells:
        """Return every `stride`-th row: a spread-out part, for what a part can tell."""
        part = slice(None, None, stride)
        group = None if self.group is None else self.group.at(part)
        return Cells(self.x[part], self.t_x[part], self.T[part], self.actual[part], self.count[part], self.days, group)

    def everyone(self) -> Triples:
        """Return x, t_x, T and count of every row, as they lie beside `group`."""
        return Triples(self.x, self.t_x, self.T, self.count)

    def histories(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return x, t_x, T and counts of the distinct histories, the rows that a fit needs."""
        rows = np.stack([self.x, self.T, self.t_x])
        starts = np.flatnonzero(np.concatenate([[True], (np.diff(rows, axis=1) != 0).any(axis=0)]))
        return self.x[starts], self.t_x[starts], self.T[starts], np.add.reduceat(self.count, starts)


def holdout_cells(occasions: Any, *, origin: date, until: date, members: Members | None = None) -> pa.Table:
    """Count customers by history up to `origin` and purchases in ``(origin, until]``, in one pass over the occasions.

    Parameters
    ----------
    occasions
        One row a customer-day: ``customer_id``, ``occasion_date``.
    origin
        Last day of the history; customers whose first purchase is later are not part of it.
    until
        Last day held out.
    members
        Groups to tell apart.

    Returns
    -------
    pyarrow.Table
        ``x`` repeat purchases, ``t_x_days`` from the first to the last, ``T_days`` from the first to `origin`,
        ``actual`` purchases held out, ``count`` customers, with `members` the `CODE` of their group; sorted by x, T,
        t_x, group and actual.
    """
    histories = _histories(engine.frame(occasions), origin, until)
    if members is None:
        return engine.to_arrow(_counted(histories, origin))
    return engine.to_arrow(_counted(members.join(histories), origin, CODE))


def _histories(occasions: engine.Frame, origin: date, until: date) -> engine.Frame:
    day = nw.col("occasion_date")
    known, later = nw.lit(origin), nw.lit(until)
    marked = occasions.select(
        "customer_id",
        day,
        _before=nw.when(day <= known).then(day),
        _old=nw.when(day <= known).then(1).otherwise(0),
        _new=nw.when((day > known) & (day <= later)).then(1).otherwise(0),
    )
    return marked.group_by("customer_id").agg(
        first=day.min(), last=nw.col("_before").max(), old=nw.col("_old").sum(), actual=nw.col("_new").sum()
    )


def _counted(histories: engine.Frame, origin: date, *more: str) -> engine.Frame:
    known = histories.filter(nw.col("first") <= nw.lit(origin))
    aged = engine.days_between(known, "first", origin, name="T_days")
    aged = engine.days_between(aged, "first", "last", name="t_x_days")
    counts = aged.select(
        (nw.col("old") - 1).cast(nw.Int64).alias("x"), "t_x_days", "T_days", nw.col("actual").cast(nw.Int64), *more
    )
    grouped = counts.group_by("x", "t_x_days", "T_days", "actual", *more).agg(count=nw.len().cast(nw.Int64))
    return grouped.sort("x", "T_days", "t_x_days", *more, "actual")


def read_cells(occasions: Any, at: Origin, members: Members | None = None) -> Cells:
    """Return the cells of one origin, those of different groups apart where `members` says who belongs to which."""
    table = holdout_cells(occasions, origin=at.origin, until=at.until, members=members)
    return Cells.from_arrow(table, days=at.days, members=members)


HELD_OUT, LAST_KNOWN = "_held_out", "_last_known"


@dataclass(frozen=True, slots=True)
class Marks:
    """What `summarise_occasions` has to add for `cells_of_customers`, by its own parameters; nothing without origin."""

    counts: Mapping[str, tuple[date, date]]
    lasts: Mapping[str, date]

    @classmethod
    def of(cls, at: Origin | None) -> Marks:
        """Return the marks of an origin whose hold-out ends with the summary."""
        if at is None:
            return cls({}, {})
        day = timedelta(days=1)
        return cls({HELD_OUT: (at.origin + day, at.until + day)}, {LAST_KNOWN: at.origin})


def cells_of_customers(customers: engine.Frame, at: Origin, members: Members | None = None) -> Cells:
    """Return the cells of one origin from a customer summary with its `Marks`: of the same people as `read_cells`.

    Where `members` says who belongs to which group, the summary has the `CODE` of each.
    """
    held_out, more = nw.col(HELD_OUT), () if members is None else (CODE,)
    histories = customers.select(
        first=nw.col("first_purchase"),
        last=nw.col(LAST_KNOWN),
        old=nw.col("n_purchases") - held_out,
        actual=held_out,
        **{name: nw.col(name) for name in more},
    )
    table = engine.to_arrow(_counted(histories, at.origin, *more))
    return Cells.from_arrow(table, days=at.days, members=members)


def first_purchases(occasions: Any) -> engine.Frame:
    """Return `customer_id, first_purchase`, one row a customer."""
    firsts = engine.frame(occasions).group_by("customer_id").agg(first_purchase=nw.col("occasion_date").min())
    return engine.persist(firsts)


def hashed_sample(occasions: Any, *, size: int, of: int, customers: Any = None, salt: str = "hold-out") -> Any:
    """Return the occasions of about `size` of `of` customers, chosen by a hash of their id, the same in any order.

    With no more than `size` customers all are returned. `customers` has one row a customer, where that is at hand.
    """
    if of <= size:
        return occasions
    frame = engine.frame(occasions)
    ids = engine.distinct(frame, "customer_id") if customers is None else customers.select("customer_id")
    hashed = engine.stable_hash(ids, "customer_id", salt=salt, name="_hash")
    chosen = hashed.filter(nw.col("_hash") < round(engine.HASH_SPAN * size / of)).select("customer_id")
    return engine.persist(frame.join(chosen, on="customer_id", how="inner"))
