"""Returns that came with a later import than their sale find their order among all lines, not their file's alone."""

from __future__ import annotations

import narwhals as nw

from regulars import engine
from regulars.engine import Frame
from regulars.ingest import returns

KEY = ("source", "order_id", "line_no")
_SALE, _RETURN = nw.col("kind") == "sale", nw.col("kind") == "return"


def with_late_links(lines: Frame) -> tuple[Frame, list[Frame]]:
    """Link the returns that found no order when they were read, where other imports brought sales of their customer.

    Reading links the returns of a file to the sales of that file; a return that comes a week later finds its order
    here, by the same rules. Customers whose lines all came with one import are left as they are.

    Parameters
    ----------
    lines
        Lines of `transaction_lines` with known customers.

    Returns
    -------
    tuple of Frame and list of Frame
        The lines, and what to release once they are no longer read.
    """
    own_day = nw.col("occasion_date") == nw.col("business_date")
    waiting = lines.filter(_RETURN & nw.col("returns_order_id").is_null() & own_day & (nw.col("quantity") <= 0))
    waiting = engine.persist(waiting)
    customers = engine.persist(_with_other_imports(lines, waiting))
    held = [waiting, customers]
    if not engine.n_rows(customers):
        _release(held)
        return lines, []
    theirs = lines.join(customers, on="customer_id", how="semi")
    amounts = [nw.col(name).cast(nw.Float64) for name in ("quantity", "net_amount")]
    rows = [_left_of_sales(theirs), waiting.join(customers, on="customer_id", how="semi")]
    both = nw.concat([row.with_columns(*amounts, _NAMED).select(_COLUMNS) for row in rows], how="vertical")
    numbered = engine.persist(engine.row_number(both, order_by=["business_date", *KEY], name="_id"))
    held.append(numbered)
    linkable = numbered.with_columns(nw.col("ordered_at").dt.replace_time_zone(None).alias("at"))
    links = returns.link(linkable, is_return=_RETURN)
    if links is None:
        _release(held)
        return lines, []
    found = numbered.select("_id", *KEY, "customer_id").join(links, on="_id", how="inner").drop("_id")
    late = engine.persist(_on_business_days(found, linkable))
    _release([*held, links])
    joined = lines.join(late, on=list(KEY), how="left")
    linked = joined.with_columns(
        nw.coalesce(nw.col("returns_order_id"), nw.col("_order")).alias("returns_order_id"),
        nw.coalesce(nw.col("_day"), nw.col("occasion_date")).alias("occasion_date"),
    )
    return linked.drop("_order", "_day"), [late]


def _on_business_days(found: Frame, linkable: Frame) -> Frame:
    """Return the links with the business day of their sale: linking goes by instants, whose date is that of UTC."""
    key = ["customer_id", "linked_order", "occasion_date"]
    sold = linkable.filter(_SALE).select(
        "customer_id",
        nw.col("order_id").alias("linked_order"),
        nw.col("at").cast(nw.Date).alias("occasion_date"),
        "business_date",
    )
    days = sold.group_by(key).agg(nw.col("business_date").min().alias("_day"))
    return found.join(days, on=key, how="left").select(*KEY, nw.col("linked_order").alias("_order"), "_day")


_NAMED = nw.col("named_order_id").alias("returns_order_id")
_COLUMNS = [
    *KEY, "customer_id", "ordered_at", "business_date", "product_id", "quantity", "net_amount", "kind",
    "returns_order_id",
]  # fmt: skip


def _with_other_imports(lines: Frame, waiting: Frame) -> Frame:
    """Return the customers with a waiting return and a sale that another import brought."""
    when = ["customer_id", "recorded_at"]
    returned = engine.distinct(waiting, *when).rename({"recorded_at": "_returned"})
    sold = lines.filter(_SALE).select(when).join(returned, on="customer_id", how="inner")
    return engine.distinct(sold.filter(nw.col("recorded_at") != nw.col("_returned")), "customer_id")


def _left_of_sales(lines: Frame) -> Frame:
    """Return the sales less what linked returns gave back already, product by product of an order."""
    back = ["customer_id", "product_id", "order_id"]
    linked = lines.filter(_RETURN & ~nw.col("returns_order_id").is_null()).with_columns(
        nw.col("returns_order_id").alias("order_id"), nw.col("quantity").cast(nw.Float64).alias("_back")
    )
    used = linked.group_by(back).agg(nw.col("_back").sum())
    sold = lines.filter(_SALE).join(used, on=back, how="left")
    quantity, net = nw.col("quantity").cast(nw.Float64), nw.col("net_amount").cast(nw.Float64)
    rest = quantity + nw.col("_back").fill_null(0.0)
    price = nw.when(quantity != 0).then(net / quantity)
    counted = sold.with_columns(rest.alias("_rest"), price.alias("_price")).filter(nw.col("_rest") > 0)
    return counted.with_columns(
        nw.col("_rest").alias("quantity"), (nw.col("_rest") * nw.col("_price")).alias("net_amount")
    ).drop("_rest", "_price", "_back")


def _release(frames: list[Frame]) -> None:
    for frame in frames:
        engine.release(frame)
