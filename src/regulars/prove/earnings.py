"""What customers' purchases left up to an origin and after it: what a forecast of profit per purchase is judged on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa

from regulars import engine
from regulars.engine import MONEY, Frame
from regulars.measure.lifetime import GammaGamma, NormalNormal
from regulars.measure.margin import Margins
from regulars.periods import year_before
from regulars.prove.origins import Floats, Origin


@dataclass(frozen=True)
class Earnings:
    """Customers known at an origin, one row each, sorted by `customer_id`.

    `n` purchases up to it, the mean `spend` of the repeated ones and the mean `profit` of all with its sum of `squares`
    about it; `year_revenue` and `year_profit` of the twelve months before; `later` purchases after it and the mean
    `later_profit` of those. `known` says whose every line has a cost; `total_spend` is that of all their purchases.
    """

    n: Floats
    spend: Floats
    total_spend: Floats
    profit: Floats
    squares: Floats
    year_revenue: Floats
    year_profit: Floats
    later: Floats
    later_profit: Floats
    known: Floats

    @property
    def margins(self) -> Margins:
        """What a unit of revenue left in the year before the origin."""
        sure = self.known > 0
        profit, revenue = float(np.sum(self.year_profit[sure])), float(np.sum(self.year_revenue[sure]))
        return Margins.of(profit, revenue, float(np.sum(self.total_spend) / np.sum(self.n)))

    def by_spend(self) -> Floats:
        """Return the profit of a purchase to come as Gamma-Gamma and the margins of the year before forecast it."""
        x, m = self.n - 1.0, np.where(self.spend > 0, self.spend, 0.0)
        model, margins = GammaGamma().fit_arrays(x[x > 0], m[x > 0]), self.margins
        sure = (self.known > 0) & (self.year_revenue > 0)
        own = margins.blended(self.year_profit, np.where(sure, self.year_revenue, 1.0)).clip(*margins.bounds)
        return np.where(sure, own, margins.rate) * model.expected_spend_at(np.where(m > 0, x, 0.0), m)

    def by_profit(self) -> Floats:
        """Return it as the normal-normal model of profit forecasts it."""
        n = np.where(self.known > 0, self.n, 0.0)
        return NormalNormal().fit_arrays(n, self.profit, self.squares).expected_profit_at(n, self.profit)


def read_earnings(profits: Any, at: Origin) -> Earnings:
    """Read what `occasion_profits` counted as it stood on an origin, and what came after it until its end."""
    table = engine.to_arrow(_counted(engine.frame(profits), at)).sort_by("customer_id")
    found = {name: _numbers(table, name) for name in _READ}
    n, later, total = found["n"], found["later"], found["profit_sum"]
    mean = total / n
    return Earnings(
        n=n,
        spend=np.where(n > 1, (found["spent"] - found["first"]) / np.maximum(n - 1.0, 1.0), 0.0),
        total_spend=found["spent"],
        profit=mean,
        squares=np.maximum(found["squares"] - n * mean**2, 0.0),
        year_revenue=found["year_revenue"],
        year_profit=found["year_profit"],
        later=np.where(found["later_unknown"] > 0, 0.0, later),
        later_profit=found["later_sum"] / np.maximum(later, 1.0),
        known=(found["unknown"] == 0).astype(np.float64),
    )


_READ = (
    "n", "spent", "first", "profit_sum", "squares", "unknown", "year_revenue", "year_profit", "later", "later_sum",
    "later_unknown",
)  # fmt: skip


def _numbers(table: pa.Table, name: str) -> Floats:
    return np.asarray(table[name].cast(pa.float64()).to_numpy(zero_copy_only=False))


def _counted(profits: Frame, at: Origin) -> Frame:
    day, nothing = nw.col("occasion_date"), nw.lit(0).cast(MONEY)
    start: date = year_before(at.origin)
    before, after = day <= nw.lit(at.origin), (day > nw.lit(at.origin)) & (day <= nw.lit(at.until))
    recent = before & (day > nw.lit(start))
    profit = nw.col("profit").cast(nw.Float64)
    square = (profit * profit).round(4).cast(MONEY)

    def when(condition: nw.Expr, value: nw.Expr, name: str, otherwise: nw.Expr = nothing) -> nw.Expr:
        return nw.when(condition).then(value).otherwise(otherwise).alias(name)

    none, one = nw.lit(0).cast(nw.Int64), nw.lit(1).cast(nw.Int64)
    marked = profits.with_columns(
        when(before, one, "n", none),
        when(before, nw.col("net_amount").cast(MONEY), "spent"),
        when(before, nw.col("profit"), "profit_sum"),
        when(before, square, "_square"),
        when(before, nw.col("unknown"), "_unknown", none),
        when(recent, nw.col("revenue"), "year_revenue"),
        when(recent, nw.col("profit"), "year_profit"),
        when(after, one, "later", none),
        when(after, nw.col("profit"), "later_sum"),
        when(after, nw.col("unknown"), "later_unknown", none),
    )
    money = [engine.money_sum(name) for name in ("spent", "profit_sum", "year_revenue", "year_profit", "later_sum")]
    counts = [nw.col(name).sum() for name in ("n", "later", "later_unknown")]
    added = engine.group_with_first(
        marked,
        ["customer_id"],
        *money,
        *counts,
        engine.money_sum("_square").alias("squares"),
        nw.col("_unknown").sum().alias("unknown"),
        value="net_amount",
        order_by="occasion_date",
        name="first",
    )
    return added.filter(nw.col("n") > 0)
