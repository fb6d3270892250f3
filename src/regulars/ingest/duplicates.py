"""Exact duplicates: the same line of the same order twice, every column of the source equal."""

from __future__ import annotations

import narwhals as nw

from regulars import engine

_NARROW = ("order_id", "line_no", "product_id", "quantity", "net_amount")
_SAME = ("order_id", "quantity", "net_amount")


def find(lines: engine.Frame, source: engine.Frame) -> engine.Frame | None:
    """Return the `_id` of every line that repeats an earlier one, or None where there is none.

    A cheap look at a few columns finds the lines that could be duplicates; those alone are compared in every column.

    Parameters
    ----------
    lines
        The typed lines, `order_id` among them.
    source
        The source's own columns and `_id`.
    """
    names = lines.collect_schema().names()
    numbered = lines.filter(~nw.col("order_id").is_null() & ~nw.col("net_amount").is_null())
    narrow = [c for c in _NARROW if c in names]
    groups = numbered.group_by(narrow).agg(nw.len().alias("_n")).filter(nw.col("_n") > 1)
    repeated = engine.distinct(groups, *_SAME)
    candidates = engine.persist(numbered.join(repeated, on=list(_SAME), how="semi").select("_id"))
    try:
        if not engine.n_rows(candidates):
            return None
        columns = [c for c in source.collect_schema().names() if c != "_id"]
        full = source.join(candidates, on="_id", how="semi")
        ranked = engine.row_number(full, order_by=["_id"], partition_by=columns, name="_nth")
        found = engine.persist(ranked.filter(nw.col("_nth") > 1).select("_id"))
    finally:
        engine.release(candidates)
    if engine.n_rows(found):
        return found
    engine.release(found)
    return None
