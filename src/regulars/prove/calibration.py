"""The referee: simulated companies whose truth is known, cut at an origin, and how often intervals keep their word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from regulars.prove.origins import Cells
from regulars.simulate.company import Company
from regulars.simulate.people import draw_people
from regulars.simulate.purchases import live

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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


def simulated_history(company: Company) -> History:
    """Live a company's customers through, from first purchases to the end of the future window."""
    rng = np.random.default_rng([company.seed, 7])
    purchases = live(company, draw_people(company, company.n_customers, rng), rng)
    return History(purchases.customer, purchases.week)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of replications with the interval that their number leaves open (Clopper & Pearson)."""

    hits: int
    trials: int
    level: float = 0.95

    @property
    def share(self) -> float:
        """Hits over trials."""
        return self.hits / self.trials

    @property
    def low(self) -> float:
        """Lower end of the exact binomial interval."""
        tail = (1 - self.level) / 2
        return float(betaincinv(self.hits, self.trials - self.hits + 1, tail)) if self.hits else 0.0

    @property
    def high(self) -> float:
        """Upper end of the exact binomial interval."""
        tail = (1 - self.level) / 2
        missed = self.trials - self.hits
        return float(betaincinv(self.hits + 1, missed, 1 - tail)) if missed else 1.0

    def __str__(self) -> str:
        return f"{self.share:.1%} ({self.low:.1%} – {self.high:.1%}, {self.trials:,} trials)"
