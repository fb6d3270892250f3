"""The file of a valuation: one customer's full row, and any cut through all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

import duckdb
import pyarrow as pa
from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression, Expression, FunctionExpression

from regulars.lake import Snapshot
from regulars.report.columns import CUSTOMER_VALUE
from regulars.web.core.models import Workspace
from regulars.web.facts.access import RUN_FILE, VALUE_FILE, reading, valuation_folder
from regulars.web.facts.shapes import Condition

COSTS = frozenset(
    {"product_cost", "gross_profit", "cost_to_provide", "cost_to_serve", "marketing_cost", "lifetime_profit"}
)
"""Columns for those who may read costs. A value is not a cost: who may read values reads net profit."""

COLUMNS = tuple(CUSTOMER_VALUE)


@dataclass(frozen=True, slots=True)
class Run:
    """What a valuation's folder says of itself."""

    valuation_id: int
    as_of: date
    currency: str | None
    basis: str
    snapshot: Snapshot


def run_of(valuation_id: int | None = None) -> Run | None:
    """Return the current run (or the one named); None where there is none, or its files are gone."""
    number = valuation_id if valuation_id is not None else Workspace.current().current_valuation_id
    if number is None:
        return None
    try:
        said = json.loads((valuation_folder(number) / RUN_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    as_of = date.fromisoformat(said["as_of"])
    return Run(number, as_of, said["currency"], said["basis"], Snapshot(said["snapshot"]))


def open_file(connection: duckdb.DuckDBPyConnection, run: Run) -> duckdb.DuckDBPyRelation:
    """Return the rows of a run with `current_value`, the column that its basis names."""
    table = connection.read_parquet(str(valuation_folder(run.valuation_id) / VALUE_FILE))
    return table.project(f'*, "{_basis(run)}" as current_value')


def matrix_of_all(valuation_id: int) -> pa.Table:
    """Return `customer_id` and `matrix` of everybody in a run, for jobs; nobody where its files are gone."""
    run = run_of(valuation_id)
    if run is None:
        return pa.table({"customer_id": pa.array([], pa.int64()), "matrix": pa.array([], pa.string())})
    with reading() as connection:
        return open_file(connection, run).project("customer_id, matrix").to_arrow_table()


def _basis(run: Run) -> str:
    return "net_profit" if run.basis == "net_profit" else "revenue"


def of_customers(
    connection: duckdb.DuckDBPyConnection, table: duckdb.DuckDBPyRelation, numbers: Sequence[int] | None
) -> duckdb.DuckDBPyRelation:
    """Return the rows of these customers alone; None: of every one."""
    if numbers is None:
        return table
    if len(numbers) == 1:
        return table.filter(ColumnExpression("customer_id") == ConstantExpression(numbers[0]))
    wanted = connection.from_arrow(pa.table({"_wanted": pa.array(numbers, pa.int64())}))
    return table.join(wanted, "customer_id = _wanted", how="semi")


def holds(conditions: Iterable[Condition]) -> Expression | None:
    """Return the conditions as one expression; values never become text of a query.

    Raises
    ------
    ValueError
        When a column or an operator is none of the declared ones.
    """
    parts = [_holds(condition) for condition in conditions]
    return reduce(lambda a, b: a & b, parts) if parts else None


def _holds(condition: Condition) -> Expression:
    if condition.column not in {*COLUMNS, "current_value"}:
        raise ValueError(f"{condition.column!r} is no column of a valuation")
    column, op, value = ColumnExpression(condition.column), condition.op, condition.value
    if op in ("known", "unknown"):
        return column.isnotnull() if op == "known" else column.isnull()
    if op == "in":
        values = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
        known = [_constant(one) for one in values if one is not None]
        held = CoalesceOperator(column.isin(*known), ConstantExpression(False)) if known else ConstantExpression(False)
        return held | column.isnull() if None in values else held
    if op not in _OPERATORS:
        raise ValueError(f"{op!r} is no operator: {', '.join((*_OPERATORS, 'in', 'known', 'unknown'))}")
    compared: Expression = getattr(column, _OPERATORS[op])(_constant(value))
    return CoalesceOperator(compared, ConstantExpression(False))


_OPERATORS = {"eq": "__eq__", "ne": "__ne__", "lt": "__lt__", "le": "__le__", "gt": "__gt__", "ge": "__ge__"}


def _constant(value: Any) -> Expression:
    if not isinstance(value, str | int | float | Decimal | date | bool):
        raise ValueError(f"{type(value).__name__} is no value to compare with")
    return ConstantExpression(value)


def dimension(name: str) -> Expression:
    """Return the expression of a declared dimension, as text.

    Raises
    ------
    ValueError
        When it is none.
    """
    if name == "cohort":
        return FunctionExpression("strftime", ColumnExpression("first_purchase"), ConstantExpression("%Y-%m"))
    if name not in DIMENSIONS:
        raise ValueError(f"{name!r} is no dimension: {', '.join(DIMENSIONS)}")
    return ColumnExpression(name).cast("VARCHAR")


DIMENSIONS = (
    "matrix", "tier", "visit_class", "visit_class_before", "visit_change", "rfm", "r_score", "f_score", "m_score",
    "at_risk", "strategy", "resource_grade", "n_purchases", "cohort",
)  # fmt: skip
