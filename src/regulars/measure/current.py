"""Current value: what each customer brought in the trailing twelve months, after what is known of its costs."""

from __future__ import annotations

from collections.abc import Sequence
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

_STEP = Decimal("0.0001")
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
    losing
        Share of the lines that were sold below their cost, over the whole span.
    """

    customers: Frame
    basis: Basis
    notes: tuple[T, ...]
    losing: float = 0.0


@dataclass(frozen=True, slots=True)
class Counted:
    """How a whole base is counted: the basis, and whether any of its lines has a cost of its own."""

    basis: Basis
    own_costs: bool


def current_value(
    lines: Frame,
    *,
    as_of: date,
    margin: Margin | None = None,
    costs: Frame | None = None,
    counted: Counted | None = None,
) -> Current:
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
    counted
        How the base is counted that these customers are a part of; None: `lines` are the whole base and say it.
    """
    start = year_before(as_of)
    priced = with_costs(lines.filter(nw.col("business_date") <= as_of), margin)
    coverage = _coverage(priced, start)
    basis, notes = _basis(coverage, margin) if counted is None else (counted.basis, ())
    own_costs = coverage.given > 0 if counted is None else counted.own_costs
    if basis == "revenue":
        sums = _sums(priced, start, costs=False, unknown=False)
        valued = _spent(sums, costs).with_columns(nw.lit(None, dtype=MONEY).alias(name) for name in _PROFITS)
    elif margin is not None and not margin.by_category and not own_costs:
        # One rate for all: the exact revenue times the rate, instead of millions of rounded products.
        sums = _with_rates(_sums(priced, start, costs=False, unknown=False), margin)
        for revenue, cost in (("revenue", "product_cost"), ("lifetime_revenue", "_lifetime_cost")):
            sums = engine.money_mul(sums, revenue, "_cost_rate", name=cost)
        valued = _profits(_spent(sums, costs), unknown=False)
    else:
        sums = _sums(priced, start, costs=True, unknown=coverage.some_unknown)
        valued = _profits(_spent(sums, costs), unknown=coverage.some_unknown)
    columns = ["revenue", "product_cost", "gross_profit", *COSTS, "net_profit", "lifetime_revenue", "lifetime_profit"]
    customers = valued.select("customer_id", *[nw.col(name).cast(MONEY) for name in columns])
    return Current(customers, basis, notes, coverage.losing / coverage.lines if coverage.lines else 0.0)


def with_profit(lines: Frame, *, since: date, margin: Margin | None = None) -> tuple[Frame, Basis]:
    """Add `value`, what each line brought: net profit, or revenue where too little of the money has a known cost.

    Whether it is enough is asked of the lines after `since`, as for the current value; a line of unknown cost beside
    enough others counts with its revenue.
    """
    priced = with_costs(lines, margin)
    basis, _ = _basis(_coverage(priced, since), margin)
    net, nothing = nw.col("net_amount").cast(MONEY), nw.lit(0).cast(MONEY)
    value = net if basis == "revenue" else net - nw.coalesce(nw.col("_cost"), nothing)
    return priced.with_columns(value.cast(MONEY).alias("value")), basis


def with_costs(lines: Frame, margin: Margin | None, *, keep: Sequence[str] = ()) -> Frame:
    """Add `_cost`: the product cost of each line, null where nothing says it.

    Parameters
    ----------
    lines
        Order lines as `current_value` takes them; columns beyond those come along where `keep` names them.
    """
    chosen = lines.select("customer_id", "business_date", "category", "net_amount", "cost_amount", "is_product", *keep)
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
    otherwise = nw.lit(None, dtype=MONEY)
    if margin.overall is not None:
        otherwise = nw.lit((1 - margin.overall).quantize(_STEP)).cast(MONEY)
    if not margin.by_category:
        return lines.with_columns(otherwise.alias("_cost_rate"))
    rates = pa.table(
        {
            "category": list(margin.by_category),
            "_category_rate": pa.array(
                [(1 - rate).quantize(_STEP) for rate in margin.by_category.values()], pa.decimal128(38, 4)
            ),
        }
    )
    joined = lines.join(engine.lookup(lines, rates), on="category", how="left")
    return joined.with_columns(nw.coalesce(nw.col("_category_rate"), otherwise).alias("_cost_rate"))


@dataclass(frozen=True, slots=True)
class _Coverage:
    """The window's money and that without cost; how many lines have a cost of their own, whether any lacks one.

    `losing` counts, of all `lines`, those sold that cost more than they brought.
    """

    money: Decimal
    without_cost: Decimal
    given: int
    some_unknown: bool
    lines: int
    losing: int


def _coverage(priced: Frame, start: date) -> _Coverage:
    recent, unknown, nothing = nw.col("business_date") > start, nw.col("_cost").is_null(), nw.lit(0).cast(MONEY)
    loses = (nw.col("_cost") > nw.col("net_amount")) & (nw.col("net_amount") >= 0)
    counts = recent & (nw.col("is_product") | ~nw.col("cost_amount").is_null())
    marked = priced.with_columns(
        nw.when(counts).then(nw.col("net_amount").abs()).otherwise(nothing).cast(MONEY).alias("_money"),
        nw.when(recent & unknown).then(nw.col("net_amount").abs()).otherwise(nothing).cast(MONEY).alias("_without"),
        nw.when(nw.col("cost_amount").is_null()).then(0).otherwise(1).alias("_given"),
        nw.when(unknown).then(1).otherwise(0).alias("_unknown"),
        nw.when(loses).then(1).otherwise(0).alias("_losing"),
    )
    totals = [engine.money_sum("_money"), engine.money_sum("_without")]
    counted = [nw.col("_given").sum(), nw.col("_losing").sum(), nw.col("_unknown").max(), nw.len().alias("_lines")]
    row = engine.to_arrow(marked.select(*totals, *counted)).to_pylist()[0]
    given, losing, lines = (int(row[name] or 0) for name in ("_given", "_losing", "_lines"))
    without = row["_without"] or Decimal(0)
    return _Coverage(row["_money"] or Decimal(0), without, given, bool(row["_unknown"]), lines, losing)


def _basis(coverage: _Coverage, margin: Margin | None) -> tuple[Basis, tuple[T, ...]]:
    """Decide whether enough of the window's money has a known cost, and say what is missing."""
    nothing_known = coverage.some_unknown and not coverage.given and margin is None
    share = coverage.without_cost / coverage.money if coverage.money else Decimal(1 if nothing_known else 0)
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


def _sums(priced: Frame, start: date, *, costs: bool, unknown: bool) -> Frame:
    """Add up each customer's revenue, costs and lines of unknown cost, in the window and over the lifetime."""
    recent, nothing = nw.col("business_date") > start, nw.lit(0).cast(MONEY)
    net, cost, open_line = nw.col("net_amount").cast(MONEY), nw.coalesce(nw.col("_cost"), nothing), nw.col("_cost")
    amounts = {"lifetime_revenue": net, "revenue": nw.when(recent).then(net).otherwise(nothing)}
    if costs:
        amounts |= {"_lifetime_cost": cost, "product_cost": nw.when(recent).then(cost).otherwise(nothing)}
    counts: dict[str, nw.Expr] = {}
    if unknown:
        counts = {
            "_lifetime_unknown": nw.when(open_line.is_null()).then(1).otherwise(0),
            "_unknown": nw.when(recent & open_line.is_null()).then(1).otherwise(0),
        }
    return (
        priced.with_columns(expression.alias(name) for name, expression in (amounts | counts).items())
        .group_by("customer_id")
        .agg(
            *[engine.money_sum(name).alias(name) for name in amounts],
            *[nw.col(name).sum().cast(nw.Int64).alias(name) for name in counts],
        )
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


def _profits(spent: Frame, *, unknown: bool) -> Frame:
    """Add the profits, null where a span has lines of unknown cost."""

    def where_known(column: str, amount: nw.Expr) -> nw.Expr:
        if not unknown:
            return amount.cast(MONEY)
        return nw.when(nw.col(column) == 0).then(amount.cast(MONEY)).otherwise(nw.lit(None, dtype=MONEY))

    lifetime = nw.col("lifetime_revenue") - nw.col("_lifetime_cost")
    gross = spent.with_columns(
        where_known("_unknown", nw.col("revenue") - nw.col("product_cost")).alias("gross_profit"),
        where_known("_unknown", nw.col("product_cost")).alias("product_cost"),
        where_known("_lifetime_unknown", lifetime).alias("lifetime_profit"),
    )
    net = nw.col("gross_profit")
    for name in COSTS:
        net = net - nw.coalesce(nw.col(name), nw.lit(0).cast(MONEY))
    return gross.with_columns(net.cast(MONEY).alias("net_profit"))
