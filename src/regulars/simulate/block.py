"""One block of customers: everything about them, drawn from the block's own random stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from regulars.simulate.baskets import Ints, Lines, Orders, draw_lines, draw_orders, spend
from regulars.simulate.catalogue import Catalogue, draw_catalogue
from regulars.simulate.company import Company
from regulars.simulate.future import MarginCurve, days_per_purchase, expected_future, margin_curve
from regulars.simulate.people import Floats, People, draw_people
from regulars.simulate.purchases import Purchases, live

BLOCK = 65_536
"""Customers a block. Fixed, because each block has its own random stream."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What all customers share: the catalogue, and what an order leaves on average."""

    catalogue: Catalogue
    margin: MarginCurve


@dataclass(frozen=True, slots=True)
class Block:
    """Customers, their purchases in and after the observed window, and the orders and clean lines of both."""

    first: int
    people: People
    purchases: Purchases
    orders: Orders
    lines: Lines


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each customer: observed totals, the future that was lived, and what was to be expected."""

    alive: np.ndarray
    purchases: Ints
    revenue: Ints
    profit: Ints
    future_purchases: Ints
    future_profit: Ints
    expected_purchases: Floats
    expected_profit: Floats


def stream(company: Company, *key: int) -> np.random.Generator:
    """Return the random stream that belongs to `key` in this company."""
    return np.random.default_rng(np.random.SeedSequence(company.seed, spawn_key=key))


def open_shop(company: Company) -> Shop:
    """Draw what all customers share."""
    catalogue = draw_catalogue(company, stream(company, 0, 0))
    return Shop(catalogue, margin_curve(company, catalogue, stream(company, 0, 1)))


def block_sizes(company: Company) -> Iterator[tuple[int, int, int]]:
    """Yield number, first customer and size of every block."""
    for number, first in enumerate(range(0, company.n_customers, BLOCK)):
        yield number, first, min(BLOCK, company.n_customers - first)


def draw_block(company: Company, shop: Shop, number: int, first: int, size: int) -> Block:
    """Draw one block of customers with all their orders."""
    rng = stream(company, 1, number)
    people = draw_people(company, size, rng)
    purchases = live(company, people, rng)
    value = spend(company, people, purchases, rng)
    orders = draw_orders(purchases, size, rng)
    discount = people.discount[purchases.customer]
    lines = draw_lines(company, shop.catalogue, orders, value=value, discount=discount, rng=rng)
    return Block(first, people, purchases, orders, lines)


def outcome(company: Company, shop: Shop, block: Block) -> Outcome:
    """Sum up each customer's observed and future purchases, and what was to be expected at the end."""
    people, orders, lines = block.people, block.orders, block.lines
    n, end = len(people.birth), company.n_days
    who = orders.customer[lines.order]
    future = orders.day[lines.order] >= end
    # A return after the end belongs to an observed order but is not yet known.
    seen = ~future & (lines.day < end)

    def total(cents: Ints, rows: np.ndarray) -> Ints:
        return np.rint(np.bincount(who[rows], weights=cents[rows], minlength=n)).astype(np.int64)

    observed = orders.day < end
    week = block.purchases.week
    last = np.zeros(n)
    np.maximum.at(last, orders.customer[observed], week[observed])
    alive = block.purchases.dropout > company.weeks
    expected, profit = expected_future(company, people, alive, company.weeks - last, shop.margin)
    return Outcome(
        alive=alive,
        purchases=distinct_days(orders, observed, n),
        revenue=total(lines.amount, seen),
        profit=total(lines.profit, seen),
        future_purchases=distinct_days(orders, ~observed, n),
        future_profit=total(lines.profit, future),
        expected_purchases=expected * days_per_purchase(company, people),
        expected_profit=profit,
    )


def distinct_days(orders: Orders, chosen: np.ndarray, n: int) -> Ints:
    """Return the number of different days with an order, a customer (orders come sorted by customer and day)."""
    customer, day = orders.customer[chosen], orders.day[chosen]
    new = np.ones(len(customer), dtype=bool)
    new[1:] = (customer[1:] != customer[:-1]) | (day[1:] != day[:-1])
    return np.bincount(customer[new], minlength=n)
