"""The last steps: lines in the contract's shape, the rejected rows, and the refusals where nothing usable remains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.errors import InputError
from regulars.ingest import rules
from regulars.ingest.lines import GROUP
from regulars.ingest.source import FILE_SPAN, Source
from regulars.ingest.state import State
from regulars.words import T

_FEW_BREAKS = 200
_SAMPLE_CELLS = 10_000
_UNREADABLE = sum(rules.BIT[rule] for rule in rules.UNREADABLE)
_COLUMN_OF = {
    "no_customer": ("customer_id",),
    "zero_price": ("net_amount", "unit_price"),
    "stock_adjustment": ("quantity",),
    "after_as_of": ("ordered_at",),
    "duplicate": ("order_id",),
}


def odd_cells(cells: engine.Frame) -> dict[str, list[str]]:
    """Return, by source column, different cells that could not be read."""
    few = engine.to_arrow(engine.distinct(cells, "column", "value").sort("column", "value").head(_SAMPLE_CELLS))
    found: dict[str, list[str]] = {}
    for row in few.to_pylist():
        if row["column"] is not None and row["value"] is not None and row["value"].strip():
            found.setdefault(row["column"], []).append(row["value"])
    return found


def is_return(prefixes: Sequence[str]) -> nw.Expr:
    """Return whether a line gives something back: negative, or on a credit note."""
    back = (nw.col("quantity") < 0) | (nw.col("net_amount") < 0)
    for prefix in prefixes:
        back = back | nw.col("order_id").str.contains(f"^{prefix}[0-9]").fill_null(value=False)
    return back


def _edges(opened: Source, broken: pa.Table) -> tuple[list[int], dict[int, int]]:
    """Return the `_id`s from which rows lie one line further down, and how many such there are before each file."""
    edges, before, seen = [], {}, 0
    rows = broken.to_pylist()
    for file in range(len(opened.labels)):
        before[file] = seen
        mine = [r["row"] for r in rows if r["file"] == file]
        first = opened.first_rows[file] or 0
        edges += [file * FILE_SPAN + row - first - i for i, row in enumerate(mine)]
        seen += len(mine)
    return edges, before


def with_place(table: engine.Frame, opened: Source, broken: pa.Table) -> engine.Frame:
    """Add `source` and `row`, the file and the line in it, from `_id`."""
    edges, before = _edges(opened, broken)
    if edges and len(edges) <= _FEW_BREAKS:
        table = engine.bucket(table, "_id", edges, name="_shift")
    elif edges:
        steps = pa.table({"_one": [1] * len(edges), "_edge": edges, "_shift": list(range(1, len(edges) + 1))})
        right = engine.lookup(table, steps).group_by("_one", "_edge").agg(nw.col("_shift").max())
        left = table.with_columns(nw.col("_id").alias("_edge"), nw.lit(1).cast(nw.Int64).alias("_one"))
        table = engine.asof_join(left, right, on="_edge", by=["_one"], take=["_shift"]).drop("_edge", "_one")
        table = table.with_columns(nw.col("_shift").fill_null(0))
    else:
        table = table.with_columns(nw.lit(0).cast(nw.Int64).alias("_shift"))
    ordinal = (nw.col("_id") % FILE_SPAN + nw.col("_shift")).cast(nw.Int64)
    if len(opened.labels) == 1:
        first = opened.first_rows[0]
        row = nw.lit(None, dtype=nw.Int64) if first is None else (ordinal + first).cast(nw.Int64)
        return table.with_columns(nw.lit(opened.labels[0]).alias("source"), row.alias("row")).drop("_shift")
    places = pa.table(
        {
            "_file": list(range(len(opened.labels))),
            "source": opened.labels,
            "_first": [(first or 0) - before[i] for i, first in enumerate(opened.first_rows)],
        }
    )
    table = table.with_columns((nw.col("_id") // FILE_SPAN).cast(nw.Int64).alias("_file"))
    table = table.join(engine.lookup(table, places), on="_file", how="left")
    return table.with_columns((ordinal + nw.col("_first")).cast(nw.Int64).alias("row")).drop(
        "_file", "_first", "_shift"
    )


LINE_COLUMNS = (
    "source", "row", "order_id", "line_no", "customer_id", "ordered_at", "business_date", "product_id", "category",
    "quantity", "net_amount", "cost_amount", "currency", "channel", "store", "kind", "returns_order_id",
    "named_order_id", "occasion_date", "is_product",
)  # fmt: skip
_OPTIONAL_TEXTS = ("category", "channel", "store")


def lines(
    state: State, good: engine.Frame, *, back: nw.Expr, links: engine.Frame | None, odd_codes: Sequence[Any]
) -> engine.Frame:
    """Return the lines that count in the contract's shape; what the file does not have is null.

    A return that names an order of another file keeps that name in `named_order_id`, by which the lake links it.
    """
    names = set(good.collect_schema().names())
    day = nw.col("at").cast(nw.Date)
    table = good.with_columns(day.alias("business_date"), back.alias("_back"))
    none = nw.lit(None, dtype=nw.String)
    if links is None:
        table = table.with_columns(nw.col("business_date").alias("occasion_date"), none.alias("linked_order"))
    else:
        table = table.join(links, on="_id", how="left")
        table = table.with_columns(nw.coalesce(nw.col("occasion_date"), nw.col("business_date")).alias("occasion_date"))
    table = with_place(table, state.opened, state.broken)
    is_product = ~nw.col("product_id").is_in(list(odd_codes)) if odd_codes else nw.lit(value=True)
    currency = nw.lit(state.asked.currency) if state.asked.currency is not None else none
    named = nw.col("returns_order_id").cast(nw.String) if "returns_order_id" in names else none
    shaped = {
        "order_id": nw.col("order_id").cast(nw.String) if "order_id" in names else none,
        "line_no": nw.col("line_no").cast(nw.Int64) if "line_no" in names else nw.lit(None, dtype=nw.Int64),
        "product_id": nw.col("product_id").cast(nw.String) if "product_id" in names else none,
        "ordered_at": nw.col("at").cast(nw.Datetime("us")),
        "quantity": nw.col("quantity").cast(engine.MONEY),
        "net_amount": nw.col("net_amount").cast(engine.MONEY),
        "cost_amount": nw.col("cost_amount").cast(engine.MONEY)
        if "cost_amount" in names
        else nw.lit(None).cast(engine.MONEY),
        "currency": currency,
        "kind": nw.when(nw.col("_back")).then(nw.lit("return")).otherwise(nw.lit("sale")),
        "returns_order_id": nw.col("linked_order"),
        "named_order_id": nw.when(nw.col("_back") & nw.col("linked_order").is_null()).then(named),
        "is_product": is_product.fill_null(value=True) if odd_codes else is_product,
        **{c: none for c in _OPTIONAL_TEXTS if c not in names},
    }
    more = [GROUP] if GROUP in names else []
    return table.select(*[shaped[c].alias(c) if c in shaped else nw.col(c) for c in (*LINE_COLUMNS, *more)])


@dataclass(frozen=True, slots=True)
class Tally:
    """What the lines that count amount to."""

    n: int
    n_sales: int
    n_returns: int
    n_unlinked: int
    n_zero: int
    n_other: int
    first_date: date | None


def count(table: engine.Frame) -> Tally:
    """Count the lines in one query."""

    def number(condition: nw.Expr, name: str) -> nw.Expr:
        return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum().cast(nw.Int64).alias(name)

    sale, back = nw.col("kind") == "sale", nw.col("kind") == "return"
    row = engine.to_arrow(
        table.select(
            nw.len().alias("n"),
            number(sale, "n_sales"),
            number(back, "n_returns"),
            number(
                back & nw.col("returns_order_id").is_null() & (nw.col("occasion_date") == nw.col("business_date")),
                "n_unlinked",
            ),
            number(sale & (nw.col("net_amount") == 0), "n_zero"),
            number(~nw.col("is_product"), "n_other"),
            nw.col("business_date").min().alias("first_date"),
        )
    ).to_pylist()[0]
    first = row.pop("first_date")
    return Tally(first_date=first, **{k: int(v or 0) for k, v in row.items()})


def _source_column(state: State, reason: str) -> str | None:
    columns = state.how.columns
    return next((columns[c] for c in _COLUMN_OF.get(reason, ()) if c in columns), None)


def rejected(state: State, repeats: engine.Frame | None, as_of: date) -> engine.Frame:
    """Return every row that does not count: `source, row, column, reason, value, money`."""
    late = nw.when(nw.col("at").cast(nw.Date) > as_of).then(rules.BIT["after_as_of"]).otherwise(0)
    bits = nw.col("flags").cast(nw.Int64) + late
    table = state.lines.select("_id", "at", "flags", "net_amount")
    if repeats is not None:
        marked = repeats.with_columns(nw.lit(rules.BIT["duplicate"]).alias("_repeat"))
        table = table.join(marked, on="_id", how="left")
        bits = bits + nw.col("_repeat").fill_null(0)
    table = table.with_columns(bits.alias("_bits")).filter(nw.col("_bits") > 0)
    table = table.with_columns(rules.first_reason("_bits").alias("reason"))
    none = nw.lit(None, dtype=nw.String)
    if state.cells is not None:
        table = table.join(state.cells, on="_id", how="left")
    else:
        table = table.with_columns(none.alias("column"), none.alias("value"))
    column = nw.col("column")
    for reason in _COLUMN_OF:
        name = _source_column(state, reason)
        if name is not None:
            column = nw.when(nw.col("reason") == reason).then(nw.lit(name)).otherwise(column)
    table = with_place(table.with_columns(column.alias("column")), state.opened, state.broken)
    order = ["source", "row", "column", "reason", "value", "money"]
    table = table.with_columns(nw.col("net_amount").cast(engine.MONEY).alias("money")).select(order)
    if not state.broken.num_rows:
        return table
    labels = state.opened.labels
    lost = pa.table(
        {
            "source": [labels[f] for f in state.broken["file"].to_pylist()],
            "row": state.broken["row"],
            "column": pa.nulls(state.broken.num_rows, pa.string()),
            "reason": [rules.BROKEN_LINE] * state.broken.num_rows,
            "value": state.broken["value"],
            "money": pa.nulls(state.broken.num_rows, pa.decimal128(38, 4)),
        }
    )
    return nw.concat([engine.lookup(table, lost).select(order), table], how="vertical")


def _first_unreadable(state: State) -> tuple[T | str, str]:
    """Return where the first row is that cannot be read, and what stands there."""
    if state.broken.num_rows:
        row = state.broken.to_pylist()[0]
        label = state.opened.labels[row["file"]]
        return T(zh=f"{label}，第 {row['row']} 行", en=f"{label}, row {row['row']}"), row["value"] or ""
    assert state.cells is not None
    place = with_place(state.cells.sort("_id").head(1), state.opened, state.broken)
    row = engine.to_arrow(place).to_pylist()[0]
    zh, en = (f"，第 {row['row']} 行", f", row {row['row']}") if row["row"] is not None else ("", "")
    where = T(zh=f"{row['source']}{zh}，列 {row['column']}", en=f"{row['source']}{en}, column {row['column']}")
    return where, row["value"] or ""


_NO_OTHER_WAY = T(zh="改正这一列，或用 --map 换一列。", en="Correct the column, or choose another with --map.")
_OR_ALLOW_MORE = T(
    zh="改正这一列，用 --map 换一列；这些行不要了，就加 --max-rejected {share}。",
    en="Correct the column or choose another with --map; to do without these rows, add --max-rejected {share}.",
)


def refuse_unreadable(state: State, n_rows: int) -> None:
    """Refuse a source with more unreadable rows than allowed, naming the first.

    Raises
    ------
    InputError
    """
    bad = sum(r["n"] for r in state.days.table.to_pylist() if r["flags"] & _UNREADABLE) + state.broken.num_rows
    if bad <= state.asked.max_rejected * n_rows:
        return
    where, value = _first_unreadable(state)
    shown = value if len(value) <= 40 else value[:40] + "…"
    share = f"{100 * bad / n_rows:.3g}"
    raise InputError(
        T(
            zh=f"{bad:,} 行（{share}%）读不出，第一处是 {shown!r}",
            en=f"{bad:,} rows ({share} %) cannot be read, the first is {shown!r}",
        ),
        where=where,
        remedy=_NO_OTHER_WAY if bad > 0.98 * n_rows else _OR_ALLOW_MORE.format(share=_beyond(bad / n_rows)),
    )


def _beyond(share: float) -> str:
    """Return a share to allow, in hundredths, that lets `share` pass."""
    return f"{(math.floor(100 * share) + 1) / 100:g}"


def refuse_unusable(state: State, usable: dict[date, int], n_rows: int) -> None:
    """Refuse a source in which every row was left out, naming the main reason.

    Raises
    ------
    InputError
    """
    if usable:
        return
    combinations = state.days.combinations(date.max, None)
    left = rules.tally(combinations, state.broken.num_rows)
    main = max(left, key=lambda e: e.rows)
    raise InputError(
        T(
            zh=f"{n_rows:,} 行里没有一行可用，主要是：{main.text.zh}",
            en=f"none of {n_rows:,} rows is usable, mostly: {main.text.en}",
        ),
        where=state.opened.name,
        remedy=T(
            zh="看看列有没有认对；用 --map 指定列。",
            en="See whether the columns were recognised; name them with --map.",
        ),
    )


def refuse_early(as_of: date, usable: dict[date, int], source: str) -> None:
    """Refuse a valuation date before the first order.

    Raises
    ------
    InputError
    """
    first = next(iter(usable))
    if as_of < first:
        raise InputError(
            T(zh=f"估值日 {as_of} 早于第一笔订单 {first}", en=f"the date {as_of} is before the first order, {first}"),
            where=source,
            remedy=T(
                zh=f"--as-of 选 {first} 或以后的日期。",
                en=f"Choose {first} or later for --as-of.",
            ),
        )


def refuse_only_returns(state: State, tally: Tally) -> None:
    """Refuse a source without any sale.

    Raises
    ------
    InputError
    """
    if tally.n_sales == 0:
        raise InputError(
            T(
                zh=f"只有退货（{tally.n_returns:,} 行），没有销售",
                en=f"only returns ({tally.n_returns:,} rows), no sale",
            ),
            where=state.opened.name,
            remedy=T(
                zh="请导出包含销售的订单；若金额的正负号是反的，先改正。",
                en="Export orders with sales; if the signs of the amounts are reversed, correct them first.",
            ),
        )
