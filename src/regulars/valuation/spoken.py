"""What the rows of customer_value say in codes, said in sentences: for people who open them in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import narwhals as nw

from regulars.decide.playbook import DEFAULT, GRADES, strategy_line
from regulars.engine import Frame, to_arrow
from regulars.segment.reasons import matrix_line, tier_line, visit_line
from regulars.segment.visits import count_visits
from regulars.valuation.run import Valuation
from regulars.words import T

Row = Mapping[str, Any]
Reasons = Callable[[Row], dict[str, T]]
"""Takes a row of customer_value; returns sentences by column."""

_TITLES = {s.code: s.title for s in (*DEFAULT.classes.values(), *DEFAULT.causes.values(), DEFAULT.low_credit)}


def most_valuable(v: Valuation, n: int) -> Frame:
    """Return the `n` customers of most value: by current plus future value, else by current value."""
    by = "customer_value" if v.future is not None else v.basis
    ranked = v.customers.filter(~nw.col(by).is_null())
    return ranked.sort(by, "customer_id", descending=[True, False]).head(n)


def reasons(v: Valuation, customers: Frame) -> Reasons:
    """Return what turns a row of `customers` into the sentences that stand for its codes.

    Parameters
    ----------
    customers
        The customers that will be asked for; their visits are counted once, for all of them.
    """
    visits, currency, rules = _visits(v, customers), v.orders.currency, v.rules

    def said(row: Row) -> dict[str, T]:
        sentences = {
            "matrix_reason": matrix_line(row, rules.matrix, currency),
            "tier_reason": tier_line(row, rules.tiers, currency),
            "visit_reason": visit_line({**row, **visits.get(row["customer_id"], {})}, rules.visits),
            "strategy_reason": strategy_line(row),
        }
        if row.get("strategy") in _TITLES:
            sentences |= {"strategy": _TITLES[row["strategy"]], "resource_grade": GRADES[row["resource_grade"]]}
        return sentences

    return said


def _visits(v: Valuation, customers: Frame) -> dict[Any, dict[str, int]]:
    counted = count_visits(customers.select("customer_id"), v.occasions, v.rules.visits, as_of=v.orders.as_of)
    return {row.pop("customer_id"): row for row in to_arrow(counted).to_pylist()}
