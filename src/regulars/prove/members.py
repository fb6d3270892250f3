"""Who belongs to which group: the value of a column on the day of a customer's first purchase, which never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pyarrow as pa

from regulars import engine
from regulars.engine import Frame
from regulars.measure.lifetime.grouped_law import Membership
from regulars.words import T

CODE = "_group"
"""The column that says a customer's position in the names."""
MOST = 1_000
"""Groups that are told apart at all, the largest first."""
WHOSE = T(
    zh="每位客户属于首次购买那天的 {by}，此后不变。",
    en="A customer belongs to the {by} of their first purchase, for good.",
)


@dataclass(frozen=True)
class Members:
    """Customers' groups: `frame` has ``customer_id`` and `CODE`, persisted; who is in none of `names` has no row."""

    by: str
    names: tuple[str, ...]
    frame: Frame

    def join(self, customers: Frame) -> Frame:
        """Add `CODE` to rows with `customer_id`, −1 where no group is known."""
        found = customers.join(self.frame, on="customer_id", how="left")
        return found.with_columns(nw.col(CODE).fill_null(-1).alias(CODE))

    def membership(self, codes: pa.ChunkedArray) -> Membership:
        """Return the membership of rows with these codes."""
        return Membership(self.by, self.names, codes.to_numpy().astype(np.int64))

    def release(self) -> None:
        """Give back the room of the frame."""
        engine.release(self.frame)


def first_segments(lines: Frame, by: str) -> Frame:
    """Return ``customer_id, segment``: the value of `by` on the day of each customer's first purchase.

    That is known at every origin that knows the customer, and never changes. Of several values on that day the first in
    order counts; customers without one have no row.
    """
    sales = engine.frame(lines).filter(nw.col("kind") == "sale").select("customer_id", "occasion_date", segment=by)
    first = nw.col("occasion_date") == nw.col("occasion_date").min().over("customer_id")
    known = sales.filter(first).filter(~nw.col("segment").is_null())
    return known.group_by("customer_id").agg(nw.col("segment").min())


def members_of(lines: Frame, column: str, *, by: str, besides: Sequence[str] = ()) -> Members:
    """Return the groups that customers belong to by a column of their order lines.

    Parameters
    ----------
    lines, column
        The order lines, and which of their columns to go by.
    by
        What people call it.
    besides
        Groups to tell apart besides those of `FEWEST_CUSTOMERS` customers or more, the `MOST` largest.
    """
    from regulars.measure.lifetime.grouped import FEWEST_CUSTOMERS  # brings SciPy along: who only reads starts without

    firsts = engine.persist(first_segments(lines, column))
    sizes = firsts.group_by("segment").agg(n=nw.len().cast(nw.Int64)).filter(nw.col("n") >= FEWEST_CUSTOMERS)
    largest = sorted(engine.to_arrow(sizes).to_pylist(), key=lambda row: (-row["n"], row["segment"]))[:MOST]
    names = sorted({*besides, *(row["segment"] for row in largest)})
    codes = pa.table({"segment": pa.array(names, pa.string()), CODE: pa.array(range(len(names)), pa.int64())})
    joined = firsts.join(engine.lookup(firsts, codes), on="segment", how="inner").select("customer_id", CODE)
    frame = engine.persist(joined)
    engine.release(firsts)
    return Members(by, tuple(names), frame)
