"""Notes on how a file was read say what is so, for one row as for many."""

import datetime as dt

import polars as pl
import pytest

from regulars import ingest


def read(*rows):
    columns = ("customer", "order", "date", "product", "quantity", "amount")
    cells = zip(*rows, strict=True)
    return ingest.read_orders(pl.DataFrame(dict(zip(columns, map(list, cells), strict=True))))


def sale(i, amount=10.0, quantity=1):
    return (f"c{i}", f"o{i}", dt.date(2024, 3, 1 + i), f"p{i}", quantity, amount)


def back(i, day=20):
    return (f"c{i}", f"r{i}", dt.date(2024, 3, day), f"p{i}", -1, -10.0)


STRANGER = ("nobody", "r99", dt.date(2024, 3, 20), "p99", -1, -10.0)
OTHER = ("nobody", "r98", dt.date(2024, 3, 21), "p98", -1, -10.0)
RETURNS = {
    "one, linked": ([back(1)], "1 return, linked to its order.", "1 行退货，匹配到了原订单。"),
    "two, linked": ([back(1), back(2)], "2 returns, all linked to their orders.", "2 行退货，都匹配到了原订单。"),
    "one, not linked": ([STRANGER], "1 return, not linked to an order: it counts on its own day.",
                        "1 行退货，没有匹配到原订单，在退货当天冲减收入。"),
    "two, not linked": ([STRANGER, OTHER], "2 returns, not linked to an order: they count on their own days.",
                        "2 行退货，没有匹配到原订单，在退货当天冲减收入。"),
    "two, one linked": ([back(1), STRANGER], "2 returns, 1 linked to its order; the other counts on its own day.",
                        "2 行退货，其中 1 行匹配到原订单，其余在退货当天冲减收入。"),
    "four, two linked": ([back(1), back(2), STRANGER, OTHER],
                         "4 returns, 2 linked to their orders; the others count on their own days.",
                         "4 行退货，其中 2 行匹配到原订单，其余在退货当天冲减收入。"),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "en", "zh"), RETURNS.values(), ids=list(RETURNS))
def test_what_became_of_returns_reads_right(rows, en, zh):
    said = [note for note in read(*[sale(i) for i in range(5)], *rows).notes if "return" in note.en]
    assert [(note.en, note.zh) for note in said] == [(en, zh)]


def test_without_returns_nothing_is_said_of_them():
    assert not any("return" in note.en for note in read(sale(1), sale(2)).notes)


@pytest.mark.parametrize(("n", "en"), [(1, "1 row of known customers"), (2, "2 rows of known customers")])
def test_one_row_is_a_row(n, en):
    orders = read(*[sale(i) for i in range(4)], *[sale(i + 4, amount=0.0) for i in range(n)])
    assert any(note.en.startswith(en) for note in orders.notes)
