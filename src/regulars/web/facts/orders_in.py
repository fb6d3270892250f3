"""Orders on their way into the lake: under surrogate ids, compared first, then written in one commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.engine import Frame
from regulars.lake import Written, contract_of
from regulars.lake.check import check_columns, check_key, check_rows
from regulars.lake.contract import MOMENT
from regulars.lake.orders import external_ids, lines_from
from regulars.web.facts.access import lake, reading

LINES, PRODUCTS = "transaction_lines", "products"
JOB_MEMORY, JOB_THREADS = "1GB", 2


@dataclass(frozen=True, slots=True)
class OrdersFile:
    """Order lines that were read from a file, and how they were read.

    Parameters
    ----------
    lines
        A Parquet file of lines as `regulars.ingest` makes them.
    mapping
        Which columns the source has, under ``"canonical"``.
    source
        The system that the orders come from.
    currency
        Of the amounts.
    zone
        Whose local time the moments are.
    """

    lines: Path
    mapping: Sequence[dict[str, str]]
    source: str
    currency: str
    zone: str


@dataclass(frozen=True, slots=True)
class _Read:
    """The lines on an open session, as `lines_from` takes them."""

    lines: Frame
    mapping: list[dict[str, str]]
    currency: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What writing would do: lines new, changed and the same as stored, and the money of the first two."""

    new: int
    changed: int
    same: int
    new_money: Decimal
    changed_money: Decimal


@contextmanager
def opened(orders: OrdersFile, without: Sequence[str] = ()) -> Iterator[tuple[duckdb.DuckDBPyConnection, _Read]]:
    """Open a locked session with the lines in it, those of the customers `without` left aside."""
    with reading(memory_limit=JOB_MEMORY, threads=JOB_THREADS, also=(orders.lines.parent,)) as connection:
        lines = engine.frame(connection.read_parquet(str(orders.lines)))
        if without:
            gone = connection.from_arrow(pa.table({"_gone": pa.array(list(without), pa.string())}))
            numbered = lines.with_columns(nw.col("customer_id").cast(nw.String).alias("_gone"))
            lines = numbered.join(engine.frame(gone), on="_gone", how="anti").drop("_gone")
        yield connection, _Read(lines, list(orders.mapping), orders.currency)


def customers_in(orders: OrdersFile) -> list[str]:
    """Return the id of every customer in the file, as identities are kept."""
    with opened(orders) as (_, read):
        found: list[str] = engine.to_arrow(external_ids(read).sort("external_id"))["external_id"].to_pylist()
    return found


def compare(orders: OrdersFile, identities: pa.Table, without: Sequence[str] = ()) -> Compared:
    """Hold the lines to the lake's contract and count what writing them would change; nothing is written.

    Raises
    ------
    InputError
        When they break the contract.
    """
    contract = contract_of(LINES)
    with opened(orders, without) as (connection, read):
        incoming = _incoming(connection, read, identities, orders)
        check_columns(contract, incoming.columns, [str(kind) for kind in incoming.types])
        check_rows(contract, incoming)
        check_key(contract, incoming)
        return _counted(incoming, lake().table(LINES).filter(nw.col("source") == orders.source).to_native())


def _incoming(
    connection: duckdb.DuckDBPyConnection, read: _Read, identities: pa.Table, orders: OrdersFile
) -> duckdb.DuckDBPyRelation:
    """Return the rows as they would be stored."""
    known = connection.from_arrow(identities)
    rows: Any = lines_from(read, known, source=orders.source, currency=orders.currency).to_native()
    kinds = {column.name: column.kind for column in contract_of(LINES).columns}
    moments = {name for name in rows.columns if kinds[name] is MOMENT}
    zone = duckdb.ConstantExpression(orders.zone)
    local = [
        duckdb.FunctionExpression("timezone", zone, duckdb.ColumnExpression(name)).alias(name)
        if name in moments
        else duckdb.ColumnExpression(name).cast(kinds[name].sql).alias(name)
        for name in rows.columns
    ]
    stored: duckdb.DuckDBPyRelation = rows.select(*local).materialize()
    return stored


def _counted(incoming: duckdb.DuckDBPyRelation, stored: duckdb.DuckDBPyRelation) -> Compared:
    key = [name for name in contract_of(LINES).key if name != "source"]
    values = [name for name in incoming.columns if name not in key]
    hashed = ", ".join(f'"{name}"' for name in values)
    named = ", ".join(f'"{name}"' for name in key)
    ours = incoming.project(f"{named}, net_amount, hash({hashed}) as _hash").set_alias("i")
    theirs = stored.project(f"{named}, hash({hashed}) as _stored").set_alias("s")
    joined = ours.join(theirs, " and ".join(f'i."{name}" = s."{name}"' for name in key), how="left")
    new, changed = "_stored is null", "_stored is not null and _stored <> _hash"
    money = "coalesce(sum(net_amount) filter ({}), 0)::decimal(38, 4)"
    row = joined.aggregate(
        f"count(*) filter ({new}), count(*) filter ({changed}), count(*) filter (_stored = _hash), "
        f"{money.format(new)}, {money.format(changed)}"
    ).fetchall()[0]
    return Compared(*row)


def write(
    orders: OrdersFile, identities: pa.Table, *, recorded_at: datetime, without: Sequence[str] = ()
) -> Written | None:
    """Write the lines in one commit; the same lines again change nothing. None where every line was left aside."""
    with opened(orders, without) as (connection, read):
        rows = lines_from(read, connection.from_arrow(identities), source=orders.source, currency=orders.currency)
        if not engine.n_rows(read.lines):
            return None
        store = lake(memory_limit=JOB_MEMORY, threads=JOB_THREADS)
        return store.write(LINES, rows, source=orders.source, recorded_at=recorded_at, zone=orders.zone)


def write_products(file: Path, *, source: str, recorded_at: datetime) -> Written:
    """Write what the products of a file are called."""
    with reading(memory_limit=JOB_MEMORY, also=(file.parent,)) as connection:
        rows = engine.frame(connection.read_parquet(str(file)))
        named = rows.filter(~nw.col("product_id").is_null(), nw.col("product_id").str.len_chars() <= 200)
        return lake().write(PRODUCTS, named, source=source, recorded_at=recorded_at)
