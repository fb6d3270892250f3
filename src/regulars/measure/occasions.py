"""Purchase occasions: one customer-day on which something was bought and kept."""

from __future__ import annotations

import narwhals as nw

from regulars.engine import Frame, money_sum


def purchase_occasions(lines: Frame) -> Frame:
    """Return one row a customer-day whose sales, net of the returns linked to them, bought something.

    A customer-day is an occasion when its quantity is positive and its money is not negative; a day that cost nothing
    counts, with zero spend. Returns linked to an order weigh on that order's day; unlinked returns make no occasion and
    take none away. Lines that are no products (postage, fees) do not make a day an occasion.

    Parameters
    ----------
    lines
        Order lines by the contract of `regulars.ingest`: ``customer_id, occasion_date, net_amount, quantity, kind,
        returns_order_id, is_product``.

    Returns
    -------
    Frame
        ``customer_id, occasion_date, net_amount``: one row an occasion, in no order.
    """
    counting = lines.filter(nw.col("is_product") & ((nw.col("kind") == "sale") | ~nw.col("returns_order_id").is_null()))
    days = counting.group_by("customer_id", "occasion_date").agg(money_sum("net_amount"), money_sum("quantity"))
    bought = days.filter((nw.col("quantity") > 0) & (nw.col("net_amount") >= 0))
    return bought.select("customer_id", "occasion_date", "net_amount")
