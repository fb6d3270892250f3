"""The margin waterfall: from what was sold in twelve months to what is left of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import narwhals as nw

from regulars import engine
from regulars.errors import InputError
from regulars.periods import year_before
from regulars.web.facts.history import lines_of
from regulars.web.facts.shapes import Step, Waterfall
from regulars.web.facts.values import Run
from regulars.words import T

TAKEN = {
    "product_cost": T(zh="商品成本", en="Product cost"),
    "cost_to_provide": T(zh="供应成本", en="Cost to provide"),
    "cost_to_serve": T(zh="服务成本", en="Cost to serve"),
    "marketing_cost": T(zh="营销成本", en="Marketing cost"),
}
SALES, RETURNS = T(zh="销售", en="Sales"), T(zh="退货", en="Returns")
REVENUE, NET_PROFIT = T(zh="收入", en="Revenue"), T(zh="净利", en="Net profit")


def waterfall(row: dict[str, Any], run: Run, *, costs: bool) -> Waterfall:
    """Return the steps; they add up to the revenue and the net profit of the valuation."""
    revenue = row["revenue"] or Decimal(0)
    returned = _returned(row["customer_id"], run)
    steps = [
        Step("sales", SALES, revenue - returned, is_total=True),
        Step("returns", RETURNS, returned),
        Step("revenue", REVENUE, revenue, is_total=True),
    ]
    if costs and run.basis == "net_profit":
        taken = [Step(key, words, _less(row[key])) for key, words in TAKEN.items()]
        steps += [step for step in taken if step.amount is not None or step.key == "product_cost"]
        steps.append(Step("net_profit", NET_PROFIT, row["net_profit"], is_total=True))
    return Waterfall(year_before(run.as_of), run.as_of, run.currency, tuple(steps))


def _less(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def _returned(customer_id: int, run: Run) -> Decimal:
    """Return what was given back in the window, zero or less, from the lines that the valuation read."""
    try:
        lines = lines_of(customer_id, run.snapshot)
    except InputError:  # that version was tidied away; the newest differs at most by later corrections
        lines = lines_of(customer_id)
    window = (nw.col("business_date") > year_before(run.as_of)) & (nw.col("business_date") <= run.as_of)
    back = lines.filter(window, nw.col("kind") == "return").select(engine.money_sum("net_amount").alias("back"))
    found: Decimal | None = engine.to_arrow(back)["back"][0].as_py()
    return found or Decimal(0)
