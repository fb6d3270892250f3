"""Order lines as read become rows of `transaction_lines`: surrogates for customers, a number for every line."""

from __future__ import annotations

from typing import Any, Protocol

import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.engine import Frame
from regulars.errors import InputError
from regulars.words import T

_DAY_SPAN = 100_000
"""Lines that one order may have on one day."""


class ReadOrders(Protocol):
    """What is needed of orders that were read; `regulars.ingest.Orders` has it."""

    @property
    def lines(self) -> Frame:
        """Order lines, `customer_id` as the source calls them."""

    @property
    def mapping(self) -> list[dict[str, str]]:
        """Which columns the source has, under ``"canonical"``."""

    @property
    def currency(self) -> str | None:
        """The currency of the amounts where it is known."""


def external_ids(orders: ReadOrders) -> Frame:
    """Return `external_id`, each customer of the orders once, as the text that identities are kept under."""
    return engine.distinct(orders.lines.select(_external(orders.lines).alias("external_id")))


def lines_from(orders: ReadOrders, identities: Any, *, source: str, currency: str | None = None) -> Frame:
    """Return the rows of `transaction_lines` for orders that were read; pass them to `Lake.write` with the same source.

    Parameters
    ----------
    orders
        What `regulars.ingest.read_orders` returned.
    identities
        A table ``source, external_id, customer_id``: the surrogate of every customer of this source.
    source
        The system that the orders come from.
    currency
        Of the amounts, where the orders do not say.

    Raises
    ------
    InputError
        When customers have no surrogate.

    Notes
    -----
    A line needs a number that stays the same when it comes again, in whatever order and beside whatever else. Where the
    source numbers its lines, that number is it, returns counting down from −1. Where it does not, or uses a number
    twice in an order, a line is known by its day: ``yyyymmdd`` and its place among the lines of the order on that day,
    sorted by content. So receipts whose numbers begin anew, and returns that come a week later under the number of
    their order, are rows of their own. Where there is no order number, customer and day stand for one.
    """
    lines = orders.lines.with_columns(_external(orders.lines).alias("_external"))
    known = _known(lines, identities, source)
    _refuse_strangers(lines, known, source)
    table = lines.drop("customer_id").join(known, on="_external", how="inner")
    day = nw.col("business_date")
    number = (day.dt.year() * 10_000 + day.dt.month() * 100 + day.dt.day()).cast(nw.Int64)
    of_day = nw.concat_str(nw.col("customer_id").cast(nw.String), number.cast(nw.String), separator="-")
    table = table.with_columns(
        nw.coalesce(nw.col("order_id"), of_day).alias("order_id"),
        number.alias("_day"),
        nw.coalesce(nw.col("currency"), nw.lit(currency or orders.currency, dtype=nw.String)).alias("currency"),
    )
    return _numbered(table, has_numbers=any(m["canonical"] == "line_no" for m in orders.mapping)).select(_COLUMNS)


_COLUMNS = [
    "order_id", "line_no", "customer_id", "ordered_at", "business_date", "occasion_date", "product_id", "category",
    "is_product", "quantity", "net_amount", "cost_amount", "currency", "channel", "store", "kind", "returns_order_id",
    "named_order_id",
]  # fmt: skip

_CONTENT = [
    "customer_id", "kind", "product_id", "ordered_at", "net_amount", "quantity", "cost_amount", "category", "channel",
    "store", "returns_order_id", "named_order_id", "occasion_date",
]  # fmt: skip
"""What sorts the lines of an order on one day; lines equal in all of it are interchangeable."""


def _external(lines: Frame) -> nw.Expr:
    who = nw.col("customer_id")
    kind = lines.collect_schema()["customer_id"]
    return (who.cast(nw.Int64) if kind.is_float() else who).cast(nw.String)


def _known(lines: Frame, identities: Any, source: str) -> Frame:
    table = engine.lookup(lines, identities) if isinstance(identities, pa.Table) else engine.frame(identities)
    mine = table.filter(nw.col("source") == source)
    return mine.select(nw.col("external_id").alias("_external"), nw.col("customer_id").cast(nw.Int64))


def _refuse_strangers(lines: Frame, known: Frame, source: str) -> None:
    n = engine.n_rows(engine.distinct(lines, "_external").join(known, on="_external", how="anti"))
    if n:
        raise InputError(
            T(zh=f"{n:,} 位客户没有内部编号", en=f"{n:,} customers have no surrogate"),
            where=T(zh=f"来源 {source}", en=f"source {source}"),
            remedy=T(zh="先为他们建立身份，再写订单。", en="Give them identities first, then write the orders."),
        )


def _numbered(table: Frame, *, has_numbers: bool) -> Frame:
    if not has_numbers:
        return _by_day(table)
    own = nw.col("line_no")
    table = table.with_columns(nw.when(nw.col("kind") == "return").then(-1 - own).otherwise(own).alias("line_no"))
    counted = table.group_by("order_id", "line_no").agg(nw.len().alias("_n"))
    unclear = engine.distinct(counted.filter((nw.col("_n") > 1) | own.is_null()), "order_id")
    clear = table.join(unclear, on="order_id", how="anti")
    return nw.concat([clear, _by_day(table.join(unclear, on="order_id", how="semi"))], how="vertical")


def _by_day(table: Frame) -> Frame:
    placed = engine.row_number(table, order_by=_CONTENT, partition_by=["order_id", "_day"], name="_place")
    numbered = placed.with_columns((nw.col("_day") * _DAY_SPAN + nw.col("_place")).cast(nw.Int64).alias("line_no"))
    return numbered.select(table.collect_schema().names())
