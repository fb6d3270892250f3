"""How the base is built: concentration, pyramid, matrix, RFM, tiers, visits."""

from __future__ import annotations

from datetime import date
from typing import Any

from regulars.decide.playbook import DEFAULT
from regulars.engine import Frame
from regulars.measure.concentration import concentration
from regulars.segment.pyramid import pyramid
from regulars.segment.rfm import rfm_cells
from regulars.segment.tiers import crosstab, tier_summary
from regulars.segment.visits import visit_summary
from regulars.valuation.figures.matrix import matrix_cells
from regulars.words import T


def concentration_figures(customers: Frame, basis: str) -> dict[str, Any]:
    """Return the curve and its findings."""
    found = concentration(customers, value=basis)
    return {
        "points": [list(point) for point in found.points],
        "top10": found.top10,
        "top20": found.top20,
        "share_for_80": found.share_for_80,
        "n_negative": found.n_negative,
        "negative_value": float(found.negative_value),
        "tail": found.sentence.as_dict(),
    }


def pyramid_figures(customers: Frame, basis: str) -> list[dict[str, Any]]:
    """Return the three triangles' shares with each class' strategy; nothing where no customer has a class."""
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
        for level in pyramid(customers, value=basis)
    ]


def matrix_figures(
    customers: Frame, basis: str, lines: dict[str, Any], keys: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """Return the matrix' cells, its two lines and a few customers by name; None where no customer has a class.

    Parameters
    ----------
    lines
        ``quantile``, ``current`` and ``future``: where the classes were cut.
    """
    cells = matrix_cells(customers, basis)
    if cells is None:
        return None
    return {
        "threshold_current": lines["current"],
        "threshold_future": lines["future"],
        "quantile": lines["quantile"],
        **cells,
        "key_customers": keys,
    }


def rfm_figures(customers: Frame, edges: dict[str, list[float]]) -> dict[str, Any]:
    """Return the recency × frequency grid with its edges."""
    cells = [
        {"r": int(c["r"]), "f": int(c["f"]), "n": c["n"], "value": float(c["value"] or 0)}  # type: ignore[call-overload, arg-type]
        for c in rfm_cells(customers, value="lifetime_revenue")
    ]
    return {"edges": edges, "cells": cells}


def tier_figures(customers: Frame, basis: str) -> dict[str, Any]:
    """Return the tiers, and how they cross the matrix."""
    tiers = [{**row, "current": float(row["current"])} for row in tier_summary(customers, value=basis)]  # type: ignore[arg-type]
    return {"tiers": tiers, "crosstab": crosstab(customers)}


def visit_figures(customers: Frame, month: date, note: T | None) -> dict[str, Any]:
    """Return the visit classes of the month against the month before."""
    return {"month": month.isoformat(), "note": note.as_dict() if note else None, **visit_summary(customers)}
