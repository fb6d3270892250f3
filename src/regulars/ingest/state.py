"""What the first pass over a source leaves behind, and what it counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.ingest import rules
from regulars.ingest.columns import Found
from regulars.ingest.lines import Plan
from regulars.ingest.options import ReadOptions
from regulars.ingest.source import Source


@dataclass(slots=True)
class Days:
    """Rows and money by bits and day: all that counting needs."""

    table: pa.Table

    def combinations(self, as_of: date, repeats: pa.Table | None) -> dict[int, tuple[int, Decimal]]:
        """Return rows and money by all bits, duplicates and lateness among them."""
        total: dict[int, tuple[int, Decimal]] = {}

        def add(bits: int, day: date | None, n: int, money: Decimal) -> None:
            late = rules.BIT["after_as_of"] if day is not None and day > as_of else 0
            have = total.get(bits | late, (0, Decimal(0)))
            total[bits | late] = (have[0] + n, have[1] + money)

        for row in self.table.to_pylist():
            add(row["flags"], row["day"], row["n"], row["money"] or Decimal(0))
        for row in repeats.to_pylist() if repeats is not None else []:
            money = row["money"] or Decimal(0)
            add(row["flags"], row["day"], -row["n"], -money)
            add(row["flags"] | rules.BIT["duplicate"], row["day"], row["n"], money)
        return {bits: both for bits, both in total.items() if both[0]}

    def usable(self) -> dict[date, int]:
        """Return the usable rows of each day."""
        found: dict[date, int] = {}
        for row in self.table.to_pylist():
            if row["flags"] == 0:
                found[row["day"]] = found.get(row["day"], 0) + row["n"]
        return dict(sorted(found.items()))

    def sum(self, column: str) -> int:
        """Return the total of a count over usable rows."""
        return sum(row[column] or 0 for row in self.table.to_pylist() if row["flags"] == 0)


def by_day(lines: engine.Frame) -> pa.Table:
    """Count rows, money, zero amounts and returns by bits and day, in one query."""

    def counted(condition: nw.Expr, name: str) -> nw.Expr:
        return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum().cast(nw.Int64).alias(name)

    back = (nw.col("quantity") < 0) | (nw.col("net_amount") < 0)
    grouped = lines.with_columns(nw.col("at").cast(nw.Date).alias("day")).group_by("flags", "day")
    return engine.to_arrow(
        grouped.agg(
            nw.len().cast(nw.Int64).alias("n"),
            engine.money_sum("net_amount").alias("money"),
            counted(nw.col("net_amount") == 0, "n_zero"),
            counted(back, "n_back"),
        ).sort("flags", "day", nulls_last=True)
    )


@dataclass(slots=True)
class State:
    """What the first pass left behind."""

    opened: Source
    asked: ReadOptions
    found: list[Found]
    how: Plan
    lines: engine.Frame
    days: Days
    cells: engine.Frame | None
    broken: pa.Table
