"""Turns purchases into orders and order lines: baskets, prices, returns, channels, times of day. Money in cents."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from regulars.simulate.catalogue import Catalogue
from regulars.simulate.company import Company
from regulars.simulate.people import Floats, People
from regulars.simulate.purchases import YEAR_WEEKS, Purchases

Ints = npt.NDArray[np.int64]

SALE, RETURN = 0, 1
NOBODY, TESTER = -1, -2
ONLINE, N_CHANNELS, N_STORES = 1, 4, 6
_QUANTITIES = np.array([1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 24, 48])
_QUANTITY_WEIGHTS = np.cumsum([0.3, 0.2, 0.11, 0.08, 0.05, 0.07, 0.03, 0.05, 0.05, 0.03, 0.02, 0.01])
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Orders:
    """One element an order: customer in the block (or `NOBODY`, `TESTER`), day from the start, second of the day."""

    customer: Ints
    day: Ints
    second: Ints
    channel: Ints
    store: Ints

    def joined(self, other: Orders) -> Orders:
        """Return these orders followed by the others."""
        return Orders(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Lines:
    """One element an order line; `order` indexes the orders, `kind` is `SALE`, `RETURN` or a kind of dirt.

    Returns carry the order that they return, their own day and a negative quantity. Prices and costs are
    cents a unit.
    """

    order: Ints
    day: Ints
    second: Ints
    product: Ints
    quantity: Ints
    price: Ints
    cost: Ints
    kind: Ints

    def __len__(self) -> int:
        return len(self.order)

    def take(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Lines:
        """Return the chosen rows."""
        return Lines(*(getattr(self, f.name)[rows] for f in fields(self)))

    def joined(self, *others: Lines) -> Lines:
        """Return these lines followed by the others."""
        return Lines(*(np.concatenate([getattr(part, f.name) for part in (self, *others)]) for f in fields(self)))

    @property
    def amount(self) -> Ints:
        """Signed amount of each line."""
        return self.quantity * self.price

    @property
    def profit(self) -> Ints:
        """Signed amount less product cost of each line."""
        return self.quantity * (self.price - self.cost)


def spend(company: Company, people: People, purchases: Purchases, rng: np.random.Generator) -> Floats:
    """Draw the value of every purchase: Gamma around the customer's mean, which drifts where asked for."""
    who = purchases.customer
    value = rng.gamma(company.spend_p, 1.0, len(who)) * (people.nu[who] / company.spend_p)
    if company.drift or company.drift_sd:
        value *= np.exp(people.growth[who] * (purchases.week - people.birth[who]) / YEAR_WEEKS)
    return value


def draw_orders(purchases: Purchases, n_people: int, rng: np.random.Generator) -> Orders:
    """Give each purchase a day, a time in opening hours, a channel and a store (none online)."""
    n = len(purchases.week)
    home_channel = np.searchsorted([0.45, 0.75, 0.92], rng.random(n_people))
    home_store = rng.integers(0, N_STORES, n_people)
    away = rng.random(n) < 0.15
    channel = np.where(away, rng.integers(0, N_CHANNELS, n), home_channel[purchases.customer])
    # Two busy hours, mid-morning and mid-afternoon.
    busy = np.where(rng.random(n) < 0.55, 10.4, 15.6)
    second = np.clip((busy + 1.6 * rng.standard_normal(n)) * 3600, 7 * 3600, 22 * 3600).astype(np.int64)
    store = np.where(channel == ONLINE, -1, home_store[purchases.customer])
    return Orders(purchases.customer, np.floor(purchases.week * 7).astype(np.int64), second, channel, store)


def fill_baskets(
    company: Company, catalogue: Catalogue, value: Floats, discount: Floats, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints]:
    """Split order values into lines: order index, product, quantity, price in cents.

    A line's share of the value fixes quantity × price; among the products whose list price, less the
    `discount`, comes near that price one is drawn by popularity. The order's value is the exact sum of its
    lines, which differs from `value` by rounding alone.
    """
    lightest = catalogue.list_price[0] / 100
    count = 1 + rng.binomial(5, (company.lines_per_order - 1) / 5, len(value))
    count = np.clip(np.minimum(count, value / lightest), 1, 6).astype(np.int64)
    order = np.repeat(np.arange(len(value)), count)
    weight = 0.35 + rng.standard_exponential(len(order))
    total = np.bincount(order, weights=weight, minlength=len(value))
    target = weight / total[order] * value[order] * 100
    quantity = _quantities(catalogue, target, rng)
    price = target / quantity
    product = _products(catalogue, price / (1 - discount[order]), rng)
    cents = np.maximum(np.rint(price), 1).astype(np.int64)
    return order, product, quantity, cents + _repeats(order, product, catalogue.n_products)


def _quantities(catalogue: Catalogue, target: Floats, rng: np.random.Generator) -> Ints:
    wanted = _QUANTITIES[np.minimum(np.searchsorted(_QUANTITY_WEIGHTS, rng.random(len(target))), 11)]
    # Below the dearest tenth of the catalogue, else its last products would carry every large order.
    lowest, highest = catalogue.list_price[0], catalogue.list_price[int(0.9 * catalogue.n_products)]
    most = np.maximum(np.floor(target / lowest), 1)
    least = np.ceil(target / highest)
    quantity: Ints = np.maximum(np.minimum(np.maximum(wanted, least), most), 1).astype(np.int64)
    return quantity


def _products(catalogue: Catalogue, price: Floats, rng: np.random.Generator) -> Ints:
    n = catalogue.n_products
    listed = catalogue.list_price[:n]
    low = np.minimum(np.searchsorted(listed, price * 0.92), n - 1)
    high = np.maximum(np.searchsorted(listed, price * 1.09), low + 1)
    edge = catalogue.popularity
    point = edge[low] + rng.random(len(price)) * (edge[high] - edge[low])
    product: Ints = np.clip(np.searchsorted(edge, point, side="right") - 1, low, high - 1).astype(np.int64)
    return product


def _repeats(order: Ints, product: Ints, n_products: int) -> Ints:
    """Cents to add so that no two lines of an order are alike: a real duplicate must be a fault."""
    key = order * n_products + product
    by_key = np.argsort(key, kind="stable")
    same = np.concatenate([[False], key[by_key][1:] == key[by_key][:-1]])
    extra = np.zeros(len(key), dtype=np.int64)
    if same.any():
        place = np.arange(len(key))
        since = place - np.maximum.accumulate(np.where(same, 0, place))
        extra[by_key] = since
    return extra


def draw_lines(
    company: Company,
    catalogue: Catalogue,
    orders: Orders,
    *,
    value: Floats,
    discount: Floats,
    rng: np.random.Generator,
) -> Lines:
    """Draw the sale lines of all orders and the returns of some, the returns last."""
    order, product, quantity, price = fill_baskets(company, catalogue, value, discount, rng)
    sales = Lines(
        order=order,
        day=orders.day[order],
        second=orders.second[order],
        product=product,
        quantity=quantity,
        price=price,
        cost=catalogue.unit_cost[product],
        kind=np.full(len(order), SALE),
    )
    returns = draw_returns(company, sales, rng)
    return sales.joined(returns)


def draw_returns(company: Company, sales: Lines, rng: np.random.Generator) -> Lines:
    """Draw returns 1 to 30 days after the sale; the first line of an order keeps at least one unit.

    So a return lowers an occasion but never undoes it, and the true purchase counts stay what they are.
    """
    first = np.concatenate([[True], sales.order[1:] != sales.order[:-1]])[: len(sales)]
    chosen = np.flatnonzero((rng.random(len(sales)) < company.return_share) & (~first | (sales.quantity > 1)))
    back = sales.take(chosen)
    most = np.where(first[chosen], back.quantity - 1, back.quantity)
    part = 1 + np.floor(rng.random(len(chosen)) * most).astype(np.int64)
    whole = ~first[chosen] & (rng.random(len(chosen)) < 0.6)
    return Lines(
        order=back.order,
        day=back.day + rng.integers(1, 31, len(chosen)),
        second=(9 * 3600 + rng.integers(0, 9 * 3600, len(chosen))) % _DAY_SECONDS,
        product=back.product,
        quantity=-np.where(whole, back.quantity, part),
        price=back.price,
        cost=back.cost,
        kind=np.full(len(chosen), RETURN),
    )
