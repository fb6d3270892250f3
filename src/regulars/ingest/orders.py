"""The way from a file or frame to order lines that count, with everything left out accounted for."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.errors import InputError
from regulars.ingest import duplicates, files, finish, mapping, notes, plan, products, returns, rules
from regulars.ingest import lines as typed_lines
from regulars.ingest.columns import Found, Look
from regulars.ingest.lines import Plan
from regulars.ingest.options import ReadOptions
from regulars.ingest.rules import Exclusion
from regulars.ingest.source import Source, from_frame
from regulars.ingest.state import Days, State, by_day
from regulars.words import T

Progress = Callable[[T, float], None]
"""Called with what is being done and the share done so far."""

_ATTEMPTS = 3
_UNREADABLE = sum(rules.BIT[r] for r in rules.UNREADABLE)

GAP_DAYS = 90
RARE = 10_000


@dataclass(frozen=True, slots=True)
class Orders:
    """Order lines that count, and the account of what does not.

    Parameters
    ----------
    lines
        One row an order line, computed once; columns as in the contract of order lines.
    rejected
        One row a rejected or left-out row: `source, row, column, reason, value, money`.
    left_out
        What was left out, by reason in their precedence.
    mapping
        Which source column is which: ``{"canonical", "column", "how"}``.
    notes
        What a reader should know about how the data was read.
    as_of, first_date
        The valuation date and the first business date among the lines.
    currency
        The currency of the amounts where it is known.
    has_cost
        Whether lines carry costs.
    n_rows_read
        Rows read, broken lines among them.
    held
        What `release` gives back.
    """

    lines: engine.Frame
    rejected: engine.Frame
    left_out: list[Exclusion]
    mapping: list[dict[str, str]]
    notes: list[T]
    as_of: date
    first_date: date
    currency: str | None
    has_cost: bool
    n_rows_read: int
    n_lines: int
    source: str
    held: list[engine.Frame] = field(default_factory=list, repr=False)

    def release(self) -> None:
        """Give back the room of the lines; they must not be read afterwards."""
        for frame in self.held:
            engine.release(frame)
        self.held.clear()

    def mapping_toml(self) -> str:
        """Return the mapping as a file that `--map` takes."""
        return mapping.as_toml([Found(m["canonical"], m["column"], "map") for m in self.mapping])


def _own_connection() -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB that spills into a temporary folder, removed when the connection is forgotten."""
    spill = tempfile.TemporaryDirectory(prefix="regulars-")
    connection = duckdb.connect(":memory:", config={"temp_directory": spill.name})
    connection.execute("set timezone = 'UTC'")
    weakref.finalize(connection, spill.cleanup)
    return connection


def _open(source: Any, connection: duckdb.DuckDBPyConnection | None) -> Source:
    if isinstance(source, str | Path):
        return files.open_files(Path(source), connection or _own_connection())
    return from_frame(source, connection)


def last_day(usable: dict[date, int]) -> tuple[date, int]:
    """Return the last date of the data and how many rows lie beyond it, isolated in the future.

    Dates after a gap of more than 90 days that hold fewer than one row in 10,000 are isolated.
    """
    days = list(usable)
    total, beyond = sum(usable.values()), 0
    last, cut = days[-1], 0
    for i in range(len(days) - 1, 0, -1):
        beyond += usable[days[i]]
        if beyond * RARE >= total:
            break
        if days[i] - days[i - 1] > timedelta(days=GAP_DAYS):
            last, cut = days[i - 1], beyond
    return last, cut


def read_orders(
    source: Any,
    *,
    options: ReadOptions | None = None,
    connection: duckdb.DuckDBPyConnection | None = None,
    progress: Progress | None = None,
) -> Orders:
    """Read an orders file, folder or frame into order lines.

    Parameters
    ----------
    source
        The path of a CSV, TSV, Excel or Parquet file or of a folder of these, or a table of DuckDB, Polars, PySpark,
        PyArrow or pandas.
    options
        What the data cannot say for itself.
    connection
        The DuckDB connection to read files on; default: one of our own, in memory.
    progress
        Called between the steps.

    Returns
    -------
    Orders
        The lines that count, in DECIMAL amounts and business dates, and the account of what was left out.

    Raises
    ------
    InputError
        When the source cannot be read, a required column is missing or ambiguous, more than the allowed share of rows
        is unreadable, or no usable line remains: what, where, and what to do.
    """
    asked = options or ReadOptions()
    said = mapping.read_map(asked.map_file) if asked.map_file is not None else mapping.MapFile()
    asked = mapping.apply(said, asked)
    tell: Progress = progress or (lambda _what, _share: None)
    tell(T(zh="打开文件", en="opening"), 0.0)
    opened = _open(source, connection)
    try:
        return _read(opened, asked, said, tell)
    except duckdb.Error as error:
        raise _engine_refused(opened, error) from error
    finally:
        opened.keep.close()


def _engine_refused(opened: Source, error: duckdb.Error) -> Exception:
    if isinstance(error, duckdb.OutOfMemoryException):
        return error
    first = str(error).strip().splitlines()[0]
    return InputError(
        T(zh=f"读取失败：{first}", en=f"reading failed: {first}"),
        where=opened.name,
        remedy=T(
            zh="重新导出这个文件，或另存为 UTF-8 的 CSV。", en="Export the file again, or save it as CSV in UTF-8."
        ),
    )


def _read(opened: Source, asked: ReadOptions, said: mapping.MapFile, tell: Progress) -> Orders:
    found, looks = plan.find_columns(opened, asked, said)
    how = plan.make_plan(opened, found, looks, asked)
    asked = replace(asked, currency=plan.settle_currency(opened, how, asked))
    how = replace(how, currency=asked.currency)
    tell(T(zh="读取订单行", en="reading lines"), 0.1)
    how, lines, days, cells = _first_pass(opened, asked, found, looks, how)
    broken = opened.broken()
    return _account(State(opened, asked, found, how, lines, days, cells, broken), tell)


def _first_pass(
    opened: Source, asked: ReadOptions, found: list[Found], looks: dict[str, Look], how: Plan
) -> tuple[Plan, engine.Frame, Days, engine.Frame | None]:
    """Read the lines; where cells do not read, learn from them how else they are written, and read again."""
    table = opened.first_pass if opened.first_pass is not None else opened.table
    odd: dict[str, list[str]] = {}
    for _ in range(_ATTEMPTS):
        lines = engine.persist(typed_lines.typed(table, how, without=asked.without))
        days = Days(by_day(lines))
        if not any(row["flags"] & _UNREADABLE for row in days.table.to_pylist()):
            return how, lines, days, None
        cells = engine.persist(typed_lines.unreadable(opened.table, how))
        for column, texts in finish.odd_cells(cells).items():
            odd.setdefault(column, []).extend(texts)
        again = replace(plan.make_plan(opened, found, looks, asked, odd=odd), currency=how.currency)
        if again == how:
            break
        how, table = again, opened.table
        engine.release(lines)
        engine.release(cells)
    else:
        lines = engine.persist(typed_lines.typed(table, how, without=asked.without))
        days, cells = Days(by_day(lines)), engine.persist(typed_lines.unreadable(table, how))
    return how, lines, days, cells


def _repeats(state: State) -> tuple[engine.Frame | None, pa.Table | None]:
    """Return the ids of duplicates and their rows and money by bits and day."""
    if "order_id" not in state.how.columns:
        return None, None
    own = state.opened.table.select("_id", *state.opened.columns)
    ids = duplicates.find(state.lines, own)
    if ids is None:
        return None, None
    return ids, by_day(state.lines.join(ids, on="_id", how="semi"))


def _account(state: State, tell: Progress) -> Orders:
    n_rows = sum(state.days.table["n"].to_pylist()) + state.broken.num_rows
    finish.refuse_unreadable(state, n_rows)
    tell(T(zh="查重复", en="looking for duplicates"), 0.5)
    usable = state.days.usable()
    finish.refuse_unusable(state, usable, n_rows)
    isolated = 0
    as_of = state.asked.as_of
    if as_of is None:
        as_of, isolated = last_day(usable)
    finish.refuse_early(as_of, usable, state.opened.name)
    ids, repeats = _repeats(state)
    left_out = rules.tally(
        {b: both for b, both in state.days.combinations(as_of, repeats).items() if b}, state.broken.num_rows
    )
    good = state.lines.filter(nw.col("flags") == 0, nw.col("at").cast(nw.Date) <= as_of)
    if ids is not None:
        good = good.join(ids, on="_id", how="anti")
    tell(T(zh="匹配退货", en="linking returns"), 0.6)
    names = set(state.lines.collect_schema().names())
    n_back = state.days.sum("n_back")
    prefixes = returns.credit_prefixes(good) if n_back and _textual(state.lines, "order_id") else []
    back = finish.is_return(prefixes)
    links = returns.link(good, is_return=back) if n_back else None
    tell(T(zh="识别非商品行", en="telling products from fees"), 0.8)
    odd_codes = products.find(good, levels="service" in names) if "product_id" in names else []
    lines = finish.lines(state, good, back=back, links=links, odd_codes=odd_codes)
    tally = finish.count(lines)
    finish.refuse_only_returns(state, tally)
    held = [f for f in (state.lines, ids, links, state.cells) if f is not None]
    tell(T(zh="读完", en="read"), 1.0)
    return Orders(
        lines=lines,
        rejected=finish.rejected(state, ids, as_of),
        left_out=left_out,
        mapping=[f.as_dict() for f in state.found],
        notes=notes.write(state, as_of=as_of, isolated=isolated, tally=tally, odd_codes=odd_codes, prefixes=prefixes),
        as_of=as_of,
        first_date=tally.first_date or as_of,
        currency=state.asked.currency,
        has_cost=bool({"cost_amount", "unit_cost"} & set(state.how.columns)),
        n_rows_read=n_rows,
        n_lines=tally.n,
        source=state.opened.name,
        held=held,
    )


def _textual(lines: engine.Frame, column: str) -> bool:
    schema = lines.collect_schema()
    return column in schema.names() and schema[column] == nw.String
