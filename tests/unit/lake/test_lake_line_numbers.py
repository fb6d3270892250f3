"""Whatever orders look like: every line has a number of its own, and the same one when it comes again."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.lake.test_lake_orders import IDENTITIES, read

from regulars import engine
from regulars.lake.orders import lines_from

DAY = date(2026, 6, 1)
KEY = ("order_id", "line_no")


@st.composite
def order_lines(draw: st.DrawFn) -> dict[str, Any]:
    """A line of one of few orders, products, customers and days, so that all kinds of repeats occur."""
    day = DAY + timedelta(days=draw(st.integers(0, 2)))
    back = draw(st.booleans())
    sign = -1 if back else 1
    return {
        "order_id": draw(st.sampled_from(["17", "18", None])),
        "line_no": draw(st.sampled_from([0, 1, 2, None])),
        "customer_id": draw(st.sampled_from(["C1", "C2"])),
        "ordered_at": datetime(day.year, day.month, day.day, 12),
        "business_date": day,
        "occasion_date": day,
        "product_id": draw(st.sampled_from(["A", "B", None])),
        "quantity": Decimal(sign),
        "net_amount": sign * draw(st.sampled_from([Decimal(1), Decimal(2)])),
        "kind": "return" if back else "sale",
    }


def numbered(rows: list[dict[str, Any]], *, numbers: bool) -> list[dict[str, Any]]:
    frame = lines_from(read(*rows, numbers=numbers), IDENTITIES, source="shop")
    return engine.to_arrow(frame).to_pylist()


def content(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The rest of each row by its key."""
    return {tuple(row[k] for k in KEY): tuple(str(v) for k, v in row.items() if k not in KEY) for row in rows}


ROWS = st.lists(order_lines(), min_size=1, max_size=8)


@settings(max_examples=25)
@given(rows=ROWS, numbers=st.booleans())
def test_every_line_has_a_number_of_its_own(rows: list[dict[str, Any]], numbers: bool):
    found = numbered(rows, numbers=numbers)
    assert len(found) == len(rows), "no line is lost and none appears"
    assert len(content(found)) == len(rows), "no two share a key"
    assert all(row["order_id"] is not None and row["line_no"] is not None for row in found)
    assert sum(row["net_amount"] for row in found) == sum(row["net_amount"] for row in rows)


@settings(max_examples=25)
@given(rows=ROWS, numbers=st.booleans(), seed=st.integers(0, 1000))
def test_the_order_of_rows_changes_no_number(rows: list[dict[str, Any]], numbers: bool, seed: int):
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert content(numbered(rows, numbers=numbers)) == content(numbered(shuffled, numbers=numbers))


@settings(max_examples=25)
@given(rows=ROWS, cut=st.integers(1, 2))
def test_whole_days_may_come_in_any_number_of_files(rows: list[dict[str, Any]], cut: int):
    """An incremental export holds whole days: each line has the number there that it has in the whole."""
    edge = DAY + timedelta(days=cut)
    parts = [[r for r in rows if r["business_date"] < edge], [r for r in rows if r["business_date"] >= edge]]
    together = [row for part in parts if part for row in numbered(part, numbers=False)]
    assert content(together) == content(numbered(rows, numbers=False))
