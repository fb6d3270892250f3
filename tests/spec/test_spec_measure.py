"""Occasions and the customer summary, on every engine."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from regulars import engine
from regulars.errors import InputError
from regulars.measure import customer_summary, purchase_occasions
from regulars.measure.earned import occasion_profits

D = dt.date


def rows(frame, *columns):
    table = engine.to_arrow(frame.select(*columns))
    return sorted(tuple(row[c] for c in columns) for row in table.to_pylist())


def money(*values):
    return pa.array([Decimal(str(v)) for v in values], pa.decimal128(38, 4))


def lines(*table):
    """Order lines from (customer, day, net, quantity, kind, returns, occasion day, product?)."""
    who, day, net, quantity, kind, returns, occasion, product = zip(*table, strict=True)
    return pa.table(
        {
            "customer_id": who,
            "business_date": day,
            "net_amount": money(*net),
            "quantity": money(*quantity),
            "kind": kind,
            "returns_order_id": pa.array(returns, pa.string()),
            "occasion_date": occasion,
            "is_product": product,
        }
    )


JAN = [D(2024, 1, d) for d in range(1, 32)]


def test_a_day_is_one_occasion_however_many_lines(on_engine):
    table = lines(
        (1, JAN[0], 5, 1, "sale", None, JAN[0], True),
        (1, JAN[0], 7, 2, "sale", None, JAN[0], True),
        (1, JAN[3], 2, 1, "sale", None, JAN[3], True),
    )
    found = rows(purchase_occasions(on_engine(table)), "customer_id", "occasion_date", "net_amount")
    assert found == [(1, JAN[0], Decimal("12.0000")), (1, JAN[3], Decimal("2.0000"))]


def test_an_order_that_was_sent_back_whole_is_no_occasion(on_engine):
    table = lines(
        (1, JAN[0], 5, 1, "sale", None, JAN[0], True),
        (1, JAN[9], -5, -1, "return", "A1", JAN[0], True),
        (2, JAN[0], 5, 2, "sale", None, JAN[0], True),
        (2, JAN[9], "-2.5", -1, "return", "A2", JAN[0], True),
    )
    found = rows(purchase_occasions(on_engine(table)), "customer_id", "occasion_date", "net_amount")
    assert found == [(2, JAN[0], Decimal("2.5000"))]


def test_a_lone_refund_and_a_day_of_postage_are_no_occasions_and_a_gift_is_one(on_engine):
    table = lines(
        (1, JAN[0], -5, -1, "return", None, JAN[0], True),
        (2, JAN[0], 4, 1, "sale", None, JAN[0], False),
        (3, JAN[0], 0, 1, "sale", None, JAN[0], True),
    )
    found = rows(purchase_occasions(on_engine(table)), "customer_id", "net_amount")
    assert found == [(3, Decimal("0.0000"))]


def test_summary_merges_days_and_leaves_the_future_out(on_engine):
    sold = pa.table(
        {
            "customer_id": ["b", "a", "a", "a", "a", "a", "c", None],
            "ordered_at": [JAN[4], JAN[14], JAN[0], JAN[7], JAN[7], JAN[30], JAN[30], JAN[0]],
            "net_amount": money(9, 4, 10, 1, 2, 100, 5, 7),
        }
    )
    summary = customer_summary(on_engine(sold), as_of=JAN[21])
    columns = ("customer_id", "x", "t_x", "T", "mean_repeat_spend", "n_purchases", "days_since_last_purchase")
    assert rows(summary, *columns) == [("a", 2, 2.0, 3.0, 3.5, 3, 7), ("b", 0, 0.0, 17 / 7, None, 1, 17)]
    assert rows(summary, "total_spend", "first_purchase", "last_purchase", "t_x_days", "T_days") == [
        (Decimal("9.0000"), JAN[4], JAN[4], 0, 17),
        (Decimal("17.0000"), JAN[0], JAN[14], 14, 21),
    ]


def test_summary_never_floors_a_unit(on_engine):
    sold = pa.table({"customer_id": [1, 1], "ordered_at": [JAN[0], JAN[10]], "net_amount": money(1, 1)})
    (row,) = rows(customer_summary(on_engine(sold), as_of=JAN[11]), "t_x", "T")
    assert row == (10 / 7, 11 / 7)


def test_summary_takes_times_of_day_and_other_names(on_engine):
    at = pa.array([dt.datetime(2024, 1, 1, 23, 59), dt.datetime(2024, 1, 2, 0, 1)], pa.timestamp("us"))
    sold = pa.table({"who": [1, 1], "at": at, "paid": [1.0, 2.0]})
    summary = customer_summary(on_engine(sold), as_of=JAN[1], unit="day", customer="who", time="at", amount="paid")
    assert rows(summary, "who", "x", "t_x", "T") == [(1, 1, 1.0, 1.0)]


def test_a_missing_column_is_named_with_the_remedy():
    with pytest.raises(InputError, match="no such column: net_amount"):
        customer_summary(pa.table({"customer_id": [1], "ordered_at": [JAN[0]]}), as_of=JAN[0])


def test_summary_comes_sorted_by_customer_every_time(on_engine):
    who = [7, 3, 9, 1, 5, 8, 2, 6, 4] * 3
    sold = pa.table({"customer_id": who, "ordered_at": [JAN[i] for i in range(27)], "net_amount": money(*[1] * 27)})
    summary = customer_summary(on_engine(sold), as_of=JAN[30])
    for _ in range(3):
        assert engine.to_arrow(summary)["customer_id"].to_pylist() == list(range(1, 10))


def test_what_is_no_purchase_costs_the_purchase_before_it(on_engine):
    table = lines(
        (1, JAN[0], -1, 1, "sale", None, JAN[0], False),  # a fee before anything was bought
        (1, JAN[2], 10, 1, "sale", None, JAN[2], True),
        (1, JAN[5], -4, -1, "return", None, JAN[5], True),  # found no order
        (1, JAN[8], 20, 1, "sale", None, JAN[8], True),
        (1, JAN[9], -20, 1, "sale", None, JAN[9], False),  # bad debt
        (2, JAN[3], -5, -1, "return", None, JAN[3], True),  # never bought
        (3, JAN[3], 5, 1, "sale", None, JAN[3], True),
    )
    costs = pa.array([0, 7, -3, 8, 0, -2, None], pa.decimal128(38, 4))
    table = table.append_column("cost_amount", costs).append_column("category", pa.array([None] * 7, pa.string()))
    frame = on_engine(table)
    found = rows(
        occasion_profits(frame, purchase_occasions(frame)),
        "customer_id", "occasion_date", "net_amount", "revenue", "profit", "unknown",
    )  # fmt: skip
    one, two, three, four = (Decimal(f"{v}.0000") for v in (10, 20, 5, 0))
    assert found == [
        (1, JAN[2], one, Decimal("5.0000"), Decimal("1.0000"), 0),
        (1, JAN[8], two, four, Decimal("-8.0000"), 0),
        (3, JAN[3], three, three, three, 1),
    ]
