"""How the base is built: concentration, pyramid, matrix, RFM, tiers, visits."""

from __future__ import annotations

from typing import Any

from regulars.decide.playbook import DEFAULT
from regulars.measure.concentration import concentration
from regulars.segment.pyramid import pyramid
from regulars.segment.rfm import rfm_cells
from regulars.segment.tiers import crosstab, tier_summary
from regulars.segment.visits import partial_note, visit_summary
from regulars.valuation.figures.matrix import matrix_cells
from regulars.valuation.run import Valuation


def concentration_figures(v: Valuation) -> dict[str, Any]:
    """Return the curve and its findings."""
    found = concentration(v.customers, value=v.basis)
    return {
        "points": [list(point) for point in found.points],
        "top10": found.top10,
        "top20": found.top20,
        "share_for_80": found.share_for_80,
        "n_negative": found.n_negative,
        "negative_value": float(found.negative_value),
        "tail": found.sentence.as_dict(),
    }


def pyramid_figures(v: Valuation) -> list[dict[str, Any]]:
    """Return the three triangles' shares with each class' strategy."""
    if v.future is None:
        return []
    return [
        {
            "key": level.key,
            "n": level.n,
            "share_n": level.share_n,
            "current": float(level.current),
            "profit": float(level.profit),
            "share_profit": level.share_profit,
            "resources": None if level.resources is None else float(level.resources),
            "share_resources": level.share_resources,
            "strategy": DEFAULT.classes[level.key].title.as_dict(),
            "resource_grade": DEFAULT.classes[level.key].grade.as_dict(),
        }
        for level in pyramid(v.customers, value=v.basis)
    ]


def matrix_figures(v: Valuation, keys: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the matrix' cells, its two lines and a few customers by name."""
    if v.future is None:
        return None
    cells = matrix_cells(v.customers, v.basis)
    rule = v.rules.matrix
    if cells is None:
        return None
    return {
        "threshold_current": rule.current,
        "threshold_future": rule.future,
        "quantile": rule.quantile,
        **cells,
        "key_customers": keys,
    }


def rfm_figures(v: Valuation) -> dict[str, Any]:
    """Return the recency × frequency grid with its edges."""
    cells = [
        {"r": int(c["r"]), "f": int(c["f"]), "n": c["n"], "value": float(c["value"] or 0)}  # type: ignore[call-overload, arg-type]
        for c in rfm_cells(v.customers, value="lifetime_revenue")
    ]
    return {"edges": v.rules.rfm.as_dict(), "cells": cells}


def tier_figures(v: Valuation) -> dict[str, Any]:
    """Return the tiers, and how they cross the matrix."""
    tiers = [{**row, "current": float(row["current"])} for row in tier_summary(v.customers, value=v.basis)]  # type: ignore[arg-type]
    return {"tiers": tiers, "crosstab": crosstab(v.customers) if v.future is not None else []}


def visit_figures(v: Valuation) -> dict[str, Any]:
    """Return the visit classes of the month against the month before."""
    note = partial_note(v.rules.visits, v.orders.as_of)
    return {
        "month": v.rules.visits.month.isoformat(),
        "note": note.as_dict() if note else None,
        **visit_summary(v.customers),
    }
