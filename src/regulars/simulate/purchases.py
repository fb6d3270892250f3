"""Lives customers through: times of all purchases and the moment of dropout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regulars.simulate.company import Company
from regulars.simulate.people import Floats, People

YEAR_WEEKS = 365.25 / 7


@dataclass(frozen=True, slots=True)
class Purchases:
    """Purchases of a block of customers, sorted by customer and time; the first of each is at its birth.

    `customer` indexes the block; `week` counts from the company's start; `dropout` is a week a customer, inf
    where it lies beyond the weeks that were lived through.
    """

    customer: npt.NDArray[np.int64]
    week: Floats
    dropout: Floats


class Season:
    """Cumulated intensity of the yearly cycle, S(t) = ∫ 1 + A·cos(2π(u − peak)/year) du, and its inverse."""

    def __init__(self, company: Company) -> None:
        self.amplitude = company.season
        start_day = company.start.timetuple().tm_yday - 1
        self._peak = (company.season_peak - start_day) / 7
        self._omega = 2 * np.pi / YEAR_WEEKS
        days = 7 * (company.weeks + company.future_weeks)
        self._weeks = np.arange(days + 1) / 7
        self._cumulated = self._exact(self._weeks)

    def _exact(self, week: Floats) -> Floats:
        cycle = np.sin(self._omega * (week - self._peak)) + np.sin(self._omega * self._peak)
        cumulated: Floats = week + self.amplitude / self._omega * cycle
        return cumulated

    def intensity(self, week: Floats) -> Floats:
        """Return the rate at `week` relative to a year's mean."""
        return 1 + self.amplitude * np.cos(self._omega * (week - self._peak))

    def cumulated(self, week: Floats) -> Floats:
        """Return S(week)."""
        return week if not self.amplitude else np.interp(week, self._weeks, self._cumulated)

    def week(self, cumulated: Floats) -> Floats:
        """Return the week at which S reaches `cumulated`."""
        return cumulated if not self.amplitude else np.interp(cumulated, self._cumulated, self._weeks)


def live(company: Company, people: People, rng: np.random.Generator) -> Purchases:
    """Draw every purchase from arrival to the end of the future window.

    A Poisson path is a Poisson number of uniform points in operational time; Erlang-k gaps keep every k-th
    point of a path k times as dense.
    """
    n = len(people.birth)
    horizon = float(company.weeks + company.future_weeks)
    season = Season(company)
    if company.process == "pareto_nbd":
        dropout = people.birth + rng.exponential(1.0, n) / np.maximum(people.mu, 1e-300)
        repeats_left = None
    else:
        dropout = np.full(n, np.inf)
        # The ordinal of the repeat purchase after which the customer is gone; 0 is the first purchase itself.
        least = 1 if company.process == "bg_nbd" else 0
        repeats_left = rng.geometric(np.clip(people.p, 1e-12, 1.0)).astype(np.float64) - 1 + least
    opens = season.cumulated(people.birth)
    span = season.cumulated(np.minimum(dropout, horizon)) - opens
    customer, rank, week = _points(company.regular, people.lam, opens, span, rng)
    week = season.week(week)
    if repeats_left is not None:
        kept = rank <= repeats_left[customer]
        customer, rank, week = customer[kept], rank[kept], week[kept]
        last = rank == repeats_left[customer]
        dropout[customer[last]] = week[last]
        dropout[repeats_left == 0] = people.birth[repeats_left == 0]
    return _with_first(people.birth, customer, week, np.where(dropout > horizon, np.inf, dropout))


def _points(
    k: int, lam: Floats, opens: Floats, span: Floats, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Return customer, ordinal (from 1) and operational time of every repeat purchase, sorted."""
    n = len(lam)
    counts = rng.poisson(k * lam * span)
    customer = np.repeat(np.arange(n), counts)
    # One float carries customer and position, so that one plain sort orders both.
    key = np.sort(customer + rng.random(len(customer)))
    position = np.clip(key - customer, 0.0, 1.0)
    rank = np.arange(1, len(customer) + 1) - np.repeat(np.cumsum(counts) - counts, counts)
    if k > 1:
        kept = rank % k == 0
        customer, rank, position = customer[kept], rank[kept] // k, position[kept]
    return customer, rank, opens[customer] + position * span[customer]


def _with_first(birth: Floats, customer: npt.NDArray[np.int64], week: Floats, dropout: Floats) -> Purchases:
    counts = np.bincount(customer, minlength=len(birth))
    first = np.cumsum(counts + 1) - counts - 1
    total = len(customer) + len(birth)
    all_customers = np.repeat(np.arange(len(birth)), counts + 1)
    all_weeks = np.empty(total)
    is_repeat = np.ones(total, dtype=bool)
    is_repeat[first] = False
    all_weeks[first] = birth
    all_weeks[is_repeat] = week
    return Purchases(customer=all_customers, week=all_weeks, dropout=dropout)
