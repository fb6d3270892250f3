"""Writes lines as the columns of a shop system's export, with English or Chinese headers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from regulars.simulate import dirt
from regulars.simulate.baskets import NOBODY, TESTER, Ints, Lines, Orders
from regulars.simulate.catalogue import Catalogue
from regulars.simulate.company import Company
from regulars.words import Lang, T

HEADERS: tuple[T, ...] = (
    T("订单号", "order_no"),
    T("客户编号", "customer_no"),
    T("下单时间", "order_time"),
    T("商品编号", "product_code"),
    T("商品名称", "product_name"),
    T("品类", "category"),
    T("数量", "quantity"),
    T("单价", "unit_price"),
    T("金额", "amount"),
    T("单位成本", "unit_cost"),
    T("币种", "currency"),
    T("渠道", "channel"),
    T("门店", "store"),
    T("原订单号", "original_order_no"),
)
_CHANNELS = (T("门店", "shop"), T("网店", "web"), T("电话", "phone"), T("小程序", "app"))
_STORES = tuple(T(zh, en) for zh, en in (
    ("总店", "Main store"), ("东门店", "East Gate"), ("西湖店", "West Lake"), ("南站店", "South Station"),
    ("北苑店", "North Park"), ("机场店", "Airport"),
))  # fmt: skip
_BAD_DATES = ("2025-13-45", "n/a", "31/02/2025", "yesterday", "0000-00-00 00:00:00", "##########")
_BAD_NUMBERS = ("n/a", "1O", "three", "#VALUE!", "5,,2", "--")
_FIRST_ORDER = 10_000_001


def customer_ids(company: Company, index: npt.NDArray[np.int64]) -> pa.Array:
    """Return the customer ids, as the orders write them, of customers by their number in the company."""
    base = 10 ** max(5, len(str(company.n_customers))) + 1
    return _joined(_repeat("C", len(index)), _digits(index + base))


def to_table(
    company: Company,
    catalogue: Catalogue,
    orders: Orders,
    lines: Lines,
    *,
    first_customer: int,
    first_order: int,
    headers: Lang,
    csv: bool,
) -> tuple[pa.Table, int]:
    """Return the lines as a table in order of time, and the number of orders in it."""
    lines = lines.take(np.lexsort((lines.kind, lines.order, lines.second, lines.day)))
    number, n_orders = _order_numbers(orders, lines)
    digits = _digits(number + (_FIRST_ORDER + first_order))
    codes, names = catalogue.codes, [name[headers] for name in catalogue.names]
    product_code = _labels(codes + [code.lower() for code in codes], lines.product + _lower(lines) * len(codes))
    credit = dirt.is_credit_note(lines)
    prefix = np.where(credit, 1, np.where(dirt.has_kind(lines, "tests"), 2, 0))
    original = pc.if_else(pa.array(credit), _joined(_repeat("SO", len(lines)), digits), pa.scalar(None, pa.string()))
    channel, store = orders.channel[lines.order], orders.store[lines.order]
    columns = [
        _joined(_labels(["SO", "CN", "TEST-"], prefix).cast(pa.string()), digits),
        _customers(company, orders, lines, first_customer),
        _times(company, lines, csv=csv),
        product_code,
        _labels(names, lines.product),
        _labels([category[headers] for category in catalogue.categories], lines.product),
        _quantities(lines, csv=csv),
        _cents(lines.price),
        _cents(lines.amount),
        _cents(lines.cost),
        _labels([company.currency], np.zeros(len(lines), dtype=np.int64)),
        _labels([label[headers] for label in _CHANNELS], channel),
        _labels([label[headers] for label in _STORES], store, missing=store < 0),
        original,
    ]
    return pa.table(columns, names=[header[headers] for header in HEADERS]), n_orders


def _order_numbers(orders: Orders, lines: Lines) -> tuple[Ints, int]:
    """Return the rank of each line's order the time of its sale, and the number of orders."""
    has_lines = np.zeros(len(orders.day), dtype=bool)
    has_lines[lines.order] = True
    used = np.flatnonzero(has_lines)
    by_time = used[np.lexsort((used, orders.second[used], orders.day[used]))]
    number = np.zeros(len(orders.day), dtype=np.int64)
    number[by_time] = np.arange(len(by_time))
    return number[lines.order], len(by_time)


def _customers(company: Company, orders: Orders, lines: Lines, first: int) -> pa.Array:
    customer = orders.customer[lines.order]
    ids = customer_ids(company, np.maximum(customer, 0) + first)
    padded = (lines.kind & dirt.PADDED) > 0
    if padded.any():
        ids = pc.if_else(pa.array(padded), _joined(_repeat(" ", len(ids)), ids, _repeat("  ", len(ids))), ids)
    if (customer == TESTER).any():
        ids = pc.if_else(pa.array(customer == TESTER), pa.scalar("TEST"), ids)
    return pc.if_else(pa.array(customer == NOBODY), pa.scalar(None, pa.string()), ids)


def _times(company: Company, lines: Lines, *, csv: bool) -> pa.Array:
    start = np.datetime64(company.start, "s")
    times = pa.array(start + (lines.day * 86_400 + lines.second).astype("timedelta64[s]"))
    if not csv:
        return times.cast(pa.timestamp("us"))
    return _spoiled(times.cast(pa.string()), dirt.has_kind(lines, "unreadable_dates"), _BAD_DATES)


def _quantities(lines: Lines, *, csv: bool) -> pa.Array:
    quantities = pa.array(lines.quantity)
    bad = dirt.has_kind(lines, "unreadable_numbers")
    return _spoiled(quantities.cast(pa.string()), bad, _BAD_NUMBERS) if csv and bad.any() else quantities


def _spoiled(texts: pa.Array, bad: np.ndarray, junk: tuple[str, ...]) -> pa.Array:
    if not bad.any():
        return texts
    return pc.replace_with_mask(texts, pa.array(bad), pa.array([junk[i % len(junk)] for i in range(int(bad.sum()))]))


def _cents(cents: Ints) -> pa.Array:
    """Return integer cents as DECIMAL(18, 2) without passing through floats: two 64-bit halves a value."""
    halves = np.empty((len(cents), 2), dtype=np.int64)
    halves[:, 0], halves[:, 1] = cents, cents >> 63
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(halves)])


def _labels(labels: list[str], index: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    # A dictionary that says the same twice is written in bytes that differ from run to run.
    places = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    if len(places) < len(labels):
        index = np.array([places[label] for label in labels])[index]
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32), mask=missing), pa.array(list(places)))


def _lower(lines: Lines) -> Ints:
    return ((lines.kind & dirt.LOWER) > 0).astype(np.int64)


def _digits(numbers: Ints) -> pa.Array:
    return pa.array(numbers).cast(pa.string())


def _repeat(text: str, n: int) -> Any:
    return pa.repeat(pa.scalar(text), n)


def _joined(*parts: Any) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")
