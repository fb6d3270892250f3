"""Rows to put into a lake, and what is stored of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from regulars import engine
from regulars.lake import CONTRACTS, Lake

FIRST = datetime(2026, 7, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 7, 8, 9, tzinfo=UTC)


def line(order: str, customer: int | None = 1, *, no: int = 1, day: date = date(2026, 6, 1), **other: Any) -> dict:
    """One order line by its contract."""
    return {
        "order_id": order,
        "line_no": no,
        "customer_id": customer,
        "ordered_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        "business_date": day,
        "occasion_date": day,
        "product_id": "P1",
        "is_product": True,
        "quantity": Decimal(1),
        "net_amount": Decimal("9.90"),
        "currency": "EUR",
        "kind": "sale",
        **other,
    }


def table_of(name: str, rows: list[dict]) -> pa.Table:
    """Rows as an Arrow table with the types of the contract; columns that no row has are left out."""
    brought = {key for row in rows for key in row}
    fields = [pa.field(c.name, c.kind.arrow) for c in CONTRACTS[name].columns if c.name in brought]
    return pa.Table.from_pylist(rows, pa.schema(fields))


def lines(*rows: dict) -> pa.Table:
    return table_of("transaction_lines", list(rows))


def stored(lake: Lake, name: str = "transaction_lines", **how: Any) -> list[dict]:
    """What is stored, sorted by key."""
    with engine.session(threads=1):
        rows = engine.to_arrow(lake.table(name, **how)).to_pylist()
    return sorted(rows, key=lambda row: tuple(str(row[k]) for k in CONTRACTS[name].key))
