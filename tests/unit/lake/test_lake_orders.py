"""Order lines that were read become rows with a stable number, under surrogates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from tests.unit.lake.rows import FIRST, LATER, stored

from regulars import engine
from regulars.errors import InputError
from regulars.lake import Lake
from regulars.lake.orders import external_ids, lines_from

TYPES: dict[str, Any] = {
    "order_id": pa.string(), "line_no": pa.int64(), "customer_id": pa.string(), "ordered_at": pa.timestamp("us"),
    "business_date": pa.date32(), "product_id": pa.string(), "category": pa.string(),
    "quantity": pa.decimal128(38, 4), "net_amount": pa.decimal128(38, 4), "cost_amount": pa.decimal128(38, 4),
    "currency": pa.string(), "channel": pa.string(), "store": pa.string(), "kind": pa.string(),
    "returns_order_id": pa.string(), "named_order_id": pa.string(), "occasion_date": pa.date32(),
    "is_product": pa.bool_(),
}  # fmt: skip
IDENTITIES = pa.table(
    {"source": ["shop", "shop", "till"], "external_id": ["C1", "C2", "C1"], "customer_id": [101, 102, 201]}
)
DAY, NEXT_WEEK = date(2026, 6, 1), date(2026, 6, 8)


@dataclass
class Read:
    """Orders as they were read."""

    lines: engine.Frame
    mapping: list[dict[str, str]] = field(default_factory=list)
    currency: str | None = "EUR"


def read(*rows: dict[str, Any], numbers: bool = False) -> Read:
    whole = [
        {
            "order_id": "17",
            "customer_id": "C1",
            "ordered_at": datetime.combine(row.get("business_date", DAY), datetime.min.time()),
            "business_date": DAY,
            "occasion_date": row.get("business_date", DAY),
            "product_id": "P1",
            "quantity": Decimal(1),
            "net_amount": Decimal(10),
            "kind": "sale",
            "is_product": True,
            **row,
        }
        for row in rows
    ]
    table = pa.Table.from_pylist(whole, pa.schema(list(TYPES.items())))
    mapping = [{"canonical": "line_no", "column": "pos", "how": "name"}] if numbers else []
    return Read(engine.frame(table), mapping)


def write(lake: Lake, orders: Read, *, at: datetime = FIRST) -> tuple[int, int, int]:
    rows = lines_from(orders, IDENTITIES, source="shop")
    written = lake.write("transaction_lines", rows, source="shop", recorded_at=at, zone="Europe/Berlin")
    return written.new, written.changed, written.same


def numbers(lake: Lake) -> list[tuple[str, int, str]]:
    rows = sorted(stored(lake), key=lambda row: (row["order_id"], row["line_no"]))
    return [(row["order_id"], row["line_no"], row["product_id"]) for row in rows]


def test_customers_are_surrogates_of_their_source(lake: Lake):
    write(lake, read({}, {"customer_id": "C2", "order_id": "18"}))
    rows = stored(lake)
    assert [row["customer_id"] for row in rows] == [101, 102]
    assert rows[0]["ordered_at"].isoformat() == "2026-05-31T22:00:00+00:00"
    assert rows[0]["currency"] == "EUR"
    files = [path.read_bytes() for path in lake.path.rglob("*") if path.is_file()]
    assert [name for name in (b"C1", b"C2") if any(name in content for content in files)] == []


def test_a_customer_without_surrogate_stops_the_import():
    with pytest.raises(InputError, match="source shop: 1 customers have no surrogate"):
        lines_from(read({}, {"customer_id": "C9"}), IDENTITIES, source="shop")


def test_external_ids_are_each_customer_once():
    found = engine.to_arrow(external_ids(read({}, {}, {"customer_id": "C2"})))
    assert sorted(found["external_id"].to_pylist()) == ["C1", "C2"]


def test_whole_numbers_read_as_floats_are_the_same_customers():
    orders = read({})
    orders.lines = engine.frame(pl.DataFrame({"customer_id": [7.0, 8.0]}))
    assert sorted(engine.to_arrow(external_ids(orders))["external_id"].to_pylist()) == ["7", "8"]


def test_lines_without_numbers_are_known_by_day_and_content(lake: Lake):
    assert write(lake, read({"product_id": "B"}, {"product_id": "A"}, {"product_id": "A"})) == (3, 0, 0)
    assert numbers(lake) == [("17", 2026060100001, "A"), ("17", 2026060100002, "A"), ("17", 2026060100003, "B")]


def test_the_order_of_rows_does_not_matter(lake: Lake):
    rows = [{"product_id": p, "net_amount": Decimal(n)} for p, n in (("A", 1), ("A", 2), ("B", 3))]
    write(lake, read(*rows))
    assert write(lake, read(*reversed(rows)), at=LATER) == (0, 0, 3)


def test_a_corrected_amount_is_a_revision(lake: Lake):
    write(lake, read({"product_id": "A"}, {"product_id": "B"}))
    assert write(lake, read({"product_id": "A"}, {"product_id": "B", "net_amount": Decimal(9)}), at=LATER) == (0, 1, 1)


def test_a_later_return_does_not_overwrite_its_sale(lake: Lake):
    write(lake, read({}))
    back = {"kind": "return", "quantity": Decimal(-1), "net_amount": Decimal(-10), "business_date": NEXT_WEEK}
    assert write(lake, read(back), at=LATER) == (1, 0, 0)
    assert [row["kind"] for row in sorted(stored(lake), key=lambda row: row["line_no"])] == ["sale", "return"]


def test_receipt_numbers_that_begin_anew_overwrite_nothing(lake: Lake):
    write(lake, read({"order_id": "1"}))
    assert write(lake, read({"order_id": "1", "customer_id": "C2", "business_date": NEXT_WEEK}), at=LATER) == (1, 0, 0)


def test_numbers_of_the_source_are_kept_and_returns_count_down(lake: Lake):
    rows = [{"line_no": 10}, {"line_no": 20, "product_id": "B"}]
    write(lake, read(*rows, numbers=True))
    assert [n for _, n, _ in numbers(lake)] == [10, 20]
    back = {"line_no": 10, "kind": "return", "quantity": Decimal(-1), "net_amount": Decimal(-10)}
    assert write(lake, read(back, numbers=True), at=LATER) == (1, 0, 0)
    assert [n for _, n, _ in numbers(lake)] == [-11, 10, 20]


def test_only_orders_that_use_a_number_twice_are_numbered_anew(lake: Lake):
    rows = [{"line_no": 1}, {"line_no": 1, "product_id": "B"}, {"line_no": 1, "order_id": "18"}, {"order_id": "19"}]
    assert write(lake, read(*rows, numbers=True)) == (4, 0, 0)
    assert [(order, number) for order, number, _ in numbers(lake)] == [
        ("17", 2026060100001),
        ("17", 2026060100002),
        ("18", 1),
        ("19", 2026060100001),
    ]


def test_without_an_order_number_customer_and_day_stand_for_one(lake: Lake):
    rows = [{"order_id": None}, {"order_id": None}, {"order_id": None, "customer_id": "C2"}]
    assert write(lake, read(*rows)) == (3, 0, 0)
    assert write(lake, read(*rows), at=LATER) == (0, 0, 3)
    assert [order for order, _, _ in numbers(lake)] == ["101-20260601", "101-20260601", "102-20260601"]
