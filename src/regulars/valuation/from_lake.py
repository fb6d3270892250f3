"""Orders for a valuation, from the lake instead of a file: the same lines, so the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.engine import MONEY, Frame
from regulars.errors import InputError
from regulars.ingest import Exclusion, Orders
from regulars.ingest.finish import LINE_COLUMNS
from regulars.ingest.orders import last_day
from regulars.lake import Lake, Snapshot
from regulars.valuation.late_returns import with_late_links
from regulars.words import T

TABLE = "transaction_lines"


def orders_for_valuation(
    lake: Lake, snapshot: Snapshot | None = None, *, as_of: date | None = None, currency: str | None = None
) -> Orders:
    """Return the order lines of a snapshot as `value_orders` takes them, read where they lie.

    Parameters
    ----------
    lake
        The lake; the frames live on the open `regulars.engine.session`.
    snapshot
        Which versions to read; default: the newest. Pin it where the valuation is to be repeatable.
    as_of
        The day to value at; default: the last business date, isolated future dates ignored. Later lines are not read.
    currency
        Of the amounts, where the lines do not say.

    Raises
    ------
    InputError
        When there are no lines of known customers up to that day, or amounts in several currencies.
    """
    stored = lake.table(TABLE, at=snapshot or lake.snapshot())
    days = _days(stored)
    usable = _per_day(days)
    if not usable:
        raise _nothing(T(zh="还没有订单", en="there are no orders yet"))
    isolated = 0
    if as_of is None:
        as_of, isolated = last_day(usable)
    if as_of < next(iter(usable)):
        first = next(iter(usable))
        raise _nothing(
            T(zh=f"估值日 {as_of} 早于第一笔订单 {first}", en=f"the date {as_of} is before the first order, {first}")
        )
    counting = [row for row in days if row["known"] and row["day"] <= as_of]
    known = stored.filter(~nw.col("customer_id").is_null(), nw.col("business_date") <= as_of)
    lines, held = with_late_links(known)
    return Orders(
        lines=shaped(lines),
        rejected=_none_rejected(stored),
        left_out=_left_out(days, as_of),
        mapping=[],
        notes=_notes(as_of, isolated),
        as_of=as_of,
        first_date=min(row["day"] for row in counting),
        currency=_currency(counting) or currency,
        has_cost=any(row["n_costs"] for row in counting),
        n_rows_read=sum(row["n"] for row in days),
        n_lines=sum(row["n"] for row in counting),
        source=", ".join(sorted({row["source"] for row in counting})),
        held=held,
    )


def _days(stored: Frame) -> list[dict[str, Any]]:
    """Count lines and money by day, source, currency and whether the customer is known."""
    cost = nw.when(nw.col("cost_amount").is_null()).then(0).otherwise(1)
    marked = stored.select(
        nw.col("business_date").alias("day"),
        "source",
        "currency",
        (~nw.col("customer_id").is_null()).alias("known"),
        "net_amount",
        cost.alias("_cost"),
    )
    counted = marked.group_by("day", "source", "currency", "known").agg(
        nw.len().cast(nw.Int64).alias("n"),
        engine.money_sum("net_amount").alias("money"),
        nw.col("_cost").sum().cast(nw.Int64).alias("n_costs"),
    )
    rows: list[dict[str, Any]] = engine.to_arrow(counted.sort("day", "source", "currency", "known")).to_pylist()
    return rows


def _per_day(days: Sequence[dict[str, Any]]) -> dict[date, int]:
    usable: dict[date, int] = {}
    for row in days:
        if row["known"]:
            usable[row["day"]] = usable.get(row["day"], 0) + row["n"]
    return usable


def _nothing(what: T) -> InputError:
    return InputError(
        what,
        where=TABLE,
        remedy=T(zh="先导入订单，或换一个估值日。", en="Import orders first, or choose another valuation date."),
    )


def _currency(counting: Sequence[dict[str, Any]]) -> str | None:
    found = sorted({row["currency"] for row in counting if row["currency"]})
    if len(found) <= 1:
        return found[0] if found else None
    shown = ", ".join(found[:8])
    raise InputError(
        T(zh=f"金额有几种货币（{shown}）", en=f"amounts are in several currencies ({shown})"),
        where=TABLE,
        remedy=T(
            zh="把另几种货币的文件再导入一次：给出汇率，或先改好工作区的币种。",
            en="Import the files of the others again: with rates, or once the workspace has the right currency.",
        ),
    )


def _left_out(days: Sequence[dict[str, Any]], as_of: date) -> list[Exclusion]:
    def of(reason: str, rows: list[dict[str, Any]], overlaps: dict[str, int]) -> list[Exclusion]:
        money = sum((row["money"] for row in rows), Decimal(0))
        return [Exclusion(reason, sum(row["n"] for row in rows), money, overlaps)] if rows or overlaps else []

    anonymous = [row for row in days if not row["known"]]
    both = sum(row["n"] for row in anonymous if row["day"] > as_of)
    return [
        *of("no_customer", anonymous, {}),
        *of(
            "after_as_of",
            [row for row in days if row["known"] and row["day"] > as_of],
            {"no_customer": both} if both else {},
        ),
    ]


def _notes(as_of: date, isolated: int) -> list[T]:
    if not isolated:
        return []
    return [
        T(
            zh=f"{isolated:,} 行的日期孤立在未来，没有当作估值日。",
            en=f"{isolated:,} rows dated far in the future were not taken for the last date.",
        )
    ]


def shaped(lines: Frame) -> Frame:
    """Return lines in the columns and types that reading a file gives."""
    amounts = [nw.col(name).cast(MONEY) for name in ("quantity", "net_amount", "cost_amount")]
    typed = lines.with_columns(*amounts, nw.lit(None, dtype=nw.Int64).alias("row"))
    return typed.select(list(LINE_COLUMNS))


def _none_rejected(like: Frame) -> Frame:
    empty = pa.schema(
        [
            ("source", pa.string()),
            ("row", pa.int64()),
            ("column", pa.string()),
            ("reason", pa.string()),
            ("value", pa.string()),
            ("money", pa.decimal128(38, 4)),
        ]
    )
    return engine.lookup(like, pa.Table.from_batches([], schema=empty))
