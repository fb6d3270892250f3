"""Cumulative repeat purchases week by week: what happened, and what a model expects of customers by their births."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from regulars import engine
from regulars.prove.origins import DAYS_A_WEEK

Floats = NDArray[np.float64]

GRID = 48


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
    """Return expected purchases after 0, 1, … days: exact on a grid that is dense early, a cubic spline between."""
    days = np.arange(size, dtype=np.float64)
    if size > 2 * GRID:
        knots = np.unique(np.round((size - 1) * np.linspace(0, 1, GRID) ** 2))
        values: Floats = CubicSpline(knots, expected_new(knots / DAYS_A_WEEK))(days)
        return values
    return expected_new(days / DAYS_A_WEEK)


def track(occasions: Any, *, origin: date, until: date) -> Track:
    """Read births and repeat purchases a day of the customers known at `origin`, up to `until`."""
    frame = engine.frame(occasions).select("customer_id", "occasion_date")
    frame = frame.filter(nw.col("occasion_date") <= nw.lit(until))
    first = frame.group_by("customer_id").agg(_first=nw.col("occasion_date").min())
    known = engine.persist(first.filter(nw.col("_first") <= nw.lit(origin)))
    births = engine.to_arrow(known.group_by("_first").agg(n=nw.len().cast(nw.Int64)))
    days = frame.join(known.select("customer_id"), on="customer_id", how="inner").group_by("occasion_date")
    bought = engine.to_arrow(days.agg(n=nw.len().cast(nw.Int64)))
    engine.release(known)
    start = min(births["_first"].to_pylist(), default=origin)
    size = (until - start).days + 1
    born = _by_day(births, "_first", start, size)
    return Track(start, origin, born, _by_day(bought, "occasion_date", start, size) - born)


def _by_day(table: pa.Table, column: str, start: date, size: int) -> Floats:
    out = np.zeros(size)
    for day, n in zip(table[column].to_pylist(), table["n"].to_pylist(), strict=True):
        out[(day - start).days] = n
    return out
