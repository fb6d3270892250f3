"""Two valuations side by side: how many moved from which class to which, and the rows of those who did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
from duckdb import ColumnExpression, ConstantExpression, Expression

from regulars.web.facts.totals import FEWEST
from regulars.web.facts.values import Run, of_customers, open_file

SCHEMES = ("matrix", "tier", "visit_class")
COMPARED = (
    "matrix", "tier", "visit_class", "current_value", "future_value", "customer_value", "p_alive", "n_purchases",
    "days_since_last_purchase", "next_order_due", "visit_class_before",
)  # fmt: skip
"""Columns of both runs that tell why somebody moved."""


@dataclass(frozen=True, slots=True)
class Moves:
    """How many customers went from one class to another, and what their value changed by.

    `before` or `after` is None for who was not there, or had not enough data. Hidden cells hold fewer customers than
    may be shown to somebody who cannot open their records.
    """

    before: str | None
    after: str | None
    n: int | None
    change: Decimal | None
    hidden: bool = False


def side_by_side(
    connection: duckdb.DuckDBPyConnection, earlier: Run, later: Run, numbers: Sequence[int] | None
) -> duckdb.DuckDBPyRelation:
    """Return one row a customer of either run: `customer_id`, and each compared column as `b_…` and `a_…`."""
    before, after = (
        of_customers(connection, open_file(connection, run), numbers).select(
            ColumnExpression("customer_id").alias(f"{mark}_id"),
            *[ColumnExpression(name).alias(f"{mark}_{name}") for name in COMPARED],
        )
        for run, mark in ((earlier, "b"), (later, "a"))
    )
    joined = before.join(after, "b_id = a_id", how="outer")
    return joined.project("*, coalesce(a_id, b_id) as customer_id")


def table(rows: duckdb.DuckDBPyRelation, scheme: str) -> list[Moves]:
    """Return every pair of classes that occurs, by class."""
    known(scheme)
    b, a = f"b_{scheme}", f"a_{scheme}"
    change = "sum(coalesce(a_customer_value, 0) - coalesce(b_customer_value, 0))::decimal(38, 4)"
    counted = rows.aggregate(f"{b}, {a}, count(*)::bigint as n, {change} as change", f"{b}, {a}")
    found = counted.order(f"{b} nulls last, {a} nulls last").fetchall()
    return [Moves(*row) for row in found]


def hide_small(found: Sequence[Moves]) -> list[Moves]:
    """Hide cells with fewer than `FEWEST` customers."""
    return [
        Moves(one.before, one.after, None, None, hidden=True) if one.n is not None and one.n < FEWEST else one
        for one in found
    ]


def of_cell(
    rows: duckdb.DuckDBPyRelation, scheme: str, before: str | None, after: str | None, *, limit: int
) -> list[dict[str, Any]]:
    """Return the rows of one cell, the largest change of value first."""
    known(scheme)
    return _largest_first(rows.filter(_is(f"b_{scheme}", before) & _is(f"a_{scheme}", after)), limit)


def of_movers(rows: duckdb.DuckDBPyRelation, scheme: str, *, limit: int) -> list[dict[str, Any]]:
    """Return the rows of those who went from one class to another, the largest change of value first."""
    known(scheme)
    return _largest_first(rows.filter(ColumnExpression(f"b_{scheme}") != ColumnExpression(f"a_{scheme}")), limit)


def _largest_first(chosen: duckdb.DuckDBPyRelation, limit: int) -> list[dict[str, Any]]:
    sized = chosen.project("*, abs(coalesce(a_customer_value, 0) - coalesce(b_customer_value, 0)) as size")
    few: list[dict[str, Any]] = sized.order("size desc, customer_id").limit(limit).to_arrow_table().to_pylist()
    return few


def _is(column: str, value: str | None) -> Expression:
    found = ColumnExpression(column)
    return found.isnull() if value is None else found == ConstantExpression(value)


def known(scheme: str) -> None:
    """Go on only with a scheme of classes.

    Raises
    ------
    ValueError
    """
    if scheme not in SCHEMES:
        raise ValueError(f"{scheme!r} is no scheme of classes: {', '.join(SCHEMES)}")
