"""Customers by name: whom to contact first, the most valuable, a few to find one's way in the matrix by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import narwhals as nw

from regulars.decide import contact_first
from regulars.decide.contact import hardly_at_risk
from regulars.engine import to_arrow
from regulars.segment.reasons import matrix_line, tier_line
from regulars.valuation.run import Valuation
from regulars.words import T

TOP = 1000
KEYS = 8

_SHOWN = (
    "matrix", "tier", "visit_class", "rfm", "net_profit", "revenue", "future_value", "p_alive", "n_purchases",
    "last_purchase",
)  # fmt: skip


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: money as float, dates as ISO text."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, T):
        return value.as_dict()
    return value


def contact_figures(v: Valuation, sums: dict[str, Any]) -> tuple[list[dict[str, Any]], T | None]:
    """Return the fifteen to contact first, and what has to be said about the choice; `sums` are the headline's."""
    found = contact_first(v.customers, value=v.basis, risk_tells=not hardly_at_risk(sums))
    fields = (
        "customer_id", "matrix", "tier", "at_stake", "why", "what", "last_purchase", "days_since", "usual_gap_days",
        "p_alive", "future_value", "net_profit",
    )  # fmt: skip
    rows = [{name: plain(getattr(one, name)) for name in fields} for one in found.contacts]
    return rows, found.note or (_calm(sums) if rows else None)


def _calm(sums: dict[str, Any]) -> T | None:
    """Say so where next to nothing is at risk: then the list is of the late."""
    if not hardly_at_risk(sums):
        return None
    return T(
        zh="模型几乎看不到有人离开，在险价值排不出先后：这里是晚得反常的客户，按当前价值排。",
        en="The model sees hardly anyone leave, so value at risk puts nobody first: these are unusually late, by what "
        "they bring now.",
    )


def top_customers(v: Valuation) -> list[dict[str, Any]]:
    """Return the thousand most valuable customers: by current plus future value, else by current value."""
    by = "customer_value" if v.future is not None else v.basis
    names = v.customers.collect_schema().names()
    wanted = [n for n in (*_SHOWN, "future_value_low", "future_value_high", "days_since_last_purchase") if n in names]
    ranked = v.customers.filter(~nw.col(by).is_null()).sort(by, "customer_id", descending=[True, False]).head(TOP)
    table = to_arrow(ranked.select("customer_id", by, *[n for n in wanted if n != by])).to_pylist()
    table.sort(key=lambda row: row["customer_id"])
    table.sort(key=lambda row: row[by], reverse=True)
    return [_person(v, row) for row in table]


def _person(v: Valuation, row: dict[str, Any]) -> dict[str, Any]:
    currency = v.orders.currency
    why = matrix_line(row, v.rules.matrix, currency) if row.get("matrix") else tier_line(row, v.rules.tiers, currency)
    return {
        "customer_id": plain(row["customer_id"]),
        **{name: plain(row.get(name)) for name in _SHOWN},
        "low": plain(row.get("future_value_low")),
        "high": plain(row.get("future_value_high")),
        "why": why.as_dict(),
    }


def key_customers(top: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first few of the top as marks for the matrix."""
    return [
        {
            "customer_id": row["customer_id"],
            "current": row["net_profit"] if row["net_profit"] is not None else row["revenue"],
            "future": row["future_value"],
            "key": row["matrix"],
        }
        for row in top[:KEYS]
        if row["matrix"]
    ]
