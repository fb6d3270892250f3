"""Computing a step once: what follows reads its result and no longer knows how it came about."""

from __future__ import annotations

from typing import Any

from regulars import engine


def keep(table: engine.Frame) -> engine.Frame:
    """Compute `table` once and return a frame that reads the result.

    Spark plans the whole way to a cached table anew with every query on it, and each step of linking returns doubles
    that way: there the result is cut off from its origin.
    """
    if table.implementation.is_pyspark() or table.implementation.is_pyspark_connect():
        native: Any = table.to_native()
        return engine.frame(native.localCheckpoint())
    return engine.persist(table)
