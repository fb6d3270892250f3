"""Campaigns whose effect is known: offers to those who buy anyway and to those who would not, orders pulled forward."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Campaign:
    """An offer to part of a list, for some weeks, read over a window of more.

    Parameters
    ----------
    customers, control_share, seed
        Size of the list, part of it left alone, the random stream.
    history, offer, after
        Weeks that are known before, weeks in which the offer holds, weeks of the window after it.
    rate_shape, rate_scale
        Orders a week of a customer are Gamma distributed with mean rate_shape × rate_scale.
    order_value, order_shape, order_spread
        Mean value of an order; its Gamma shape within a customer; shape of the inverse Gamma between customers (above
        2 for a finite variance).
    margin_rate, discount, redeemed
        Margin and discount as shares of the price; share of a contacted customer's orders that use the offer.
    persuadable, lift
        Share of customers who react; their extra orders while the offer holds, as a share of their usual ones. All
        others are sure buyers: what they save is given away.
    pulled
        Share of the contacted customers' orders of the weeks after that come while the offer holds.
    newcomers
        Share of customers without any history.
    household
        Customers a household; its members share their rate of ordering and their arm.
    """

    customers: int = 2000
    control_share: float = 0.3
    seed: int = 0
    history: float = 26.0
    offer: float = 3.0
    after: float = 6.0
    rate_shape: float = 0.8
    rate_scale: float = 0.25
    order_value: float = 100.0
    order_shape: float = 4.0
    order_spread: float = 4.0
    margin_rate: float = 0.4
    discount: float = 0.1
    redeemed: float = 0.8
    persuadable: float = 0.3
    lift: float = 1.0
    pulled: float = 0.2
    newcomers: float = 0.15
    household: int = 1

    @property
    def usual(self) -> float:
        """Expected spend of a customer a week, left alone."""
        return self.rate_shape * self.rate_scale * self.order_value

    @property
    def given_away(self) -> float:
        """Discount that a contacted customer's order costs on average, as a share of its price."""
        return self.discount * self.redeemed

    @property
    def effect(self) -> float:
        """Expected net difference per contacted customer over the whole window, before the cost of the contact."""
        extra = self.offer * self.persuadable * self.lift * (self.margin_rate - self.given_away)
        lost = (self.offer + self.after * self.pulled) * self.given_away
        return self.usual * (extra - lost)

    @property
    def early_effect(self) -> float:
        """The same over the weeks of the offer alone: what is only pulled forward flatters it."""
        extra = self.offer * self.persuadable * self.lift + self.after * self.pulled
        return self.usual * (extra * (self.margin_rate - self.given_away) - self.offer * self.given_away)

    def sd_before(self) -> float:
        """Return the standard deviation of a window's profit of customers left alone, by the law they follow."""
        weeks = self.offer + self.after
        mean, square = self.rate_shape * self.rate_scale, self.rate_shape * (self.rate_shape + 1) * self.rate_scale**2
        between = (self.order_spread - 1) / (self.order_spread - 2)  # E ν² over (E ν)²
        second = between * (weeks * mean * (1 + 1 / self.order_shape) + weeks**2 * square)
        return float(self.margin_rate * self.order_value * np.sqrt(second - (weeks * mean) ** 2))


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of a campaign, one element a customer.

    `contacted` is the arm, `before` the profit of the weeks before (NaN for newcomers), `stratum` a class by it,
    `profit` that of the window, `early` that of the offer's weeks alone. `reacts` is who is persuadable: the truth.
    """

    contacted: NDArray[np.bool_]
    before: Floats
    stratum: Ints
    household: Ints
    profit: Floats
    early: Floats
    reacts: NDArray[np.bool_]


def run_campaign(campaign: Campaign) -> Lived:
    """Let a campaign happen."""
    c = campaign
    rng = np.random.default_rng([c.seed, 17])
    homes = -(-c.customers // c.household)
    household = np.repeat(np.arange(homes), c.household)[: c.customers]
    rate = rng.gamma(c.rate_shape, c.rate_scale, homes)[household]
    value = c.order_value * (c.order_spread - 1) / rng.gamma(c.order_spread, 1.0, c.customers)
    before = c.margin_rate * _spend(rng, rng.poisson(rate * c.history), value, c.order_shape)
    before[rng.random(c.customers) < c.newcomers] = np.nan
    stratum = _classes(before)
    contacted = ~_left_alone(rng, stratum, household, c.control_share)
    reacts = rng.random(c.customers) < c.persuadable
    extra = np.where(contacted & reacts, c.lift, 0.0)
    promo = rng.poisson(rate * c.offer * (1 + extra))
    later = rng.poisson(rate * c.after)
    moved = np.where(contacted, rng.binomial(later, c.pulled), 0)
    early = _spend(rng, promo + moved, value, c.order_shape)
    late = _spend(rng, later - moved, value, c.order_shape)
    margin = np.where(contacted, c.margin_rate - c.given_away, c.margin_rate)
    return Lived(contacted, before, stratum, household, margin * early + c.margin_rate * late, margin * early, reacts)


def watch_campaign(campaign: Campaign, days: int) -> tuple[NDArray[np.bool_], Floats]:
    """Let a campaign without any effect happen and return who was contacted and each customer's profit day by day."""
    c = campaign
    rng = np.random.default_rng([c.seed, 19])
    rate = rng.gamma(c.rate_shape, c.rate_scale, c.customers)
    value = c.order_value * (c.order_spread - 1) / rng.gamma(c.order_spread, 1.0, c.customers)
    everybody = np.arange(c.customers)
    contacted = ~_left_alone(rng, np.zeros_like(everybody), everybody, c.control_share)
    orders = rng.poisson(rate / 7, (days, c.customers)).T
    profit = np.zeros((c.customers, days))
    who, day = np.nonzero(orders)
    profit[who, day] = c.margin_rate * _spend(rng, orders[who, day], value[who], c.order_shape)
    return contacted, profit


def _spend(rng: np.random.Generator, orders: Ints, value: Floats, shape: float) -> Floats:
    """Return the sum of so many orders, Gamma distributed about each customer's own mean."""
    spent = np.zeros(orders.size)
    bought = orders > 0
    spent[bought] = rng.gamma(shape * orders[bought], value[bought] / shape)
    return spent


def _classes(before: Floats) -> Ints:
    """Return 0 for newcomers, 1 to 3 for thirds of the others by what they brought before."""
    known = ~np.isnan(before)
    cuts = np.quantile(before[known], [1 / 3, 2 / 3]) if known.any() else [0.0, 0.0]
    return np.where(known, 1 + np.searchsorted(cuts, np.nan_to_num(before)), 0)


def _left_alone(rng: np.random.Generator, stratum: Ints, household: Ints, share: float) -> NDArray[np.bool_]:
    """Return who is control: a systematic sample of households in a random order within the first member's stratum."""
    homes, first = np.unique(household, return_index=True)
    order = np.lexsort((rng.random(homes.size), stratum[first]))
    steps = np.floor(np.arange(homes.size + 1) * share + rng.random())
    chosen = np.empty(homes.size, dtype=bool)
    chosen[order] = np.diff(steps) > 0
    return np.asarray(chosen[np.searchsorted(homes, household)])
