"""A file of contract periods, read by the library's own ingest into one row a period."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from regulars.errors import InputError
from regulars.ingest import contract_columns
from regulars.ingest.columns import Found, Look
from regulars.ingest.contracts import CONTRACTS, ContractRows, read_contracts
from regulars.ingest.files import open_files
from regulars.web.importing.parsing import cells
from regulars.web.importing.parsing.limits import Limits
from regulars.web.importing.parsing.task import PERIODS, Task, words
from regulars.web.importing.parsing.told import map_file
from regulars.words import T

Tell = Callable[[T, float], None]

LOOKING = T(zh="查看单元格", en="looking at cells")
CANONICAL = tuple(name for name in contract_columns.NAMES if name not in ("tenure", "churned"))
DATES = ("started_on", "renewed_on", "ended_on")
NEED = ("customer_id", "started_on")
SCHEMA = pa.schema(
    [
        ("external_id", pa.string()),
        ("contract_id", pa.string()),
        ("period", pa.int64()),
        *((name, pa.date32()) for name in DATES),
        ("amount", pa.decimal128(38, 4)),
        ("currency", pa.string()),
    ]
)
UNDATED = T(
    zh="这里要一行一期、有开始日期的文件；一行一位客户（期数、是否流失）的文件请用命令 regulars contracts。",
    en="A file with one row a period and its start is needed here; files with one row a customer (tenure, churn) are "
    "for the command regulars contracts.",
)


def recognise(looks: dict[str, Look], given: dict[str, str]) -> list[Found]:
    """Return what is recognised by name."""
    wanted = {name: column for name, column in given.items() if column}
    found = contract_columns.recognise(looks, wanted)
    return [
        Found(name, column, "map" if name in wanted else "name")
        for name, column in found.items()
        if name in CANONICAL and given.get(name) != ""
    ]


def missing(found: list[Found]) -> list[str]:
    """Return what a file needs and has not."""
    there = {one.canonical for one in found}
    return [name for name in NEED if name not in there]


def read(task: Task, folder: Path, limits: Limits, connection: duckdb.DuckDBPyConnection, tell: Tell) -> dict[str, Any]:
    """Read the periods and leave them in `folder`.

    Raises
    ------
    InputError
        When the file or a cell cannot be used.
    """
    file = Path(task.file)
    cells.refuse_many(file, limits)
    tell(LOOKING, 0.02)
    _refuse_huge(file, task, limits, connection)
    if "started_on" not in {name for name, column in task.columns.items() if column}:
        raise InputError(T(zh="没有开始日期这一列", en="no column holds the start"), where=file.name, remedy=UNDATED)
    rows = read_contracts(
        file, connection=connection, map_file=map_file(task, folder), date_order=task.date_order or None  # type: ignore[arg-type]
    )  # fmt: skip
    if len(rows) > limits.rows:
        raise cells.too_many(file.name, len(rows), limits)
    _refuse_backwards(rows)
    _refuse_twice(rows)
    table = _table(rows)
    pq.write_table(table, folder / PERIODS)
    return _account(rows, table)


def _refuse_huge(file: Path, task: Task, limits: Limits, connection: duckdb.DuckDBPyConnection) -> None:
    source = open_files(file, connection, CONTRACTS)
    try:
        wanted = [column for column in task.columns.values() if column in source.columns]
        cells.refuse_huge(source, wanted or source.columns, limits)
    finally:
        source.keep.close()


def _refuse_backwards(rows: ContractRows) -> None:
    start, end = rows.columns["started_on"], rows.columns.get("ended_on")
    wrong = np.flatnonzero(end < start) if end is not None else np.zeros(0, dtype=np.int64)
    if len(wrong):
        i = int(wrong[0])
        assert end is not None
        raise InputError(
            T(zh=f"结束 {end[i]} 早于开始 {start[i]}", en=f"ends on {end[i]}, before it starts on {start[i]}"),
            where=rows.place(i),
            remedy=T(zh="改好这一行。", en="Repair this line."),
        )


def _refuse_twice(rows: ContractRows) -> None:
    """Refuse a period that stands there twice: by its number where the file has one, else by its start."""
    owner = rows.columns.get("contract_id", rows.columns["customer_id"])
    by = rows.columns.get("period", rows.columns["started_on"])
    seen: dict[tuple[str, str], int] = {}
    for i, key in enumerate(zip(map(str, owner), map(str, by), strict=True)):
        if key in seen:
            raise InputError(
                T(zh=f"合同 {key[0]} 的这一期出现了两次", en=f"this period of contract {key[0]} stands there twice"),
                where=rows.place(i),
                remedy=T(
                    zh="去掉一行；若一位客户有几份合同，指定合同编号这一列。",
                    en="Leave one out; where a customer holds several contracts, say which column has their numbers.",
                ),
            )
        seen[key] = i


def _table(rows: ContractRows) -> pa.Table:
    known, n = rows.columns, len(rows)

    def texts(name: str) -> list[str | None]:
        return [None if v is None else str(v) for v in known[name]] if name in known else [None] * n

    def days(name: str) -> list[Any]:
        return [None if np.isnat(d) else d.astype(object) for d in known[name]] if name in known else [None] * n

    columns: dict[str, list[Any]] = {
        "external_id": texts("customer_id"),
        "contract_id": texts("contract_id"),
        "period": [None if np.isnan(p) else int(p) for p in known["period"]] if "period" in known else [None] * n,
        **{name: days(name) for name in DATES},
        "amount": known["amount"].tolist() if "amount" in known else [None] * n,
        "currency": [rows.currency] * n,
    }
    if "renewed" in known:
        columns["renewed_on"] = _renewed(columns, known["renewed"])
    return pa.table(columns, SCHEMA)


def _renewed(columns: dict[str, list[Any]], said: Any) -> list[Any]:
    """Return a day for what is only said to be renewed: its end, or the last day that the file tells of, if sooner."""
    last = max(columns["started_on"])
    return [
        day or (min(end or last, last) if yes else None)
        for day, end, yes in zip(columns["renewed_on"], columns["ended_on"], said, strict=True)
    ]


def _account(rows: ContractRows, table: pa.Table) -> dict[str, Any]:
    money = sum((amount for amount in table["amount"].to_pylist() if amount is not None), Decimal(0))
    days = table["started_on"].to_pylist()
    contracts = table["contract_id"] if "contract_id" in rows.columns else table["external_id"]
    return {
        "rows": len(rows),
        "lines": len(rows),
        "customers": len(table["external_id"].unique()),
        "contracts": len(contracts.unique()),
        "money": str(money),
        "first": min(days).isoformat(),
        "last": max(days).isoformat(),
        "currency": rows.currency,
        "numbered": "period" in rows.columns,
        "mapping": [
            {"canonical": name, "column": column, "how": "map"}
            for name, column in rows.mapping.items()
            if name in CANONICAL
        ],
        "notes": [words(note) for note in _notes(rows)],
        "left_out": [],
    }


def _notes(rows: ContractRows) -> list[T]:
    found = []
    if "ended_on" not in rows.columns:
        found.append(T(zh="没有到期日：合同当作仍在继续。", en="There are no ends: contracts count as running."))
    if "amount" not in rows.columns:
        found.append(
            T(
                zh="没有金额：只看续约，不算价值。",
                en="There are no amounts: renewals are looked at, their value is not known.",
            )
        )
    if "contract_id" not in rows.columns:
        found.append(
            T(zh="没有合同编号：一位客户算一份合同。", en="There are no contract numbers: one contract a customer.")
        )
    return found
