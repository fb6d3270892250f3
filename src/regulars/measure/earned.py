"""What each purchase occasion left: its own profit, and whatever came with it until the customer bought again."""

from __future__ import annotations

import narwhals as nw

from regulars.engine import MONEY, Frame, money_sum
from regulars.measure.current import with_costs
from regulars.measure.margin import Margin


def occasion_profits(lines: Frame, occasions: Frame, margin: Margin | None = None) -> Frame:
    """Return one row an occasion with its profit, so that a customer's profits add up to the profit to date.

    Returns that found no order, fees and bad debt are no purchases, yet they cost money: what lies on a day without an
    occasion counts with the occasion before it, or with the first where there is none before.

    Parameters
    ----------
    lines
        Order lines as `current_value` takes them, with ``occasion_date``.
    occasions
        What `purchase_occasions` made of them.
    margin
        Margin rates for lines without a cost.

    Returns
    -------
    Frame
        ``customer_id, occasion_date``; ``net_amount`` of the occasion itself; ``revenue`` and ``profit`` with what
        came until the next; ``unknown`` lines without a known cost. In no order.
    """
    priced = with_costs(lines, margin, keep=("occasion_date",))
    nothing = nw.lit(0).cast(MONEY)
    days = (
        priced.with_columns(
            nw.col("net_amount").cast(MONEY).alias("revenue"),
            (nw.col("net_amount").cast(MONEY) - nw.coalesce(nw.col("_cost"), nothing)).cast(MONEY).alias("profit"),
            nw.when(nw.col("_cost").is_null()).then(1).otherwise(0).alias("unknown"),
        )
        .group_by("customer_id", "occasion_date")
        .agg(money_sum("revenue"), money_sum("profit"), nw.col("unknown").sum().cast(nw.Int64))
    )
    bought = occasions.with_columns(nw.lit(1).cast(nw.Int64).alias("_bought"))
    marked = days.join(bought, on=["customer_id", "occasion_date"], how="left").with_columns(
        nw.col("_bought").fill_null(0)
    )
    numbered = marked.with_columns(
        nw.col("_bought").cum_sum().over("customer_id", order_by="occasion_date").clip(1).alias("_occasion"),
        nw.when(nw.col("_bought") == 1).then(nw.col("occasion_date")).alias("_day"),
    )
    added = numbered.group_by("customer_id", "_occasion").agg(
        nw.col("_day").max().alias("occasion_date"),
        money_sum("net_amount"),
        money_sum("revenue"),
        money_sum("profit"),
        nw.col("unknown").sum().cast(nw.Int64),
    )
    return added.filter(~nw.col("occasion_date").is_null()).drop("_occasion")
