"""An orders file, read by the library's own ingest into order lines, products and rows left out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw

from regulars import engine
from regulars.ingest import Orders, ReadOptions, read_orders
from regulars.ingest.files import open_files
from regulars.web.importing.parsing import cells
from regulars.web.importing.parsing.limits import Limits
from regulars.web.importing.parsing.task import LINES, PRODUCTS, REJECTED, Task, words
from regulars.web.importing.parsing.told import map_file
from regulars.words import T

Tell = Callable[[T, float], None]

LOOKING = T(zh="查看单元格", en="looking at cells")
PUTTING = T(zh="放好订单行", en="putting the lines in place")


def read(task: Task, folder: Path, limits: Limits, connection: duckdb.DuckDBPyConnection, tell: Tell) -> dict[str, Any]:
    """Read the orders and leave lines, products and rejected rows in `folder`.

    Raises
    ------
    InputError
        When the file cannot be used.
    """
    file = Path(task.file)
    cells.refuse_many(file, limits)
    tell(LOOKING, 0.02)
    _refuse_huge(file, task, limits, connection)
    orders = read_orders(file, options=options(task, folder), connection=connection, progress=tell)
    if orders.n_rows_read > limits.rows:
        raise cells.too_many(file.name, orders.n_rows_read, limits)
    tell(PUTTING, 0.95)
    engine.write_parquet(orders.lines, folder / LINES)
    engine.write_parquet(orders.rejected.sort("source", "row", nulls_last=True), folder / REJECTED)
    _write_products(file, folder, orders, connection)
    return account(orders)


def options(task: Task, folder: Path) -> ReadOptions:
    """Return the task as ingest takes it; the mapping goes through a map file, as from the command line."""
    return ReadOptions(
        map_file=map_file(task, folder),
        date_order=task.date_order or None,  # type: ignore[arg-type]
        timezone=task.timezone or None,
        currency=task.currency or None,
        rates={code: Decimal(rate) for code, rate in task.rates.items()} or None,
        max_rejected=task.max_rejected,
        lang=task.lang,
    )


def account(orders: Orders) -> dict[str, Any]:
    """Return what was read and what was left out, as JSON."""
    money = engine.to_arrow(orders.lines.select(engine.money_sum("net_amount").alias("money")))["money"][0].as_py()
    customers = engine.n_rows(engine.distinct(orders.lines, "customer_id"))
    return {
        "rows": orders.n_rows_read,
        "lines": orders.n_lines,
        "customers": customers,
        "money": str(money if money is not None else Decimal(0)),
        "first": orders.first_date.isoformat(),
        "last": orders.as_of.isoformat(),
        "currency": orders.currency,
        "has_cost": orders.has_cost,
        "mapping": orders.mapping,
        "notes": [words(note) for note in orders.notes],
        "left_out": [
            {"reason": e.reason, "text": words(e.text), "rows": e.rows, "money": str(e.money)} for e in orders.left_out
        ],
    }


def _refuse_huge(file: Path, task: Task, limits: Limits, connection: duckdb.DuckDBPyConnection) -> None:
    source = open_files(file, connection)
    try:
        wanted = [column for column in task.columns.values() if column in source.columns]
        cells.refuse_huge(source, wanted or source.columns, limits)
    finally:
        source.keep.close()


def _write_products(file: Path, folder: Path, orders: Orders, connection: duckdb.DuckDBPyConnection) -> None:
    """Leave each product's usual name where the file has both a code and a name; what is not sold is no product."""
    at = {found["canonical"]: found["column"] for found in orders.mapping}
    if not {"product_id", "product_name"} <= set(at):
        return
    source = open_files(file, connection)
    try:
        pairs = source.table.select(
            nw.col(at["product_id"]).cast(nw.String).str.strip_chars().alias("product_id"),
            nw.col(at["product_name"]).cast(nw.String).str.strip_chars().alias("name"),
        )
        counted = (
            pairs.filter(nw.col("name").str.len_chars() > 0).group_by("product_id", "name").agg(nw.len().alias("n"))
        )
        # Stock-takers note "damaged" where the name stands: the name of most rows, of equals the first.
        usual = counted.filter(nw.col("n") == nw.col("n").max().over("product_id"))
        named = usual.group_by("product_id").agg(nw.col("name").min())
        sold = orders.lines.group_by("product_id").agg(nw.col("category").max())
        engine.write_parquet(sold.join(named, on="product_id", how="inner").sort("product_id"), folder / PRODUCTS)
    finally:
        source.keep.close()
