"""Customers that meet conditions, in the order of one column: the valuation's file knows both and reads them at once.

A database would walk along the order's index and ask the conditions of each row; where those who meet them stand far
down, or the conditions' columns are not published, that walk is long. Here one scan of a few columns answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce

import duckdb
import numpy as np
from duckdb import ColumnExpression, ConstantExpression, Expression
from numpy.typing import NDArray

from regulars.web.core.actor import Actor
from regulars.web.facts import values
from regulars.web.facts.access import reading
from regulars.web.facts.reach import reached_numbers
from regulars.web.facts.shapes import Condition

ORDERS = (
    "customer_value", "current_value", "future_value", "value_at_risk", "last_purchase", "next_order_due",
)  # fmt: skip

Key = tuple[Decimal | date | None, int]
"""A value and the number of the customer who has it."""


def numbers_where(
    actor: Actor, where: Iterable[Condition], *, among: Sequence[int] | None = None, valuation: int | None = None
) -> NDArray[np.int64]:
    """Return the numbers of the customers that meet every condition, of those whom `actor` reaches, in order.

    Parameters
    ----------
    among
        The only customers to look at; None: all.
    """
    actor.require("valuations.read")
    run, reached = values.run_of(valuation), reached_numbers(actor)
    if run is None:
        return np.empty(0, np.int64)
    with reading() as connection:
        found = _met(connection, values.open_file(connection, run), where, reached, among)
        numbers = found.select(ColumnExpression("customer_id")).to_arrow_table()["customer_id"].to_numpy()
    return np.sort(numbers.astype(np.int64))


def in_order(
    actor: Actor, by: str, where: Iterable[Condition], *, limit: int, beyond: Key | None = None,
    backwards: bool = False, among: Sequence[int] | None = None, valuation: int | None = None,
) -> list[Key]:  # fmt: skip
    """Return the first customers that meet every condition, most of `by` first, who has none of it last.

    Parameters
    ----------
    by
        One of `ORDERS`.
    beyond
        Only those after this one; `backwards`: before, the nearest first.
    among
        The only customers to look at; None: all that `actor` reaches.
    """
    actor.require("valuations.read")
    if by not in ORDERS:
        raise ValueError(f"{by!r} is no order: {', '.join(ORDERS)}")
    run, reached = values.run_of(valuation), reached_numbers(actor)
    if run is None:
        return []
    value, number = ColumnExpression(by), ColumnExpression("customer_id")
    with reading() as connection:
        found = _met(connection, values.open_file(connection, run), where, reached, among)
        if beyond is not None:
            found = found.filter(_beyond(value, number, *beyond, backwards=backwards))
        found = found.select(value, number)
        order = (value.asc().nulls_first(), number.desc()) if backwards else (value.desc().nulls_last(), number.asc())
        rows: list[Key] = found.sort(*order).limit(limit).fetchall()
    return rows


def _met(
    connection: duckdb.DuckDBPyConnection, table: duckdb.DuckDBPyRelation, where: Iterable[Condition],
    *only: Sequence[int] | None,
) -> duckdb.DuckDBPyRelation:  # fmt: skip
    held = values.holds(where)
    found = table if held is None else table.filter(held)
    return reduce(lambda rows, numbers: values.of_customers(connection, rows, numbers), only, found)


def _beyond(
    value: Expression, number: Expression, at: Decimal | date | None, who: int, *, backwards: bool
) -> Expression:
    """Return the condition "after this one" in the order, or before it; who has no value stands last."""
    further = number < ConstantExpression(who) if backwards else number > ConstantExpression(who)
    if at is None:
        return value.isnotnull() | further if backwards else value.isnull() & further
    here = ConstantExpression(at)
    level = (value == here) & further
    return (value > here) | level if backwards else (value < here) | level | value.isnull()
