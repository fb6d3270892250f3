"""Cumulative repeat purchases week by week: what happened, and what a model expects of customers by their births."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from regulars import engine
from regulars.measure.lifetime.ages import by_age
from regulars.prove.origins import DAYS_A_WEEK, first_purchases

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Track:
    """Customers known at an origin: how many were born and how many repeat purchases they made on each day.

    `births` and `repeats` have one element a day from `start` (the first birth) to the end of the hold-out.
    """

    start: date
    origin: date
    births: Floats
    repeats: Floats

    @property
    def days(self) -> NDArray[np.int64]:
        """Days since `start` at which the curve is read: every seventh one, and the last."""
        last = self.births.size - 1
        weekly = np.arange(0, last + 1, int(DAYS_A_WEEK))
        return weekly if weekly[-1] == last else np.append(weekly, last)

    @property
    def actual(self) -> Floats:
        """Cumulative repeat purchases at the end of each of `days`."""
        return np.cumsum(self.repeats)[self.days]

    def expected(self, expected_new: Callable[[Floats], Floats]) -> Floats:
        """Return the cumulative repeat purchases that a model expects, at each of `days`.

        Parameters
        ----------
        expected_new
            Expected repeat purchases of a new customer within t weeks of the first purchase, a vector function of t.

        Notes
        -----
        Σ over birth days b of n_b · E[X(t − b)]: the births are given, everything after them is the model's.
        """
        size = self.births.size
        curve = _curve(expected_new, size)
        born = np.flatnonzero(self.births)
        total = np.zeros(self.days.size)
        for at, day in enumerate(self.days):
            past = born[born <= day]
            total[at] = self.births[past] @ curve[day - past]
        return total


def _curve(expected_new: Callable[[Floats], Floats], size: int) -> Floats:
    """Return expected purchases after 0, 1, … days: none at once, then as a function of age."""
    ages = np.arange(1, size) / DAYS_A_WEEK
    return np.append(0.0, by_age(np.zeros(ages.size, np.int64), ages, lambda _, t: expected_new(t)))


def track(occasions: Any, *, origin: date, until: date, firsts: Any = None) -> Track:
    """Read births and repeat purchases a day of the customers known at `origin`, up to `until`.

    `firsts` has `customer_id, first_purchase`, one row a customer, where that is at hand.
    """
    table, first = engine.frame(occasions), nw.col("first_purchase")
    own = first_purchases(table) if firsts is None else None
    customers = firsts if own is None else own
    births = _per_day(customers.filter(first <= nw.lit(origin)), "first_purchase")
    bought = table.filter(nw.col("occasion_date") <= nw.lit(until))
    # Those who came later are the fewer: what they bought is taken from what all did.
    later = customers.filter(first > nw.lit(origin), first <= nw.lit(until)).select("customer_id")
    theirs = _per_day(
        bought.filter(nw.col("occasion_date") > nw.lit(origin)).join(later, on="customer_id", how="semi"),
        "occasion_date",
    )
    everyone = _per_day(bought, "occasion_date")
    if own is not None:
        engine.release(own)
    start = min(births, default=origin)
    size = (until - start).days + 1
    born = _by_day(births, start, size)
    return Track(start, origin, born, _by_day(everyone, start, size) - _by_day(theirs, start, size) - born)


def _per_day(rows: engine.Frame, column: str) -> dict[date, int]:
    counted = engine.to_arrow(rows.group_by(column).agg(n=nw.len().cast(nw.Int64)))
    return dict(zip(counted[column].to_pylist(), counted["n"].to_pylist(), strict=True))


def _by_day(counts: dict[date, int], start: date, size: int) -> Floats:
    out = np.zeros(size)
    for day, n in counts.items():
        out[(day - start).days] = n
    return out
