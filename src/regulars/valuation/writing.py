"""Writing `customer_value.parquet`: sorted by customer, the same bytes for the same inputs."""

from __future__ import annotations

from pathlib import Path

from regulars.engine import Frame, persist, scan_parquet, write_parquet
from regulars.valuation.columns import contract


def write_customer_value(customers: Frame, path: Path) -> None:
    """Write one row a customer, sorted by `customer_id`, whatever order and threads they come from.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    write_parquet(contract(customers).sort("customer_id"), path)


def stored(customers: Frame, path: Path | None) -> Frame:
    """Compute sorted customers once: into the file at `path`, which is then read from, or else into the engine."""
    table = contract(customers)
    if path is None:
        return persist(table)
    write_parquet(table, path)
    return scan_parquet(customers, path)
