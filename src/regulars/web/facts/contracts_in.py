"""Contract periods on their way into the lake: under surrogate ids, compared first, then written in one commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.lake import Written, contract_of
from regulars.lake.check import check_columns, check_key, check_rows
from regulars.web.facts.access import lake, reading
from regulars.web.facts.orders_in import JOB_MEMORY, JOB_THREADS

SUBSCRIPTIONS = "subscriptions"
KEY = ("contract_id", "period")
COLUMNS = ("contract_id", "period", "customer_id", "started_on", "renewed_on", "ended_on", "amount", "currency")
VALUES = tuple(name for name in COLUMNS if name not in KEY)


@dataclass(frozen=True, slots=True)
class ContractsFile:
    """Contract periods that were read from a file.

    Parameters
    ----------
    periods
        A Parquet file: ``external_id, contract_id, period, started_on, renewed_on, ended_on, amount, currency``.
    numbered
        Whether the file says which period each is; else they are numbered by their start, after those stored.
    """

    periods: Path
    source: str
    currency: str
    zone: str
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class ComparedPeriods:
    """What writing would do: periods read of the customers reached; new, changed and same ones, with their money."""

    read: int
    new: int
    changed: int
    same: int
    new_money: Decimal
    changed_money: Decimal


def contract_customers(file: ContractsFile) -> list[str]:
    """Return the id of every customer in the file."""
    with _reading(file) as connection:
        rows = connection.read_parquet(str(file.periods)).project("external_id").distinct().order("external_id")
        return [row[0] for row in rows.fetchall()]


def compare_contracts(file: ContractsFile, identities: pa.Table) -> ComparedPeriods:
    """Hold the periods to the lake's contract and count what writing them would change; nothing is written.

    Raises
    ------
    InputError
        When they break the contract.
    """
    contract = contract_of(SUBSCRIPTIONS)
    with _reading(file) as connection:
        read, incoming = _incoming(connection, file, identities)
        check_columns(contract, incoming.columns, [str(kind) for kind in incoming.types])
        check_rows(contract, incoming)
        check_key(contract, incoming)
        theirs = _hashed(_stored(file)).project("contract_id as _c, period as _p, _hash as _was")
        joined = _hashed(incoming).join(theirs, "contract_id = _c and period = _p", how="left")
        new, changed = "_was is null", "_was is not null and _was <> _hash"
        money = "coalesce(sum(amount) filter ({}), 0)::decimal(38, 4)"
        row = joined.aggregate(
            f"count(*) filter ({new}), count(*) filter ({changed}), count(*) filter (_was = _hash), "
            f"{money.format(new)}, {money.format(changed)}"
        ).fetchall()[0]
        return ComparedPeriods(read, *row)


def write_contracts(file: ContractsFile, identities: pa.Table, *, recorded_at: datetime) -> Written | None:
    """Write the periods in one commit; the same again change nothing. None where none is of a customer reached."""
    with _reading(file) as connection:
        read, rows = _incoming(connection, file, identities)
        if not read:
            return None
        store = lake(memory_limit=JOB_MEMORY, threads=JOB_THREADS)
        return store.write(
            SUBSCRIPTIONS, engine.frame(rows), source=file.source, recorded_at=recorded_at, zone=file.zone
        )


@contextmanager
def _reading(file: ContractsFile) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading(memory_limit=JOB_MEMORY, threads=JOB_THREADS, also=(file.periods.parent,)) as connection:
        yield connection


def _stored(file: ContractsFile) -> duckdb.DuckDBPyRelation:
    """Return what is stored of this source."""
    known: duckdb.DuckDBPyRelation = (
        lake().table(SUBSCRIPTIONS).filter(nw.col("source") == file.source).select(*COLUMNS).to_native()
    )
    return known


def _hashed(rows: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    return rows.project(f"contract_id, period, amount, hash({', '.join(VALUES)}) as _hash")


def _incoming(
    connection: duckdb.DuckDBPyConnection, file: ContractsFile, identities: pa.Table
) -> tuple[int, duckdb.DuckDBPyRelation]:
    """Return how many rows of the file count, and the rows to store; those without a number get one.

    A contract without a number of its own is its customer's: the number that the source gives a customer may be a
    phone and does not go to the lake. Periods without numbers are those of the contract in the order of their starts,
    the stored ones among them, so that a file of new periods alone goes on where the last one ended.
    """
    known = connection.from_arrow(identities).set_alias("k")
    read = connection.read_parquet(str(file.periods)).set_alias("f")
    currency = duckdb.ConstantExpression(file.currency)
    named = (
        read.join(known, "f.external_id = k.external_id")
        .project(
            "coalesce(f.contract_id, 'customer-' || k.customer_id) as contract_id, f.period as period, "
            "k.customer_id as customer_id, f.started_on as started_on, f.renewed_on as renewed_on, "
            "f.ended_on as ended_on, f.amount as amount"
        )
        .select("*", currency.alias("currency"))
    )
    if not file.numbered:
        named = _numbered(named, _stored(file))
    kinds = {column.name: column.kind for column in contract_of(SUBSCRIPTIONS).columns}
    typed = named.select(*[duckdb.ColumnExpression(name).cast(kinds[name].sql).alias(name) for name in COLUMNS])
    counted = read.join(known, "f.external_id = k.external_id").aggregate("count(*)").fetchall()[0][0]
    rows: duckdb.DuckDBPyRelation = typed.materialize()
    return int(counted), rows


def _numbered(fresh: duckdb.DuckDBPyRelation, stored: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    plain = "contract_id, customer_id, started_on, renewed_on, ended_on, amount, currency"
    touched = stored.join(fresh.project("contract_id as _c").distinct(), "contract_id = _c", how="semi")
    both = fresh.project(f"{plain}, null::bigint as _was, 0 as _old").union(
        touched.project(f"{plain}, period as _was, 1 as _old")
    )
    newest = both.project(
        "*, row_number() over (partition by contract_id, started_on order by _old) as _rank, "
        "coalesce(min(_was) over (partition by contract_id), 1) as _first"
    ).filter("_rank = 1")
    order = "row_number() over (partition by contract_id order by started_on)"
    return newest.project(f"{plain}, (_first - 1 + {order})::bigint as period")
