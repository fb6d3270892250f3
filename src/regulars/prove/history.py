"""Simulated customers as a forecaster sees them: every purchase, cut at an origin into what is known and what came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.prove.origins import Cells
from regulars.simulate.company import Company
from regulars.simulate.counts import Counts
from regulars.simulate.people import draw_people
from regulars.simulate.purchases import live

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
START = date(2024, 1, 1)
"""The day that week 0 begins with where weeks are told as dates."""


@dataclass(frozen=True, slots=True)
class History:
    """Every purchase of every customer: `customer` (from 0) and `week`, sorted by customer, then week."""

    customer: Ints
    week: Floats

    def cells(self, origin: float, horizon: float) -> Cells:
        """Return what a forecast made at week `origin` knows, and what came within `horizon` weeks after it.

        One row a customer where times are continuous: nothing is coarsened.
        """
        n = int(self.customer[-1]) + 1
        first = np.full(n, np.inf)
        np.minimum.at(first, self.customer, self.week)
        old = self.week <= origin
        last = np.full(n, -np.inf)
        np.maximum.at(last, self.customer[old], self.week[old])
        known = np.flatnonzero(first <= origin)
        new = ~old & (self.week <= origin + horizon)
        columns = np.stack(
            [
                np.bincount(self.customer[old], minlength=n)[known] - 1.0,
                origin - first[known],
                (last - first)[known],
                np.bincount(self.customer[new], minlength=n)[known].astype(np.float64),
            ]
        )
        rows, count = np.unique(columns, axis=1, return_counts=True)
        return Cells(rows[0], rows[2], rows[1], rows[3], count.astype(np.float64), round(horizon * 7))

    def by_day(self) -> History:
        """Return the history as order data tell it: whole days, one purchase a customer-day."""
        rows = np.unique(np.stack([self.customer, np.floor(self.week * 7).astype(np.int64)]), axis=1)
        return History(rows[0], rows[1] / 7)

    def occasions(self) -> pa.Table:
        """Return the days of purchase as order data tell them, week 0 beginning on `START`."""
        days = np.round(self.week * 7).astype(np.int64).astype("timedelta64[D]") + np.datetime64(START)
        return pa.table({"customer_id": self.customer, "occasion_date": pa.array(days)})


def day_of(week: float) -> date:
    """Return the day that week `week` begins with."""
    return START + timedelta(days=round(7 * week))


def simulated_history(company: Company) -> History:
    """Live a company's customers through, from first purchases to the end of the future window."""
    rng = np.random.default_rng([company.seed, 7])
    purchases = live(company, draw_people(company, company.n_customers, rng), rng)
    return History(purchases.customer, purchases.week)


def cells_of(counts: Counts, days: int) -> Cells:
    """Return simulated customers with their lived future as the cells of one origin."""
    columns = np.stack([counts.x, counts.T, counts.t_x, counts.future]).astype(np.float64)
    rows, count = np.unique(columns, axis=1, return_counts=True)
    return Cells(rows[0], rows[2], rows[1], rows[3], count.astype(np.float64), days)
