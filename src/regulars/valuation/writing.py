"""Writing `customer_value.parquet`: sorted by customer, the same bytes for the same inputs."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from regulars.engine import Frame, persist, scan_parquet, to_arrow
from regulars.valuation.columns import contract

ROW_GROUP = 122_880


def write_customer_value(customers: Frame, path: Path) -> None:
    """Write one row a customer, sorted by `customer_id`, whatever order and threads they come from.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    table = contract(customers).sort("customer_id")
    if table.implementation.is_duckdb():
        table.to_native().to_parquet(str(path), compression="zstd", row_group_size=ROW_GROUP)
    else:
        pq.write_table(to_arrow(table), path, compression="zstd", row_group_size=ROW_GROUP)


def stored(customers: Frame, path: Path | None) -> Frame:
    """Compute the customers once: into the file at `path`, which is then read from, or else into the engine."""
    if path is None:
        return persist(contract(customers))
    write_customer_value(customers, path)
    return scan_parquet(customers, path)
