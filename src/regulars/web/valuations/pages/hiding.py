"""Figures for who may read values but not open records: what would tell of a few customers is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regulars.web.facts.selectors import FEWEST


def hidden(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return figures without names and without cells of fewer than `FEWEST` customers.

    Where one cell alone is that small the next smallest goes, too: it would follow from the sum of the others. A curve
    whose steps are of fewer customers goes as a whole.
    """
    shown = dict(figures)
    shown["contact"], shown["top"] = [], []
    for part in ("matrix", "rfm"):
        if figures.get(part):
            shown[part] = {**figures[part], "cells": large(figures[part]["cells"]), "key_customers": []}
    classes = [row for row in figures.get("pyramid") or [] if row["n"]]
    if len(large(classes)) < len(classes):
        shown["pyramid"] = []
    shown["crosstab"] = large(figures.get("crosstab") or [])
    curve = figures.get("concentration")
    if curve and (figures["meta"].get("n_customers") or 0) < FEWEST * len(curve["points"]):
        shown["concentration"] = {**curve, "points": _coarse(curve["points"], figures["meta"].get("n_customers") or 0)}
    if curve and 0 < curve["n_negative"] < FEWEST:
        shown["concentration"] = {**shown["concentration"], "n_negative": 0, "negative_value": 0.0}
    cohort = figures.get("cohort")
    if cohort:
        shown["cohort"] = {**cohort, "rows": [row for row in cohort["rows"] if row["n"] >= FEWEST]}
    return shown


def large(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the cells that are large enough to be shown."""
    kept = [cell for cell in cells if cell["n"] >= FEWEST]
    if len(kept) == len(cells) - 1 and kept:
        kept.remove(min(kept, key=lambda cell: cell["n"]))
    return kept


def _coarse(points: list[list[float]], n: int) -> list[list[float]]:
    """Return the points that have at least `FEWEST` customers between them."""
    kept: list[list[float]] = []
    for point in points:
        if not kept or (point[0] - kept[-1][0]) * n >= FEWEST:
            kept.append(point)
    return kept
