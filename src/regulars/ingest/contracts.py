"""Contract periods from a file: one row a period with its dates, or one a customer with tenure and whether they left.

Contracts are few and each weighs: nothing is left out by rule, what cannot be read is refused with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from regulars import engine
from regulars.errors import InputError
from regulars.ingest import contract_columns as names
from regulars.ingest import mapping, moments, numerals
from regulars.ingest.columns import Look, is_number, look
from regulars.ingest.files import Wanted, open_files
from regulars.ingest.headers import listed
from regulars.ingest.options import DateOrder
from regulars.ingest.plan import moment_style
from regulars.ingest.source import Source
from regulars.ingest.tables import refuse_broken
from regulars.words import T

Days = npt.NDArray[np.datetime64]
Column = npt.NDArray[Any]

DATES = ("started_on", "ended_on", "renewed_on")
NUMBERS = ("amount", "tenure", "period")
YES = frozenset(
    listed("yes y true t 1 churned left cancelled renewed 是 流失 已流失 离网 已离网 退订 已退订 续约 已续约 已续")
)
NO = frozenset(listed("no n false f 0 stayed active retained 否 未流失 留存 在网 未离网 未退订 未续约 未续 不续"))

CONTRACTS = Wanted(names.known, lambda looks: not names.lacking(names.recognise(looks, {})))


@dataclass(frozen=True)
class ContractRows:
    """Rows of contracts in the file's order.

    Parameters
    ----------
    columns
        By canonical name: `customer_id` and `contract_id` as the source has them, dates as days (NaT: none), `amount`
        as Decimal (None: none), `tenure` and `period` as numbers, `churned` and `renewed` as truth (None: not said).
    features
        The columns asked for, numbers as floats (NaN: none), anything else as text (None: none).
    mapping
        Canonical name → source column.
    place
        File and line of a row by its position.
    """

    columns: Mapping[str, Column]
    features: Mapping[str, Column]
    mapping: Mapping[str, str]
    source: str
    currency: str | None
    place: Callable[[int], T]

    def __len__(self) -> int:
        return len(self.columns["customer_id"])


def read_contracts(
    path: Path,
    *,
    connection: duckdb.DuckDBPyConnection,
    features: Sequence[str] = (),
    map_file: Path | str | None = None,
    date_order: DateOrder | None = None,
) -> ContractRows:
    """Read a CSV, Excel or Parquet file, or a folder of these.

    Raises
    ------
    InputError
        When the file or a cell cannot be read, a column or feature is not there, a customer or a start is missing, an
        amount is negative, or amounts are in several currencies: what, which line, and what to do.
    """
    said = mapping.read_map(map_file, tuple(names.NAMES)) if map_file is not None else mapping.MapFile()
    source = open_files(path, connection, CONTRACTS)
    try:
        table = engine.persist(source.first_pass or source.table)
        refuse_broken(source)
        sample = engine.to_arrow(table.sort("_id").head(20_000))
        if sample.num_rows == 0:
            raise InputError(T(zh="没有数据行", en="there are no rows"), where=source.name)
        looks = look(sample.select(source.columns), dict(table.select(source.columns).collect_schema()))
        given = mapping.check_columns(said.columns, source.columns, map_file or "") if said.columns else {}
        found = names.recognise(looks, given)
        names.require(found, source.columns, source.name)
        return _Reader(source, table, looks, date_order or said.options.get("date_order")).rows(found, features)
    finally:
        source.keep.close()


class _Reader:
    def __init__(self, source: Source, table: engine.Frame, looks: Mapping[str, Look], order: DateOrder | None) -> None:
        self.source, self.table, self.looks, self.order = source, table, looks, order
        self.ids = np.sort(engine.to_arrow(table.select("_id"))["_id"].to_numpy())

    def rows(self, found: Mapping[str, str], features: Sequence[str]) -> ContractRows:
        columns: dict[str, Column] = {}
        for canonical, column in found.items():
            if canonical in DATES:
                columns[canonical] = self._dates(canonical, column)
            elif canonical in NUMBERS:
                columns[canonical] = self._amounts(column) if canonical == "amount" else self._numbers(column)
            elif canonical in ("churned", "renewed"):
                columns[canonical] = self._truths(column)
            else:
                columns[canonical] = self._keys(column)
        for canonical in ("customer_id", "started_on", "tenure"):
            if canonical in columns and not (canonical == "tenure" and "started_on" in columns):
                self._refuse(_absent(columns[canonical]), found[canonical], T(zh="是空的", en="is empty"))
        return ContractRows(
            columns, {name: self._feature(name) for name in dict.fromkeys(features)}, found, self.source.name,
            self._currency(columns.get("currency")), self.place,
        )  # fmt: skip

    def place(self, row: int) -> T:
        return self.source.place(int(self.ids[row]))

    def _column(self, frame: engine.Frame, name: str) -> pa.ChunkedArray:
        return engine.to_arrow(frame.sort("_id").select(name))[name]

    def _refuse(self, wrong: Column, column: str, what: T, remedy: T | None = None) -> None:
        at = np.flatnonzero(wrong)
        if len(at):
            text = T(zh="“{c}”{what}{more}", en="'{c}' {what}{more}").format(
                c=column, what=what, more=_more(len(at) - 1)
            )
            raise InputError(
                text, where=self.place(int(at[0])), remedy=remedy or T(zh="改好这一行。", en="Repair this line.")
            )

    def _dates(self, canonical: str, column: str) -> Days:
        texts: list[str] = []
        for _ in range(2):  # what does not read as the sample does tells how else dates are written here
            style = moment_style(self.source, column, self.looks[column], self.order, texts)
            read = moments.add_moment(self.table, column, "_at", style, zone=None, mac=self.source.mac)
            days = self._column(read.with_columns(nw.col("_at").cast(nw.Date).alias("_at")), "_at")
            raw = np.array(self._column(self.table, column).to_pylist(), dtype=object)
            found = days.to_numpy(zero_copy_only=False).astype("datetime64[D]")
            wrong = np.isnat(found) & np.array([v is not None and str(v).strip() != "" for v in raw])
            texts = [str(v) for v in raw[wrong][:50]]
            if not texts:
                return np.asarray(found)
        what = T(zh="里的 “{t}” 不是日期", en="holds '{t}', which is no date").format(t=texts[0])
        self._refuse(wrong, column, what)
        return np.asarray(found)

    def _read_number(self, column: str) -> pa.ChunkedArray:
        style = numerals.sniff(self.looks[column].texts, hint_comma=self.source.semicolons)
        values = self._column(numerals.add_number(self.table, column, "_number", style), "_number")
        raw = self._column(self.table, column).to_pylist()
        empty = np.array([v is None or str(v).strip() == "" for v in raw])
        wrong = values.is_null().to_numpy(zero_copy_only=False) & ~empty
        first = str(raw[int(np.argmax(wrong))])
        self._refuse(wrong, column, T(zh="里的 “{t}” 不是数字", en="holds '{t}', which is no number").format(t=first))
        return values

    def _numbers(self, column: str) -> Column:
        return np.array([np.nan if v is None else float(v) for v in self._read_number(column).to_pylist()])

    def _amounts(self, column: str) -> Column:
        values = np.array(self._read_number(column).to_pylist(), dtype=object)
        negative = np.array([v is not None and v < Decimal(0) for v in values])
        self._refuse(negative, column, T(zh="是负数", en="is negative"), T(
            zh="一期的金额不能是负数；退款请从金额里减去。", en="A period's amount is 0 or more: net refunds of it."
        ))  # fmt: skip
        return values

    def _truths(self, column: str) -> Column:
        raw = self._column(self.table, column).to_pylist()
        texts = ["" if v is None else str(v).strip().lower() for v in raw]
        texts = [t.removesuffix(".0").removesuffix(".") for t in texts]
        wrong = np.array([t != "" and t not in YES and t not in NO for t in texts])
        first = str(raw[int(np.argmax(wrong))])
        what = T(zh="里的 “{t}” 不是“是”或“否”", en="holds '{t}', which is neither yes nor no").format(t=first)
        self._refuse(wrong, column, what)
        return np.array([t in YES if t else None for t in texts], dtype=object)

    def _keys(self, column: str) -> Column:
        values = self._column(self.table, column).to_pylist()
        return np.array([(v.strip() or None) if isinstance(v, str) else v for v in values], dtype=object)

    def _feature(self, name: str) -> Column:
        if name not in self.source.columns:
            raise InputError(
                T(zh=f"数据里没有列 {name!r}", en=f"the data has no column {name!r}"),
                where="--feature",
                remedy=T(
                    zh=f"有的列是：{', '.join(self.source.columns[:30])}",
                    en=f"The columns are: {', '.join(self.source.columns[:30])}",
                ),
            )
        few = len({t.strip() for t in self.looks[name].texts}) <= 2  # 0 and 1 are words
        if is_number(self.looks[name]) and not (self.looks[name].texts and few):
            return self._numbers(name)
        values = self._column(self.table, name).to_pylist()
        return np.array([None if v is None or str(v).strip() == "" else str(v).strip() for v in values], dtype=object)

    def _currency(self, codes: Column | None) -> str | None:
        known = sorted({str(code).upper() for code in codes if code is not None}) if codes is not None else []
        if len(known) > 1:
            raise InputError(
                T(zh=f"金额混着几种货币：{'、'.join(known)}", en=f"amounts in several currencies: {', '.join(known)}"),
                where=self.source.name,
                remedy=T(zh="先换算成一种货币。", en="Turn them into one currency first."),
            )
        return known[0] if known else None


def _absent(values: Column) -> npt.NDArray[np.bool_]:
    if values.dtype.kind == "M":
        return np.isnat(values)
    return np.isnan(values) if values.dtype.kind == "f" else np.array([v is None for v in values])


def _more(others: int) -> T:
    if not others:
        return T(zh="", en="")
    return T(zh=f"（这样的还有 {others:,} 行）", en=f" (and in {others:,} more rows)")
