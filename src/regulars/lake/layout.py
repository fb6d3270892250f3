"""Rows become Parquet files: one partition after another, sorted by customer, files and row groups of bounded size."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from duckdb import ColumnExpression, ConstantExpression

from regulars.lake.contract import Contract
from regulars.lake.log import File, discard, sync

FILE_ROWS = 1_000_000
"""Rows a file at most, but for one customer with more: what is sorted at once."""

ROW_GROUP = 51_200
"""Rows a row group: smaller ones make a customer's rows cheaper to read and the footers of all files dearer."""

_DEALT_ROWS = 40_000
"""Rows of one partition that dealing holds before it writes them: the default of half a million times many months
does not fit into the memory that writing gets, and spilling doubles the work."""

Relation = duckdb.DuckDBPyRelation


def deal(connection: duckdb.DuckDBPyConnection, rows: Relation, contract: Contract, room: Path) -> None:
    """Write rows as they come into one folder a partition: the first of two passes, instead of one great sort."""
    connection.execute(f"set partitioned_write_flush_threshold = {_DEALT_ROWS}")
    rows.project(f"*, {_partition(contract)} as _partition").to_parquet(
        str(room),
        partition_by=["_partition"],
        write_partition_columns=True,
        compression="lz4_raw",
        row_group_size=_DEALT_ROWS,
    )


def dealt(room: Path) -> list[str]:
    """Return the files that `deal` wrote."""
    return sorted(str(path) for path in room.glob("*/*.parquet"))


def lay_out(
    connection: duckdb.DuckDBPyConnection, rooms: Sequence[Path], contract: Contract, folder: Path
) -> list[File]:
    """Sort what was dealt out, a piece of a partition at a time, into new files of `folder`.

    The files are durable, but no version names them yet.
    """
    parts: dict[str, list[str]] = defaultdict(list)
    for room in rooms:
        for file in dealt(room):
            parts[Path(file).parent.name].append(file)
    columns = ", ".join(f'"{c.name}"' for c in contract.stored)
    files: list[File] = []
    try:
        for _, part in sorted(parts.items()):
            table = connection.read_parquet(part, hive_partitioning=False)
            value = _value(table, contract)
            for piece in _pieces(table.project(columns), part, contract):
                files.append(_write(piece, folder / f"{secrets.token_hex(16)}.parquet", contract, value))
    except BaseException:
        discard(files)
        raise
    sync(folder)
    return files


def _partition(contract: Contract) -> str:
    if contract.month_of:
        return f"""strftime("{contract.month_of}", '%Y-%m')"""
    # It becomes the name of a folder, which a value may be too long or too strange for.
    return f'md5("{contract.split_by}")' if contract.split_by else "'all'"


def _value(table: Relation, contract: Contract) -> str | None:
    """Return the value of the partition that a part belongs to."""
    if contract.partition is None:
        return None
    by = f'"{contract.split_by}"' if contract.split_by else "_partition"
    return str(table.limit(1).project(by).fetchall()[0][0])


def _pieces(table: Relation, part: Sequence[str], contract: Contract) -> Iterator[Relation]:
    """Cut a partition by ranges of its first sorted column into pieces that can be sorted in memory."""
    n = -(-sum(pq.read_metadata(file).num_rows for file in part) // FILE_ROWS)
    if n <= 1:
        yield table
        return
    by = ColumnExpression(contract.sort[0])
    shares = ", ".join(f"{i / n!r}" for i in range(1, n))
    found = table.aggregate(f'quantile_disc("{contract.sort[0]}", [{shares}])').fetchall()
    edges = sorted(set(found[0][0] or []))
    if not edges:
        yield table
        return
    yield table.filter((by < ConstantExpression(edges[0])) | by.isnull())
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        above = by >= ConstantExpression(low)
        yield table.filter(above if high is None else above & (by < ConstantExpression(high)))


def _write(piece: Relation, path: Path, contract: Contract, partition: str | None) -> File:
    order = ", ".join(f'"{name}" nulls last' for name in contract.sort)
    try:
        piece.order(order).to_parquet(str(path), compression="zstd", row_group_size=ROW_GROUP)
        sync(path)
        return _described(path, contract, partition)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _described(path: Path, contract: Contract, partition: str | None) -> File:
    """Return what the log says of a file, from the file's own footer."""
    metadata = pq.read_metadata(path)
    low = high = None
    nulls = 0
    if contract.pruned_by:
        index = metadata.schema.to_arrow_schema().get_field_index(contract.pruned_by)
        found = [metadata.row_group(i).column(index).statistics for i in range(metadata.num_row_groups)]
        nulls = sum(s.null_count or 0 for s in found)
        ranges = [(s.min, s.max) for s in found if s.has_min_max]
        low, high = (min(a for a, _ in ranges), max(b for _, b in ranges)) if ranges else (None, None)
    stat = path.stat()
    return File(path, stat.st_size, metadata.num_rows, partition, low, high, nulls, stat.st_mtime_ns // 1_000_000)
