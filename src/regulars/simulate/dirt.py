"""Makes the orders as faulty as real exports are, by adding rows whose number is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from regulars.simulate.baskets import NOBODY, SALE, TESTER, Ints, Lines, Orders
from regulars.simulate.catalogue import Catalogue
from regulars.simulate.company import Dirt

KINDS = (
    "sales",
    "returns",
    "duplicates",
    "anonymous",
    "tests",
    "zero_prices",
    "non_products",
    "future_dates",
    "cancelled",
    "unreadable_dates",
    "unreadable_numbers",
)
"""Names of the kinds of rows, by their code."""
KIND_MASK, PADDED, LOWER = 15, 16, 32
_CODE = {name: code for code, name in enumerate(KINDS)}


def soil(
    dirt: Dirt, catalogue: Catalogue, orders: Orders, clean: Lines, n_days: int, *, csv: bool, rng: np.random.Generator
) -> tuple[Orders, Lines]:
    """Return orders and lines with the dirt added; `clean` are the lines to be written."""
    wanted = {name: _whole(getattr(dirt, name) * len(clean), rng) for name in KINDS[2:]}
    if not csv:
        wanted["unreadable_dates"] = wanted["unreadable_numbers"] = 0
    marks = np.where(rng.random(len(clean)) < dirt.padded_ids, PADDED, 0)
    marks |= np.where(rng.random(len(clean)) < dirt.mixed_case, LOWER, 0)
    clean = replace(clean, kind=clean.kind | marks)
    sales = clean.take((clean.kind & KIND_MASK) == SALE)
    if not len(sales):
        return orders, clean
    twins = rng.choice(len(sales), min(wanted["duplicates"], len(sales)), replace=False)
    parts = [_kind(sales.take(twins), "duplicates", keep_marks=True)]
    parts += [_free(catalogue, sales, wanted["zero_prices"], rng), _fees(catalogue, sales, wanted["non_products"], rng)]
    for name in ("anonymous", "tests", "future_dates", "cancelled", "unreadable_dates", "unreadable_numbers"):
        count = wanted[name] // 2 if name == "cancelled" else wanted[name]
        more, lines = _new_orders(orders, sales, count, name, rng)
        if name == "anonymous":
            more = replace(more, customer=np.full(count, NOBODY))
        elif name == "tests":
            more = replace(more, customer=np.full(count, TESTER))
            product = np.full(count, catalogue.index("TEST001"))
            lines = replace(lines, product=product, price=np.full(count, 450), cost=np.zeros(count, dtype=np.int64))
        elif name == "future_dates":
            day = n_days + 400 + rng.integers(0, 300, count)
            more, lines = replace(more, day=day), replace(lines, day=day)
        elif name == "cancelled":
            lines = replace(lines, quantity=lines.quantity * rng.integers(10, 60, count))
            note = replace(lines, quantity=-lines.quantity, second=lines.second + rng.integers(60, 3600, count))
            lines = lines.joined(note)
        orders = orders.joined(more)
        parts.append(lines)
    return orders, clean.joined(*parts)


def is_credit_note(lines: Lines) -> npt.NDArray[np.bool_]:
    """Return which lines carry a credit-note number: returns, and the second half of a cancelled pair."""
    credit: npt.NDArray[np.bool_] = lines.quantity < 0
    return credit


def tally(lines: Lines) -> dict[str, dict[str, int]]:
    """Return rows and money (cents) of every kind, and how many rows are written oddly."""
    kind = lines.kind & KIND_MASK
    rows = np.bincount(kind, minlength=len(KINDS))
    counts = {
        name: {"rows": int(rows[code]), "cents": int(lines.amount[kind == code].sum())}
        for code, name in enumerate(KINDS)
    }
    for name, mark in (("padded_ids", PADDED), ("mixed_case", LOWER)):
        marked = (lines.kind & mark) > 0
        counts[name] = {"rows": int(marked.sum()), "cents": int(lines.amount[marked].sum())}
    return counts


def has_kind(lines: Lines, name: str) -> npt.NDArray[np.bool_]:
    """Return which lines are of the named kind."""
    chosen: npt.NDArray[np.bool_] = (lines.kind & KIND_MASK) == _CODE[name]
    return chosen


def _whole(amount: float, rng: np.random.Generator) -> int:
    return int(amount + rng.random())


def _kind(lines: Lines, name: str, *, keep_marks: bool = False) -> Lines:
    marks = lines.kind & ~KIND_MASK if keep_marks else np.zeros(len(lines), dtype=np.int64)
    return replace(lines, kind=marks | _CODE[name])


def _free(catalogue: Catalogue, sales: Lines, count: int, rng: np.random.Generator) -> Lines:
    lines = _one_an_order(sales, count, rng)
    zero = np.zeros(len(lines), dtype=np.int64)
    product = rng.integers(0, catalogue.n_products, len(lines))
    return _kind(replace(lines, product=product, quantity=zero + 1, price=zero, cost=zero), "zero_prices")


def _fees(catalogue: Catalogue, sales: Lines, count: int, rng: np.random.Generator) -> Lines:
    lines = _one_an_order(sales, count, rng)
    services = np.array([catalogue.index(code) for code in ("POST", "BANK", "M")])
    product = services[np.searchsorted([0.75, 0.9], rng.random(len(lines)))]
    price = rng.integers(4, 31, len(lines)) * 100
    quantity = np.ones(len(lines), dtype=np.int64)
    return _kind(replace(lines, product=product, quantity=quantity, price=price, cost=price), "non_products")


def _one_an_order(sales: Lines, count: int, rng: np.random.Generator) -> Lines:
    first = np.unique(sales.order, return_index=True)[1]
    return sales.take(rng.choice(first, min(count, len(first)), replace=False))


def _new_orders(orders: Orders, sales: Lines, count: int, name: str, rng: np.random.Generator) -> tuple[Orders, Lines]:
    """Return orders of one line each that look like real ones."""
    model = sales.take(rng.integers(0, len(sales), count))
    second: Ints = rng.integers(8 * 3600, 20 * 3600, count)
    old = model.order
    more = Orders(orders.customer[old], orders.day[old], second, orders.channel[old], orders.store[old])
    new = np.arange(len(orders.day), len(orders.day) + count)
    return more, _kind(replace(model, order=new, second=second), name)
