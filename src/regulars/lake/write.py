"""The write path: what comes in is new, changed or the same; what changes goes into new files, in one commit.

DuckDB does the work in bounded memory, delta-rs only commits. A killed writer leaves the last version as it was, and
files that no version names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

from regulars.engine import Frame
from regulars.lake import log
from regulars.lake.check import check_columns, check_key, check_rows
from regulars.lake.contract import MOMENT, RECORDED_AT, REVISION, SOURCE, Contract
from regulars.lake.layout import deal, dealt, lay_out
from regulars.lake.log import File, Version
from regulars.lake.read import scan

Relation = duckdb.DuckDBPyRelation


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did: rows new, changed and the same as stored, and the version that holds them."""

    new: int
    changed: int
    same: int
    version: int


def write_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    frame: Frame,
    *,
    source: str,
    recorded_at: datetime,
    zone: str | None,
    folder: Path,
    room: Path,
) -> Written:
    """Write a frame into its table; the caller holds the lock.

    Parameters
    ----------
    connection
        Where the work is done; the frame may live elsewhere.
    zone
        Whose local time moments without a zone are.
    room
        An empty folder for what lies between.

    Raises
    ------
    InputError
        When the frame breaks its contract; nothing is written.
    """
    staged = _stage(connection, contract, frame, room / "staged", zone)
    incoming = _stamped(connection, contract, staged, source, recorded_at)
    check_key(contract, incoming)
    before = log.read(folder, contract) or log.create(folder, contract)
    n = incoming.aggregate("count(*)").fetchall()[0][0]
    if n:
        deal(connection, _different(connection, contract, incoming, before, source), contract, room / "fresh")
    if not dealt(room / "fresh"):
        return Written(0, 0, n, before.number)
    fresh = connection.read_parquet(dealt(room / "fresh"))
    different, changed = fresh.aggregate("count(*), count(_file)").fetchall()[0]
    old = _holding(fresh, before.files) if changed else []
    if old:
        deal(connection, _kept(connection, contract, fresh, before, old), contract, room / "kept")
    log.add_columns(folder, contract)
    added = lay_out(connection, [room / "fresh", room / "kept"], contract, folder)
    version = log.commit(folder, contract, added, old)
    return Written(different - changed, changed, n - different, version)


def _stage(
    connection: duckdb.DuckDBPyConnection, contract: Contract, frame: Frame, target: Path, zone: str | None
) -> Relation:
    """Compute the frame once, into a file of our own, and hold it to its contract."""
    frame.sink_parquet(target)
    staged = connection.read_parquet(str(target / "*.parquet") if target.is_dir() else str(target))
    if zone is not None:
        staged = _in_zone(contract, staged, zone)
    check_columns(contract, staged.columns, [str(t) for t in staged.types])
    check_rows(contract, staged)
    return staged


def _in_zone(contract: Contract, staged: Relation, zone: str) -> Relation:
    """Take moments without a zone for local times of `zone`."""
    moments = {column.name for column in contract.columns if column.kind is MOMENT}
    local = {
        name: FunctionExpression("timezone", ConstantExpression(zone), ColumnExpression(name)).alias(name)
        for name, kind in zip(staged.columns, staged.types, strict=True)
        if name in moments and str(kind).startswith("TIMESTAMP") and "ZONE" not in str(kind)
    }
    return staged.select(*[local.get(name, ColumnExpression(name)) for name in staged.columns])


def _stamped(
    connection: duckdb.DuckDBPyConnection, contract: Contract, staged: Relation, source: str, recorded_at: datetime
) -> Relation:
    """Return every stored column but the revision, in the contract's types."""
    present = set(staged.columns)
    stamps = {SOURCE.name: ConstantExpression(source), RECORDED_AT.name: ConstantExpression(recorded_at)}
    return staged.select(
        *[
            (
                stamps[c.name]
                if c.name in stamps
                else ColumnExpression(c.name)
                if c.name in present
                else ConstantExpression(None)
            )
            .cast(c.kind.sql)
            .alias(c.name)
            for c in contract.stored
            if c is not REVISION
        ]
    )


def _key(contract: Contract) -> list[str]:
    return [name for name in contract.key if name != "source"]


def _values(contract: Contract) -> str:
    return ", ".join(f'"{c.name}"' for c in contract.columns if c.name not in contract.key) or "0"


def _different(
    connection: duckdb.DuckDBPyConnection, contract: Contract, incoming: Relation, before: Version, source: str
) -> Relation:
    """Return the rows that are new or changed with their revision; `_file` is the number of the old row's file."""
    if not before.files:
        return incoming.project("*, 1::bigint as revision, null::bigint as _file")
    stored = scan(connection, contract, before, before.files, extra="file_index as _file")
    if contract.by_source:
        stored = stored.filter(ColumnExpression("source") == ConstantExpression(source))
    key = ", ".join(f'"{name}"' for name in _key(contract))
    known = stored.project(f"{key}, revision as _revision, hash({_values(contract)}) as _hash, _file")
    on = " and ".join(f'i."{name}" = s."{name}"' for name in _key(contract))
    joined = incoming.set_alias("i").join(known.set_alias("s"), on, how="left")
    names = ", ".join(f'i."{c.name}"' for c in contract.stored if c is not REVISION)
    values = ", ".join(f'i."{c.name}"' for c in contract.columns if c.name not in contract.key) or "0"
    return joined.filter(f"s._hash is null or s._hash <> hash({values})").project(
        f"{names}, coalesce(s._revision, 0) + 1 as revision, s._file::bigint as _file"
    )


def _holding(fresh: Relation, files: list[File]) -> list[File]:
    """Return the files that hold old rows."""
    numbers = fresh.filter("_file is not null").project("_file").distinct().fetchall()
    return [files[number] for (number,) in sorted(numbers)]


def _kept(
    connection: duckdb.DuckDBPyConnection, contract: Contract, fresh: Relation, before: Version, old: list[File]
) -> Relation:
    """Return the rows of the old files that stay as they are."""
    on = " and ".join(f'o."{name}" = c."{name}"' for name in contract.key)
    changed = fresh.filter("_file is not null").project(", ".join(f'"{name}"' for name in contract.key))
    return scan(connection, contract, before, old).set_alias("o").join(changed.set_alias("c"), on, how="anti")
