"""Aggregates over a valuation's file, and which of their cells are too small to be shown to everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from regulars.web.facts.shapes import Cell
from regulars.web.facts.values import dimension

FEWEST = 10
"""Customers that a cell needs before it is shown to somebody who cannot open their records."""

_MONEY = ("current_value", "future_value", "customer_value", "value_at_risk")


def cells(rows: duckdb.DuckDBPyRelation, by: Sequence[str]) -> list[Cell]:
    """Return one cell for every combination of the dimensions that occurs."""
    names = [f"d{i}" for i in range(len(by))]
    kept = rows.select(
        *[dimension(name).alias(alias) for name, alias in zip(by, names, strict=True)], *_MONEY, "p_alive", "at_risk"
    )
    measures = [
        "count(*)::bigint as n",
        *[f"sum({name})::decimal(38, 4) as {name}" for name in _MONEY],
        "sum(p_alive::decimal(18, 12))::double as still_buying",  # the same whatever the order
        "count(*) filter (at_risk)::bigint as at_risk",
    ]
    grouped = kept.aggregate(", ".join([*names, *measures]), ", ".join(names))
    ordered = grouped.order(", ".join(f"{name} nulls last" for name in names)) if names else grouped
    found = ordered.fetchall()
    return [Cell(tuple(row[: len(names)]), *row[len(names) :]) for row in found]


def hide_small(found: Sequence[Cell]) -> list[Cell]:
    """Hide cells of fewer than `FEWEST` customers; where that is one alone, the next smallest, too.

    Otherwise the one would follow from a total and the other cells.
    """
    small = {cell.key for cell in found if (cell.n or 0) < FEWEST}
    others = sorted((cell for cell in found if cell.key not in small), key=lambda cell: (cell.n or 0, str(cell.key)))
    if len(small) == 1 and others:
        small.add(others[0].key)
    return [_hidden(cell) if cell.key in small else cell for cell in found]


def _hidden(cell: Cell) -> Cell:
    return replace(
        cell, n=None, current_value=None, future_value=None, customer_value=None, value_at_risk=None,
        still_buying=None, at_risk=None, hidden=True,
    )  # fmt: skip
