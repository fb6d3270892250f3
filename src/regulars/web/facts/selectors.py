"""What a person may read of the lake: each call takes the actor, and asks the workspace whose customers are whose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from duckdb import ColumnExpression

from regulars.web.core.actor import Actor
from regulars.web.core.once import once
from regulars.web.facts import history, margin, rhythms, totals, values
from regulars.web.facts.access import reading
from regulars.web.facts.comparing import compared, largest_moves, moved_rows
from regulars.web.facts.contracts import contract_figures, contract_people, contracts_of
from regulars.web.facts.kept import kept
from regulars.web.facts.movements import Moves
from regulars.web.facts.ordered import in_order, numbers_where
from regulars.web.facts.reach import CustomerOrId, reached, reached_among, reached_numbers
from regulars.web.facts.retention import retention
from regulars.web.facts.shapes import Cell, Condition, Line, Order, Product, Rhythm, Step, Waterfall
from regulars.web.facts.standing import Place, standing
from regulars.web.facts.structure import cohorts, structure, sums, values_at
from regulars.web.facts.totals import FEWEST
from regulars.web.facts.whatif import what_if

__all__ = [
    "FEWEST",
    "Cell",
    "Condition",
    "Line",
    "Moves",
    "Order",
    "Place",
    "Product",
    "Rhythm",
    "Step",
    "Waterfall",
    "aggregate",
    "cohorts",
    "compared",
    "contract_figures",
    "contract_people",
    "contracts_of",
    "customers_where",
    "in_order",
    "largest_moves",
    "moved_rows",
    "numbers_where",
    "orders_of",
    "products_of",
    "retention",
    "returns_of",
    "rhythm",
    "standing",
    "structure",
    "sums",
    "table",
    "value_row",
    "value_rows",
    "values_at",
    "waterfall",
    "what_if",
]  # fmt: skip


def orders_of(actor: Actor, customer: CustomerOrId, *, until: date | None = None, limit: int = 50) -> list[Order]:
    """Return a customer's orders with their lines, newest first, returns among them.

    Parameters
    ----------
    until
        The last day to read: the next page begins with the day of the last order shown.
    """
    number = reached(actor, customer)
    with reading():
        return history.orders(number, costs=actor.sees("cost"), until=until, limit=limit, kind=None)


def returns_of(actor: Actor, customer: CustomerOrId, *, limit: int = 50) -> list[Order]:
    """Return what a customer gave back, newest first; each line names the order that it gives back, where known."""
    number = reached(actor, customer)
    with reading():
        return history.orders(number, costs=actor.sees("cost"), until=None, limit=limit, kind="return")


def products_of(actor: Actor, customer: CustomerOrId, *, limit: int = 20) -> list[Product]:
    """Return what a customer bought, net of what came back, most money first."""
    number = reached(actor, customer)
    with reading():
        return history.products(number, limit=limit)


def waterfall(actor: Actor, customer: CustomerOrId) -> Waterfall | None:
    """Return where a customer's revenue of the trailing twelve months went, by the current valuation.

    None without a valuation that knows the customer. Who may not read costs gets sales, returns and net revenue.
    """
    row = value_row(actor, customer)
    run = values.run_of()
    if row is None or run is None:
        return None
    with reading():
        return margin.waterfall(row, run, costs=actor.sees("cost"))


def rhythm(actor: Actor, customer: CustomerOrId) -> Rhythm | None:
    """Return when a customer bought and when the next order is due; None where nothing was ever bought."""
    number = reached(actor, customer)
    run = values.run_of()
    row = value_row(actor, customer) if actor.may("valuations.read") else None
    with reading():
        return rhythms.rhythm(number, row, run)


def value_row(actor: Actor, customer: CustomerOrId, *, valuation: int | None = None) -> dict[str, Any] | None:
    """Return the customer's whole row of the current valuation (or of `valuation`), with `current_value` by its basis.

    None where no valuation knows the customer. Costs are None for who may not read them.
    """
    number = reached(actor, customer)
    return next(iter(value_rows(actor, [number], valuation=valuation)), None)


def value_rows(
    actor: Actor, customers: Sequence[CustomerOrId], *, valuation: int | None = None
) -> list[dict[str, Any]]:
    """Return the whole rows of those of `customers` that `actor` reaches, by number."""
    actor.require("valuations.read")
    numbers = reached_among(actor, customers)
    run = values.run_of(valuation)
    if run is None or not numbers:
        return []

    def read() -> list[dict[str, Any]]:
        with reading() as connection:
            found = values.of_customers(connection, values.open_file(connection, run), numbers)
            rows: list[dict[str, Any]] = found.order("customer_id").to_arrow_table().to_pylist()
            return rows

    rows = once(("values", run.valuation_id, *numbers), read)
    hidden = frozenset() if actor.sees("cost") else values.COSTS
    return [{name: None if name in hidden else value for name, value in row.items()} for row in rows]


def table(
    actor: Actor,
    columns: Sequence[str],
    *,
    where: Iterable[Condition] = (),
    order: Sequence[str] = ("customer_id",),
    limit: int | None = None,
    valuation: int | None = None,
) -> pa.Table:
    """Return columns of a valuation for the customers that `actor` reaches: for charts, exports, uncommon filters.

    Parameters
    ----------
    order
        Columns, ``-`` for descending; nulls come last.

    Raises
    ------
    PermissionDenied
        When a column of costs is asked for, also in a condition or an order, by who may not read costs.
    ValueError
        When a column is none of a valuation's.
    """
    actor.require("valuations.read")
    conditions = list(where)
    sorts = [name.removeprefix("-") for name in order]
    _refuse_costs(actor, [*columns, *sorts, *(condition.column for condition in conditions)])
    numbers = reached_numbers(actor)
    run = values.run_of(valuation)
    if run is None:
        return pa.table({name: pa.array([], pa.null()) for name in columns})
    with reading() as connection:
        found = values.of_customers(connection, values.open_file(connection, run), numbers)
        held = values.holds(conditions)
        found = found if held is None else found.filter(held)
        if order:
            found = found.sort(*[_sort(name) for name in order])
        found = found if limit is None else found.limit(limit)
        return found.select(*[ColumnExpression(name) for name in columns]).to_arrow_table()


def customers_where(actor: Actor, where: Iterable[Condition], *, valuation: int | None = None) -> list[int]:
    """Return the numbers of the customers that meet every condition, of those whom `actor` reaches."""
    found = table(actor, ["customer_id"], where=where, valuation=valuation)
    numbers: list[int] = found["customer_id"].to_pylist()
    return numbers


def aggregate(
    actor: Actor,
    by: Sequence[str],
    *,
    where: Iterable[Condition] = (),
    everyone: bool = False,
    valuation: int | None = None,
) -> list[Cell]:
    """Return customers, values and chances by classes, sorted by class.

    Parameters
    ----------
    by
        Dimensions, any of `values.DIMENSIONS`; none: one cell of everybody.
    where
        Which customers alone to count.
    everyone
        All customers of the workspace instead of those whom `actor` reaches.

    Notes
    -----
    Where the cells hold customers whose records `actor` may not open, cells of fewer than `totals.FEWEST` are hidden,
    and one more where the hidden one would follow from the others' sum.
    """
    actor.require("valuations.read")
    conditions = list(where)
    _refuse_costs(actor, [condition.column for condition in conditions])
    for name in by:
        values.dimension(name)
    opens_records = actor.may("customers.read")
    of = actor if opens_records and not everyone else None
    sees_all = opens_records and (actor.scope == "all" or not everyone)
    run = values.run_of(valuation)
    if run is None:
        return []

    def reckon(numbers: Sequence[int] | None) -> list[Cell]:
        with reading() as connection:
            found = values.of_customers(connection, values.open_file(connection, run), numbers)
            held = values.holds(conditions)
            return totals.cells(found if held is None else found.filter(held), by)

    if conditions:
        cells = reckon(None if of is None else reached_numbers(of))
    else:
        cells = kept(f"cells:{run.valuation_id}:{','.join(by)}", of, reckon)
    return cells if sees_all else totals.hide_small(cells)


def _refuse_costs(actor: Actor, names: Iterable[str]) -> None:
    if values.COSTS.intersection(names):
        actor.require("fields.cost")


def _sort(name: str) -> Any:
    column = name.removeprefix("-")
    if column not in {*values.COLUMNS, "current_value"}:
        raise ValueError(f"{column!r} is no column of a valuation")
    by = ColumnExpression(column)
    return (by.desc() if name.startswith("-") else by.asc()).nulls_last()
