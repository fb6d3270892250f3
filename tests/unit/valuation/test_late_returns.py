"""Returns that come with a later import find their sale in the lake, by the rules of reading."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from regulars import engine
from regulars.lake import Lake, contract_of
from regulars.measure import purchase_occasions
from regulars.valuation.from_lake import orders_for_valuation

WEEKS = [datetime(2026, 6, 1, tzinfo=UTC) + timedelta(weeks=i) for i in range(4)]
SALE, LATER_SALE, BACK = date(2026, 6, 1), date(2026, 6, 5), date(2026, 6, 10)


def line(order: str, day: date, *, quantity: int = 1, price: str = "10", **other: Any) -> dict[str, Any]:
    return {
        "order_id": order,
        "line_no": 1,
        "customer_id": 7,
        "ordered_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        "business_date": day,
        "occasion_date": day,
        "product_id": "P1",
        "is_product": True,
        "quantity": Decimal(quantity),
        "net_amount": quantity * Decimal(price),
        "kind": "sale" if quantity > 0 else "return",
        **other,
    }


def returned(order: str = "R", quantity: int = -1, **other: Any) -> dict[str, Any]:
    return line(order, BACK, quantity=quantity, **other)


@pytest.fixture
def occasions(tmp_path: Path):
    """Import each group of lines by itself, a week apart; return the days on which something was bought and kept."""
    lake = Lake(tmp_path, threads=1, memory_limit="300MB")

    def after(*imports: list[dict[str, Any]]) -> dict[date, Decimal]:
        for week, rows in zip(WEEKS, imports, strict=False):
            brought = {key for row in rows for key in row}
            fields = [
                pa.field(c.name, c.kind.arrow) for c in contract_of("transaction_lines").columns if c.name in brought
            ]
            table = pa.Table.from_pylist(rows, pa.schema(fields))
            lake.write("transaction_lines", table, source="shop", recorded_at=week)
        with engine.session(threads=1):
            orders = orders_for_valuation(lake)
            rows = engine.to_arrow(purchase_occasions(orders.lines)).to_pylist()
            orders.release()
        return {row["occasion_date"]: row["net_amount"] for row in rows}

    return after


def test_a_return_of_a_later_import_undoes_its_sale(occasions):
    other = line("Z", LATER_SALE, product_id="P2")
    assert occasions([line("A", SALE), other], [returned()]) == {LATER_SALE: Decimal("10.0000")}


def test_its_import_may_even_come_first(occasions):
    other = line("Z", LATER_SALE, product_id="P2")
    assert occasions([returned(), other], [line("A", SALE)]) == {LATER_SALE: Decimal("10.0000")}


def test_it_goes_by_the_number_of_its_order_first(occasions):
    """Without the number it would give back the latest sale."""
    sales = [line("A", SALE), line("B", LATER_SALE)]
    assert set(occasions(sales, [returned("A", line_no=2)])) == {LATER_SALE}


def test_it_goes_by_the_order_that_it_names(occasions):
    """Credit notes have numbers of their own; without the name it would give back the latest sale."""
    sales = [line("A", SALE), line("B", LATER_SALE)]
    assert set(occasions(sales, [returned("CN-1", named_order_id="A")])) == {LATER_SALE}


def test_a_name_that_nobody_knows_is_no_hindrance(occasions):
    sales = [line("A", SALE), line("B", LATER_SALE)]
    assert set(occasions(sales, [returned("CN-1", named_order_id="lost")])) == {SALE}


def test_otherwise_it_gives_back_the_latest_sale_that_carries_it(occasions):
    sales = [line("A", SALE, quantity=2), line("B", LATER_SALE)]
    assert set(occasions(sales, [returned(quantity=-2)])) == {LATER_SALE}


def test_what_was_given_back_already_carries_no_more(occasions):
    """B went back within its own import, so what comes later can only be of A."""
    linked = returned("R1", returns_order_id="B", occasion_date=LATER_SALE)
    keeps = line("Z", date(2026, 6, 3), product_id="P2")
    assert set(occasions([line("A", SALE), line("B", LATER_SALE), linked, keeps], [returned("R2")])) == {
        date(2026, 6, 3)
    }


def test_another_customers_sale_is_not_given_back(occasions):
    assert set(occasions([line("A", SALE, customer_id=8)], [returned()])) == {SALE}


def test_within_one_import_reading_has_said_all(occasions):
    """Reading left this return without an order; the lake does not know better."""
    assert set(occasions([line("A", SALE), returned()])) == {SALE}
