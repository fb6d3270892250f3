"""The columns of `customer_value`, in their order and with their types: the contract with everyone who reads it."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from regulars.engine import Frame

_AMOUNT = nw.Decimal(18, 4)

TYPES: dict[str, Any] = {
    "as_of": nw.Date,
    "currency": nw.String,
    "first_purchase": nw.Date,
    "last_purchase": nw.Date,
    "n_purchases": nw.Int64,
    "days_since_last_purchase": nw.Int64,
    "x": nw.Int64,
    "t_x": nw.Float64,
    "T": nw.Float64,
    "mean_repeat_spend": nw.Float64,
    "revenue": _AMOUNT,
    "product_cost": _AMOUNT,
    "gross_profit": _AMOUNT,
    "cost_to_provide": _AMOUNT,
    "cost_to_serve": _AMOUNT,
    "marketing_cost": _AMOUNT,
    "net_profit": _AMOUNT,
    "lifetime_revenue": _AMOUNT,
    "lifetime_profit": _AMOUNT,
    "p_alive": nw.Float64,
    "expected_purchases": nw.Float64,
    "expected_purchases_low": nw.Int64,
    "expected_purchases_high": nw.Int64,
    "expected_spend": nw.Float64,
    "future_value": _AMOUNT,
    "future_value_low": _AMOUNT,
    "future_value_high": _AMOUNT,
    "residual_value": _AMOUNT,
    "customer_value": _AMOUNT,
    "value_at_risk": _AMOUNT,
    "at_risk": nw.Boolean,
    "usual_gap_days": nw.Float64,
    "next_order_due": nw.Date,
    "r_score": nw.Int64,
    "f_score": nw.Int64,
    "m_score": nw.Int64,
    "rfm": nw.String,
    "matrix": nw.String,
    "matrix_reason": nw.String,
    "tier": nw.String,
    "tier_reason": nw.String,
    "visit_class": nw.String,
    "visit_class_before": nw.String,
    "visit_change": nw.String,
    "visit_reason": nw.String,
    "strategy": nw.String,
    "resource_grade": nw.String,
    "strategy_reason": nw.String,
}
"""Column → type; `customer_id` comes first, in the source's own type."""
GROUP = "group"
"""The last column where groups were asked for: which group a customer is of, null where none is known."""


def contract(customers: Frame) -> Frame:
    """Return exactly the columns of the contract, in order; what is not known yet is null."""
    present = customers.collect_schema().names()
    return customers.select(
        "customer_id",
        *[
            nw.col(name).cast(kind) if name in present else nw.lit(None, dtype=kind).alias(name)
            for name, kind in TYPES.items()
        ],
        *([nw.col(GROUP).cast(nw.String)] if GROUP in present else []),
    )
