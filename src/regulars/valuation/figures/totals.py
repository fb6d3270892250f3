"""The headline sums."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np

from regulars.engine import money_sum, to_arrow
from regulars.measure.lifetime import Total
from regulars.valuation.run import Valuation

SURE = 0.8
"""Customers at or above this P(alive) are counted beside the sum."""


def totals(v: Valuation) -> dict[str, Any]:
    """Return current and lifetime value, future value, customers still buying and value at risk, with intervals."""
    lifetime = "lifetime_profit" if v.basis == "net_profit" else "lifetime_revenue"
    sums = to_arrow(
        v.customers.select(
            money_sum(v.basis).alias("current"),
            money_sum(lifetime).alias("lifetime"),
            money_sum("revenue").alias("revenue"),
        )
    ).to_pylist()[0]
    found: dict[str, Any] = {
        "current_value": _float(sums["current"]),
        "lifetime_value": _float(sums["lifetime"]),
        "revenue": _float(sums["revenue"]),
        "future_value": None,
        "still_buying": None,
        "alive80": None,
        "value_at_risk": None,
    }
    return found if v.future is None else {**found, **_future(v)}


def _future(v: Valuation) -> dict[str, Any]:
    assert v.future is not None
    scores = v.future.scores
    future = to_arrow(v.customers.select(money_sum("future_value").alias("value"))).to_pylist()[0]["value"]
    late = v.customers.filter(nw.col("at_risk"))
    risk = to_arrow(late.select(money_sum("value_at_risk").alias("value"), nw.len().alias("n"))).to_pylist()[0]
    value, still = v.future.totals["value"], v.future.totals["still_buying"]
    return {
        "future_value": _interval(value) | {"value": _float(future)},
        "still_buying": _interval(still),
        "alive80": int(scores.histories.count[scores.p_alive >= SURE].sum()),
        "value_at_risk": {"value": _float(risk["value"]) or 0.0, "n": int(risk["n"])},
    }


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _interval(total: Total) -> dict[str, float]:
    return {"value": total.value, "low": total.low, "high": total.high}


def alive_histogram(v: Valuation) -> dict[str, Any] | None:
    """Count customers by P(alive) in ten bins."""
    if v.future is None:
        return None
    scores = v.future.scores
    edges = np.linspace(0.0, 1.0, 11)
    counts, _ = np.histogram(scores.p_alive, bins=edges, weights=scores.histories.count)
    return {"edges": [round(float(edge), 1) for edge in edges], "counts": [int(n) for n in counts]}
