"""Naive rules that need no model: what a forecast has to beat."""

from __future__ import annotations

import numpy as np

from regulars.prove.origins import Cells, Floats
from regulars.words import T

BASELINES: dict[str, T] = {
    "repeats": T(zh="至今复购次数", en="repeat purchases so far"),
    "own_rate": T(zh="各自的购买频率不变", en="everyone keeps their own rate"),
    "mean_rate": T(zh="人人都按平均频率", en="everyone at the mean rate"),
    "zero": T(zh="没有人再来", en="nobody returns"),
}


def baseline(key: str, cells: Cells) -> Floats:
    """Return what a naive rule expects in the hold-out, one element a cell.

    ``repeats``: as many as so far, whatever the horizon; ``own_rate``: x / T · horizon; ``mean_rate``: Σx / ΣT ·
    horizon for everyone; ``zero``: nothing.
    """
    if key == "repeats":
        return cells.x
    if key == "own_rate":
        rate: Floats = np.divide(cells.x, cells.T, out=np.zeros(cells.x.size), where=cells.T > 0)
        return rate * cells.horizon
    if key == "mean_rate":
        age = float(cells.count @ cells.T)
        return np.full(cells.x.size, float(cells.count @ cells.x) / age * cells.horizon if age > 0 else 0.0)
    if key == "zero":
        return np.zeros(cells.x.size)
    raise KeyError(key)
