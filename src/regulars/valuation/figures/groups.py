"""What a valuation found of groups of customers, such as stores: whether they earned their place, and each of them."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from regulars.engine import to_arrow
from regulars.measure.lifetime.grouped import Grouped
from regulars.measure.lifetime.grouped_law import REST
from regulars.prove.grouping import group_rows
from regulars.valuation.columns import GROUP
from regulars.valuation.run import Valuation


def groups_figures(v: Valuation) -> dict[str, Any] | None:
    """Return whether groups earned their place and what was found of each; None where none were asked for.

    Returns
    -------
    dict
        ``verdict`` (`regulars.prove.grouping.Verdict.as_dict`), ``held_out`` (the gain on the last origin), ``weeks``
        (the horizon), ``in_use``, ``rows``: of each group ``name`` (None: those taken together), ``customers,
        parameters, weight, new_purchases`` as `regulars.prove.grouping.group_rows` has them, and ``mean_value``, the
        mean future value of its customers. Where groups are not in use the rows are those that the hold-out tried,
        without a value.
    """
    verdict = (v.choice or {}).get("groups")
    if verdict is None:
        return None
    if v.given is not None and not isinstance(v.given.models.model, Grouped):
        return v.given.card.get("groups")
    in_use = v.future is not None and isinstance(v.future.model, Grouped)
    model = v.future.model if v.future is not None and in_use else v.card.grouped if v.card else None
    weeks = v.settings.horizon_weeks
    rows = group_rows(model, weeks=weeks) if isinstance(model, Grouped) else []
    means = _mean_values(v, model) if in_use and isinstance(model, Grouped) else {}
    return {
        "verdict": verdict,
        "held_out": (v.holdout or {}).get("by_groups"),
        "weeks": weeks,
        "in_use": in_use,
        "rows": [{**row, "mean_value": means.get(row["name"] or REST)} for row in rows],
    }


def _mean_values(v: Valuation, model: Grouped) -> dict[str, float]:
    known = v.customers.filter(~nw.col("future_value").is_null())
    sums = known.group_by(GROUP).agg(
        nw.len().cast(nw.Int64).alias("n"), nw.col("future_value").sum().cast(nw.Float64).alias("value")
    )
    n: dict[str, int] = {}
    value: dict[str, float] = {}
    for row in sorted(to_arrow(sums).to_pylist(), key=lambda row: row[GROUP] or ""):
        name = row[GROUP] if row[GROUP] in model.own else REST
        n[name] = n.get(name, 0) + row["n"]
        value[name] = value.get(name, 0.0) + row["value"]
    return {name: value[name] / n[name] for name in n}
