"""The value matrix as a picture: customers counted in cells of a logarithmic grid, however many they are."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import Any

import narwhals as nw

from regulars.engine import Frame, money_sum, to_arrow

CELLS = 32
DECADES = 5.0
"""The grid reaches at most this many powers of ten below the largest value."""

FINE, TAIL, NARROWEST = 100, 0.02, 1.0
"""It begins where all but this share of the customers do, found in a finer grid, and spans a power of ten at least."""


def matrix_cells(customers: Frame, current: str, future: str = "future_value") -> dict[str, Any] | None:
    """Count customers by current and future value.

    What is less than the first edge, losses too, sits in the first column or row.

    Parameters
    ----------
    customers
        ``customer_id, matrix`` and the two value columns.
    current, future
        Names of the value columns.

    Returns
    -------
    dict or None
        ``x_edges, y_edges`` (ascending, CELLS + 1 each) and ``cells``: ``i, j`` (column, row), ``n``, ``value`` (sum of
        current value), ``key`` (class). None where no customer has a class.
    """
    placed = customers.filter(~nw.col("matrix").is_null()).select(
        "matrix",
        nw.col(current).alias("value"),
        nw.col(current).cast(nw.Float64).alias("a"),
        nw.col(future).cast(nw.Float64).alias("b"),
    )
    top = to_arrow(placed.select(nw.col("a").max(), nw.col("b").max(), nw.len().alias("n"))).to_pylist()[0]
    if not top["n"]:
        return None
    x, y = _edges(placed, "a", top["a"]), _edges(placed, "b", top["b"])
    cells = placed.with_columns(i=_cell("a", x), j=_cell("b", y)).group_by("i", "j", "matrix")
    counted = to_arrow(cells.agg(nw.len().alias("n"), money_sum("value").alias("value"))).to_pylist()
    return {
        "x_edges": x,
        "y_edges": y,
        "cells": [
            {"i": int(c["i"]), "j": int(c["j"]), "n": int(c["n"]), "value": float(c["value"]), "key": c["matrix"]}
            for c in sorted(counted, key=lambda c: (c["i"], c["j"], c["matrix"]))
        ],
    }


def _edges(placed: Frame, column: str, largest: float | None) -> list[float]:
    """Return edges that show nearly everybody: a shop whose customers are alike gets a picture as full as any."""
    high = math.log10(max(largest or 0.0, 1.0)) * 1.000001
    widest = _between(max(high - DECADES, -1.0), high, FINE)
    counted = to_arrow(placed.group_by(_cell(column, widest).alias("k")).agg(nw.len().alias("n"))).to_pylist()
    n = {int(row["k"]): int(row["n"]) for row in counted if row["k"]}  # those in the first cell have less than it shows
    reached = accumulate(n.get(k, 0) for k in range(FINE))
    first = next((k for k, below in enumerate(reached) if below > TAIL * sum(n.values())), 0)
    low = math.log10(widest[max(first - 2, 0)])
    return _between(max(min(low, high - NARROWEST), -1.0), high, CELLS)


def _between(low: float, high: float, n: int) -> list[float]:
    return [10 ** (low + (high - low) * k / n) for k in range(n + 1)]


def _cell(column: str, edges: list[float]) -> nw.Expr:
    low, high, n = math.log(edges[0]), math.log(edges[-1]), len(edges) - 1
    positive = nw.when(nw.col(column) > edges[0]).then(nw.col(column)).otherwise(edges[0])
    return ((positive.log() - low) * (n / (high - low))).floor().cast(nw.Int64).clip(0, n - 1)
