"""Current value: what each customer brought in the trailing twelve months, after what is known of its costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.engine import MONEY, Frame
from regulars.measure.margin import Margin
from regulars.periods import year_before
from regulars.words import T

Basis = Literal["net_profit", "revenue"]
COSTS = ("cost_to_provide", "cost_to_serve", "marketing_cost")
ENOUGH_COST = Decimal("0.95")
"""Share of the year's product money whose cost must be known before profit is spoken of."""

_PROFITS = ("product_cost", "gross_profit", "net_profit", "lifetime_profit")


@dataclass(frozen=True, slots=True)
class Current:
    """The current value of every customer.

    Parameters
    ----------
    customers
        One row a customer, lazy: `customer_id, revenue, product_cost, gross_profit, cost_to_provide, cost_to_serve,
        marketing_cost, net_profit, lifetime_revenue, lifetime_profit`, amounts DECIMAL(38,4).
    basis
        The column that is the current value: "net_profit", or "revenue" where product costs are not known.
    notes
        What a reader has to be told about the costs.
    """

    customers: Frame
    basis: Basis
    notes: tuple[T, ...]


def current_value(lines: Frame, *, as_of: date, margin: Margin | None = None, costs: Frame | None = None) -> Current:
    """Return each customer's revenue, costs and profit of the trailing twelve months and of the lifetime to date.

    The window is ``as_of − 1 year < business_date ≤ as_of``; later lines are not read. A return reduces the revenue
    (and the product cost) of its own day. The product cost of a line is its own cost where known; else net amount ×
    (1 − margin rate), the rate being its category's or the overall one. A line that is no product (postage, a
    correction) and has neither costs nothing. A margin is never assumed: what then remains without cost is unknown.

    Profit is spoken of where at least 95 % of the window's product money (absolute amounts) has a known cost; below
    that the basis is revenue and every profit column is null. At 95 % and above a customer with lines of unknown cost
    has null profit in that span, the others have theirs, and a note says how much is missing. Net profit = gross
    profit − cost to provide − cost to serve − marketing cost, as far as `costs` knows them.

    Parameters
    ----------
    lines
        Order lines: `customer_id, business_date, category, net_amount, cost_amount, is_product`.
    as_of
        The valuation date.
    margin
        Margin rates for lines without a cost.
    costs
        One row a customer: `customer_id` and any of `cost_to_provide, cost_to_serve, marketing_cost` of the same
        window.
    """
    start = year_before(as_of)
    priced = _with_costs(lines.filter(nw.col("business_date") <= as_of), margin)
    basis, notes = _basis(priced, start, margin)
    sums = _sums(priced, start)
    spent = _spent(sums, costs)
    if basis == "revenue":
        valued = spent.with_columns(nw.lit(None, dtype=MONEY).alias(name) for name in _PROFITS)
    else:
        valued = _profits(spent)
    columns = ["revenue", "product_cost", "gross_profit", *COSTS, "net_profit", "lifetime_revenue", "lifetime_profit"]
    return Current(valued.select("customer_id", *[nw.col(name).cast(MONEY) for name in columns]), basis, notes)


def _with_costs(lines: Frame, margin: Margin | None) -> Frame:
    """Add `_cost`: the product cost of each line, null where nothing says it."""
    chosen = lines.select("customer_id", "business_date", "category", "net_amount", "cost_amount", "is_product")
    if margin is None:
        implied = chosen.with_columns(nw.lit(None, dtype=MONEY).alias("_implied"))
    else:
        implied = engine.money_mul(_with_rates(chosen, margin), "net_amount", "_cost_rate", name="_implied")
    unknown = nw.lit(None, dtype=MONEY)
    free = nw.when(~nw.col("is_product")).then(nw.lit(0).cast(MONEY))
    return implied.with_columns(
        _cost=nw.coalesce(nw.col("cost_amount").cast(MONEY), nw.col("_implied"), free.otherwise(unknown))
    )


def _with_rates(lines: Frame, margin: Margin) -> Frame:
    """Add `_cost_rate` = 1 − margin rate of the line's category, else the overall one."""
    overall = None if margin.overall is None else 1 - margin.overall
    otherwise = nw.lit(overall, dtype=None if overall is not None else MONEY).cast(MONEY)
    if not margin.by_category:
        return lines.with_columns(otherwise.alias("_cost_rate"))
    rates = pa.table(
        {
            "category": list(margin.by_category),
            "_category_rate": pa.array(
                [(1 - rate).quantize(Decimal("0.0001")) for rate in margin.by_category.values()], pa.decimal128(38, 4)
            ),
        }
    )
    joined = lines.join(engine.lookup(lines, rates), on="category", how="left")
    return joined.with_columns(nw.coalesce(nw.col("_category_rate"), otherwise).alias("_cost_rate"))


def _basis(priced: Frame, start: date, margin: Margin | None) -> tuple[Basis, tuple[T, ...]]:
    """Decide whether enough of the window's money has a known cost, and say what is missing."""
    money = nw.when(nw.col("is_product") | ~nw.col("_cost").is_null()).then(nw.col("net_amount").abs())
    unknown = nw.when(nw.col("_cost").is_null()).then(nw.col("net_amount").abs())
    recent = priced.filter(nw.col("business_date") > start).with_columns(
        money.otherwise(nw.lit(0).cast(MONEY)).cast(MONEY).alias("_money"),
        unknown.otherwise(nw.lit(0).cast(MONEY)).cast(MONEY).alias("_unknown"),
        nw.when(nw.col("cost_amount").is_null()).then(0).otherwise(1).alias("_given"),
    )
    row = engine.to_arrow(
        recent.select(
            engine.money_sum("_money").alias("money"),
            engine.money_sum("_unknown").alias("unknown"),
            nw.col("_given").sum().alias("given"),
        )
    ).to_pylist()[0]
    total, unknown_sum = row["money"] or Decimal(0), row["unknown"] or Decimal(0)
    share = unknown_sum / total if total else Decimal(0 if row["given"] or margin else 1)
    if share == 0:
        return "net_profit", ()
    if 1 - share >= ENOUGH_COST:
        note = T(
            zh="近 12 个月有 {share:.1%} 的金额没有成本，买过它们的客户没有净利。",
            en="{share:.1%} of the money of the last 12 months has no cost; those who bought it have no net profit.",
        )
        return "net_profit", (note.format(share=share),)
    if share == 1 and margin is None:
        note = T(
            zh="没有成本，也没给毛利率：价值按收入算。给 --margin 就能算净利。",
            en="No costs and no margin: values are revenue. Give --margin for net profit.",
        )
        return "revenue", (note,)
    note = T(
        zh="近 12 个月只有 {known:.0%} 的金额有成本或毛利率，不够算净利，价值按收入算。给 --margin 补上其余的。",
        en="Only {known:.0%} of the money of the last 12 months has a cost or a margin, too little for net profit: "
        "values are revenue. "
        "Give --margin for the rest.",
    )
    return "revenue", (note.format(known=1 - share),)


def _sums(priced: Frame, start: date) -> Frame:
    """Add up each customer's revenue, costs and lines of unknown cost, in the window and over the lifetime."""
    recent = nw.col("business_date") > start
    nothing = nw.lit(0).cast(MONEY)
    amounts = priced.with_columns(
        nw.col("net_amount").cast(MONEY).alias("lifetime_revenue"),
        nw.when(recent).then(nw.col("net_amount").cast(MONEY)).otherwise(nothing).alias("revenue"),
        nw.coalesce(nw.col("_cost"), nothing).alias("_lifetime_cost"),
        nw.when(recent).then(nw.coalesce(nw.col("_cost"), nothing)).otherwise(nothing).alias("product_cost"),
        nw.when(nw.col("_cost").is_null()).then(1).otherwise(0).alias("_lifetime_unknown"),
        nw.when(recent & nw.col("_cost").is_null()).then(1).otherwise(0).alias("_unknown"),
    )
    return amounts.group_by("customer_id").agg(
        *[engine.money_sum(c).alias(c) for c in ("lifetime_revenue", "revenue", "_lifetime_cost", "product_cost")],
        *[nw.col(c).sum().cast(nw.Int64).alias(c) for c in ("_lifetime_unknown", "_unknown")],
    )


def _spent(sums: Frame, costs: Frame | None) -> Frame:
    """Join what is known of the costs to provide, to serve and to market; the rest is null."""
    if costs is None:
        return sums.with_columns(nw.lit(None, dtype=MONEY).alias(name) for name in COSTS)
    known = [name for name in COSTS if name in costs.collect_schema().names()]
    joined = sums.join(costs.select("customer_id", *known), on="customer_id", how="left")
    return joined.with_columns(
        (nw.col(name).cast(MONEY) if name in known else nw.lit(None, dtype=MONEY)).alias(name) for name in COSTS
    )


def _profits(spent: Frame) -> Frame:
    nothing, unknown = nw.lit(0).cast(MONEY), nw.lit(None, dtype=MONEY)

    def where_known(column: str, amount: nw.Expr) -> nw.Expr:
        return nw.when(nw.col(column) == 0).then(amount.cast(MONEY)).otherwise(unknown)

    lifetime = nw.col("lifetime_revenue") - nw.col("_lifetime_cost")
    gross = spent.with_columns(
        where_known("_unknown", nw.col("revenue") - nw.col("product_cost")).alias("gross_profit"),
        where_known("_unknown", nw.col("product_cost")).alias("product_cost"),
        where_known("_lifetime_unknown", lifetime).alias("lifetime_profit"),
    )
    net = nw.col("gross_profit")
    for name in COSTS:
        net = net - nw.coalesce(nw.col(name), nothing)
    return gross.with_columns(net.cast(MONEY).alias("net_profit"))
