"""The Delta log of one table: which files a version names, and committing others. Only this file knows delta-rs.

Statistics in the log are row counts and the range of the surrogate that files are sorted by, nothing else: what stands
in the log outlives the file it describes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable, Schema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, CommitProperties, PostCommitHookProperties, RemoveAction

from regulars.errors import InputError
from regulars.lake.contract import Contract
from regulars.words import T

_ADDED = "regulars.columnsAdded"
_CHECKPOINT_EVERY = 50
_CONFIGURATION = {"delta.enableExpiredLogCleanup": "false"}  # a valuation names versions; they stay nameable
_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)


@dataclass(frozen=True, slots=True)
class File:
    """One Parquet file of a table; `low` and `high` bound the pruning column where it has values at all."""

    path: Path
    size: int
    rows: int
    partition: str | None
    low: int | None
    high: int | None
    nulls: int
    written_ms: int


@dataclass(frozen=True, slots=True)
class Version:
    """What one version of a table names.

    Parameters
    ----------
    columns
        The columns it has; the contract may know more by now.
    mixed
        Whether a column was added after files were written: some files may lack it.
    """

    number: int
    files: list[File]
    columns: frozenset[str]
    mixed: bool


def _open(folder: Path, version: int | None = None) -> DeltaTable | None:
    try:
        return DeltaTable(folder, version=version)
    except TableNotFoundError:
        return None


def newest(folder: Path) -> int | None:
    """Return the number of the newest version; None where the table was never written."""
    table = _open(folder)
    return None if table is None else table.version()


def read(folder: Path, contract: Contract, at: int | None = None) -> Version | None:
    """Return a version, the newest by default; None where the table was never written.

    Raises
    ------
    InputError
        When there is no such version, or the log cannot be read.
    """
    try:
        table = _open(folder, at)
    except (DeltaError, OverflowError) as error:
        raise _no_version(contract, at, str(error)) from error
    if table is None:
        if at is not None:
            raise _no_version(contract, at, "")
        return None
    rows = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    return Version(
        table.version(),
        sorted((_file(folder, contract, row) for row in rows), key=lambda file: file.path),
        frozenset(field.name for field in table.schema().fields),
        _ADDED in table.metadata().configuration,
    )


def _no_version(contract: Contract, at: int | None, why: str) -> InputError:
    if at is None:
        first = (why.strip() or "?").splitlines()[0]
        return InputError(
            T(zh=f"读不了提交记录：{first}", en=f"the log cannot be read: {first}"),
            where=contract.name,
            remedy=T(zh="从备份恢复数据湖。", en="Restore the lake from a backup."),
        )
    return InputError(
        T(zh=f"没有第 {at} 版", en=f"there is no version {at}"),
        where=contract.name,
        remedy=T(zh="用快照里记下的版本。", en="Use a version that a snapshot names."),
    )


def _file(folder: Path, contract: Contract, row: dict[str, Any]) -> File:
    by = contract.pruned_by
    return File(
        folder / row["path"],
        row["size_bytes"],
        row["num_records"],
        row.get(f"partition.{contract.partition}"),
        row.get(f"min.{by}"),
        row.get(f"max.{by}"),
        row.get(f"null_count.{by}") or 0,
        row["modification_time"],
    )


def create(folder: Path, contract: Contract) -> Version:
    """Create the table, empty; return its first version."""
    schema = contract.schema
    if contract.month_of:
        schema = schema.append(pa.field(contract.partition, pa.string()))
    by = contract.pruned_by
    # Other writers of Delta would gather statistics of every column.
    skipping = {"delta.dataSkippingStatsColumns": by} if by else {"delta.dataSkippingNumIndexedCols": "0"}
    table = DeltaTable.create(
        folder,
        schema=schema,
        partition_by=[contract.partition] if contract.partition else None,
        configuration=_CONFIGURATION | skipping,
    )
    return Version(table.version(), [], frozenset(schema.names), mixed=False)


def add_columns(folder: Path, contract: Contract) -> None:
    """Give a table the columns that its contract has learned since; rows written before have nothing there."""
    table = DeltaTable(folder)
    have = {field.name for field in table.schema().fields}
    missing = [field for field in contract.schema if field.name not in have]
    if missing:
        table.alter.set_table_properties({_ADDED: "true"}, raise_if_not_exists=False)
        table.alter.add_columns(Schema.from_arrow(pa.schema(missing)).fields)


def commit(
    folder: Path, contract: Contract, added: Sequence[File], removed: Sequence[File], *, data_change: bool = True
) -> int:
    """Name `added` and no longer name `removed`, in one version; return it. Where that fails, `added` are removed.

    Raises
    ------
    InputError
        When a writer that does not know our lock was faster.
    """
    table = DeltaTable(folder)
    before = table.version()
    try:
        _transact(table, contract, added, removed, data_change)
    except BaseException as error:
        if newest(folder) == before:
            discard(added)
            raise
        if not isinstance(error, Exception):
            raise
        # Named in spite of the error: what it names must stay.
    table.update_incremental()
    # delta-rs leaves it to the system when the commit reaches the disk; what is acknowledged must be there.
    sync(folder / "_delta_log" / f"{table.version():020}.json")
    sync(folder / "_delta_log")
    if table.version() % _CHECKPOINT_EVERY == 0:
        with suppress(DeltaError, OSError):  # it only makes opening faster
            table.create_checkpoint()
    return table.version()


def _transact(
    table: DeltaTable, contract: Contract, added: Sequence[File], removed: Sequence[File], data_change: bool
) -> None:
    now_ms = max((file.written_ms for file in added), default=0)
    actions: list[AddAction | RemoveAction] = [_add(file, contract, data_change) for file in added]
    for file in removed:
        values = _partition_values(file, contract)
        actions.append(RemoveAction(file.path.name, data_change, now_ms, size=file.size, partition_values=values))
    try:
        table.create_write_transaction(
            actions,
            mode="append",
            schema=table.schema(),
            partition_by=[contract.partition] if contract.partition else None,
            commit_properties=CommitProperties(max_commit_retries=0),
            post_commithook_properties=_HOOKS,
        )
    except CommitFailedError as error:
        raise InputError(
            T(zh="另一个程序同时写了这张表", en="another program wrote this table at the same time"),
            where=contract.name,
            remedy=T(zh="再试一次；只用 Regulars 写数据湖。", en="Try again; let Regulars alone write the lake."),
        ) from error


def discard(files: Iterable[File]) -> None:
    """Remove files that no version names."""
    for file in files:
        file.path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file's contents, or a folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _partition_values(file: File, contract: Contract) -> dict[str, str | None]:
    return {contract.partition: file.partition} if contract.partition else {}


def _add(file: File, contract: Contract, data_change: bool) -> AddAction:
    stats: dict[str, Any] = {"numRecords": file.rows}
    by = contract.pruned_by
    if by:
        stats["nullCount"] = {by: file.nulls}
        if file.low is not None:
            stats |= {"minValues": {by: file.low}, "maxValues": {by: file.high}}
    return AddAction(
        path=file.path.name,
        size=file.size,
        partition_values=_partition_values(file, contract),
        modification_time=file.written_ms,
        data_change=data_change,
        stats=json.dumps(stats),
    )


def recent(folder: Path, keep: timedelta) -> list[int]:
    """Return the versions that were replaced less than `keep` before the newest was written."""
    table = _open(folder)
    written = {} if table is None else {commit["version"]: commit["timestamp"] for commit in table.history()}
    if not written:
        return []
    cut = max(written.values()) - keep / timedelta(milliseconds=1)
    return [version for version in written if written.get(version + 1, cut) > cut]
