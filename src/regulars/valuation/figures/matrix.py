"""The value matrix as a picture: customers counted in cells of a logarithmic grid, however many they are."""

from __future__ import annotations

import math
from typing import Any

import narwhals as nw

from regulars.engine import Frame, money_sum, to_arrow

CELLS = 32
DECADES = 5.0
"""The grid reaches this many powers of ten below the largest value; what is less sits in its first row or column."""


def matrix_cells(customers: Frame, current: str, future: str = "future_value") -> dict[str, Any] | None:
    """Count customers by current and future value.

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
    x, y = _edges(top["a"]), _edges(top["b"])
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


def _edges(largest: float | None) -> list[float]:
    high = math.log10(max(largest or 0.0, 1.0)) * 1.000001
    low = max(high - DECADES, -1.0)
    return [10 ** (low + (high - low) * k / CELLS) for k in range(CELLS + 1)]


def _cell(column: str, edges: list[float]) -> nw.Expr:
    low, high = math.log(edges[0]), math.log(edges[-1])
    positive = nw.when(nw.col(column) > edges[0]).then(nw.col(column)).otherwise(edges[0])
    return ((positive.log() - low) * (CELLS / (high - low))).floor().cast(nw.Int64).clip(0, CELLS - 1)
