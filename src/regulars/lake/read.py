"""Reading: the files that the Delta log names, fewer where customers are named, straight by DuckDB."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import duckdb
import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.engine import Frame
from regulars.errors import InputError
from regulars.lake.contract import Contract
from regulars.lake.log import File, Version
from regulars.words import T

_FEW = 50
"""Customers that are named in the query itself, where row groups are skipped by them."""


def scan(
    connection: duckdb.DuckDBPyConnection, contract: Contract, version: Version, files: Sequence[File], extra: str = ""
) -> duckdb.DuckDBPyRelation:
    """Return every stored column of `files`, null where the version does not have it yet; `extra` adds to them."""
    relation = connection.read_parquet(
        [str(file.path) for file in files], hive_partitioning=False, union_by_name=version.mixed
    )
    have = set(relation.columns) & version.columns
    columns = [f'"{c.name}"' if c.name in have else f'null::{c.kind.sql} as "{c.name}"' for c in contract.stored]
    return relation.project(", ".join([*columns, *([extra] if extra else [])]))


def rows_of(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    version: Version | None,
    customers: Sequence[int] | None,
) -> Frame:
    """Return the rows of a version as a lazy frame; with `customers`, theirs alone.

    Raises
    ------
    InputError
        When a file is gone: the version was tidied away.
    """
    files = version.files if version else []
    if customers is not None:
        if contract.pruned_by != "customer_id":
            raise InputError(
                T(zh="这张表不按客户排列", en="the table is not kept by customer"),
                where=contract.name,
                remedy=T(zh="不带 customers 读它。", en="Read it without `customers`."),
            )
        wanted = sorted({int(customer) for customer in customers})
        files = [file for file in files if _holds_any(file, wanted)]
    if version is None or not files:
        return _nothing(connection, contract)
    refuse_gone(contract, files)
    table = engine.frame(scan(connection, contract, version, files))
    return table if customers is None else _of_customers(table, wanted)


def _holds_any(file: File, wanted: Sequence[int]) -> bool:
    if file.low is None or file.high is None:
        return False
    first = bisect_left(wanted, file.low)
    return first < len(wanted) and wanted[first] <= file.high


def _of_customers(table: Frame, wanted: Sequence[int]) -> Frame:
    who = nw.col("customer_id")
    if len(wanted) == 1:
        return table.filter(who == wanted[0])
    if len(wanted) <= _FEW:
        return table.filter(who.is_in(wanted))
    known = engine.lookup(table, pa.table({"customer_id": pa.array(wanted, pa.int64())}))
    return table.join(known, on="customer_id", how="semi")


def _nothing(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Frame:
    columns = ", ".join(f'null::{c.kind.sql} as "{c.name}"' for c in contract.stored)
    return engine.frame(connection.sql(f"select {columns} where false"))


def refuse_gone(contract: Contract, files: Sequence[File]) -> None:
    """Refuse a version whose files were tidied away.

    Raises
    ------
    InputError
    """
    if all(file.path.exists() for file in files):
        return
    raise InputError(
        T(zh="这一版的文件已经清理掉了", en="the files of this version were tidied away"),
        where=contract.name,
        remedy=T(zh="要长期保留的快照，先用 pin 固定。", en="Pin the snapshots that are to be kept."),
    )
