"""Order lines of records that were merged: they count for the record that was kept."""

from __future__ import annotations

from collections.abc import Iterable

import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.engine import Frame
from regulars.web.customers.selectors.for_lake import merged_numbers


def under_kept(lines: Frame) -> Frame:
    """Return lines under the numbers that their customers have now."""
    moved = merged_numbers()
    if not moved:
        return lines
    pairs = pa.table({"customer_id": pa.array(moved, pa.int64()), "_kept": pa.array(moved.values(), pa.int64())})
    joined = lines.join(engine.lookup(lines, pairs), on="customer_id", how="left")
    return joined.with_columns(nw.coalesce(nw.col("_kept"), nw.col("customer_id")).alias("customer_id")).drop("_kept")


def with_merged(numbers: Iterable[int]) -> list[int]:
    """Return the numbers under which the lake knows these customers: their own and those merged into them."""
    mine = set(numbers)
    return [*mine, *(old for old, kept in merged_numbers().items() if kept in mine)]
