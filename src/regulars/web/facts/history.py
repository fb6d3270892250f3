"""A customer's orders, returns and products, from the order lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.engine import Frame
from regulars.engine.current import current_connection
from regulars.lake import Snapshot
from regulars.web.core.once import once
from regulars.web.customers.selectors.for_lake import numbers_of
from regulars.web.facts.access import lake
from regulars.web.facts.shapes import Line, Order, Product

LINES, PRODUCTS = "transaction_lines", "products"
MOST_LINES = 20_000
"""Lines of one customer that a page reads at most, the newest."""


def lines_of(customer_id: int, at: Snapshot | None = None) -> Frame:
    """Return the order lines of one customer, inside an open session; also those of records merged into theirs."""
    store = lake()
    version = once((LINES, "newest"), lambda: store.version(LINES)) if at is None else at.versions.get(LINES)
    read = Snapshot({} if version is None else {LINES: version}) if at is None else at
    return once(
        (LINES, customer_id, version, id(current_connection())),
        lambda: engine.persist(store.table(LINES, at=read, customers=numbers_of(customer_id))),
    )


def orders(customer_id: int, *, costs: bool, until: date | None, limit: int, kind: str | None) -> list[Order]:
    """Return the newest orders of a customer with their lines."""
    lines = lines_of(customer_id)
    if until is not None:
        lines = lines.filter(nw.col("business_date") <= until)
    if kind is not None:
        lines = lines.filter(nw.col("kind") == kind)
    rows = _rows(lines.sort("business_date", "ordered_at", "line_no", descending=[True, True, False]).head(MOST_LINES))
    names = _product_names(customer_id)
    rows.sort(key=_order_key, reverse=True)
    grouped = (_order(list(group), names, costs=costs) for _, group in groupby(rows, key=_order_key))
    return [order for order, _ in zip(grouped, range(limit), strict=False)]


def _order_key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["business_date"], row["source"], row["order_id"], row["kind"]


def _order(rows: list[dict[str, Any]], names: dict[str, str], *, costs: bool) -> Order:
    first = min(rows, key=lambda row: row["ordered_at"])
    known = [row["cost_amount"] for row in rows if row["cost_amount"] is not None]
    return Order(
        source=first["source"],
        order_id=first["order_id"],
        ordered_at=first["ordered_at"],
        business_date=first["business_date"],
        kind=first["kind"],
        channel=first["channel"],
        store=first["store"],
        currency=first["currency"],
        net_amount=sum((row["net_amount"] for row in rows), Decimal(0)),
        cost_amount=sum(known, Decimal(0)) if costs and len(known) == len(rows) else None,
        lines=tuple(_line(row, names, costs=costs) for row in sorted(rows, key=lambda row: row["line_no"])),
    )


def _line(row: dict[str, Any], names: dict[str, str], *, costs: bool) -> Line:
    return Line(
        product_id=row["product_id"],
        product_name=names.get(row["product_id"] or ""),
        category=row["category"],
        quantity=row["quantity"],
        net_amount=row["net_amount"],
        cost_amount=row["cost_amount"] if costs else None,
        kind=row["kind"],
        returns_order_id=row["returns_order_id"] or row["named_order_id"],
        is_product=row["is_product"],
    )


def products(customer_id: int, *, limit: int) -> list[Product]:
    """Return what a customer bought, most money first."""
    lines = lines_of(customer_id).filter(nw.col("is_product"), ~nw.col("product_id").is_null())
    sold = nw.col("kind") == "sale"
    marked = lines.with_columns(
        nw.when(sold).then(nw.col("business_date")).alias("_sold_on"),
        nw.when(sold).then(nw.col("order_id")).alias("_sold_in"),
    )
    bought = marked.group_by("product_id").agg(
        nw.col("category").max(),
        engine.money_sum("quantity"),
        engine.money_sum("net_amount"),
        nw.col("_sold_in").n_unique().alias("_orders"),
        nw.col("_sold_in").is_null().any().alias("_with_returns"),
        nw.col("_sold_on").max().alias("last_bought"),
    )
    null = nw.when(nw.col("_with_returns")).then(1).otherwise(0)  # distinct values count an empty one, too
    counted = bought.with_columns((nw.col("_orders") - null).alias("n_orders")).drop("_orders", "_with_returns")
    kept = counted.filter(~nw.col("last_bought").is_null())
    rows = _rows(kept.sort("net_amount", "product_id", descending=[True, False]).head(limit))
    names = _product_names(customer_id)
    return [Product(name=names.get(row["product_id"]), **row) for row in rows]


def _product_names(customer_id: int) -> dict[str, str]:
    """Return the name of every product that a customer bought or gave back, where it is known."""

    def read() -> dict[str, str]:
        bought = engine.distinct(lines_of(customer_id), "product_id")
        known = lake().table(PRODUCTS).join(bought, on="product_id", how="semi").filter(~nw.col("name").is_null())
        return {row["product_id"]: row["name"] for row in _rows(known.select("product_id", "name"))}

    return once((PRODUCTS, customer_id, id(current_connection())), read)


def _rows(table: Frame) -> list[dict[str, Any]]:
    found: pa.Table = engine.to_arrow(table)
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows
