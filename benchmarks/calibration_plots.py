"""The pictures of the calibration page."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from regulars.prove.calibration import PROCESSES
from regulars.prove.rate import Rate

INK, PALE, WARM = "#1d5c6b", "#9cc3c9", "#c8643c"
NAIVE = {"repeats": "repeats so far", "own_rate": "own rate", "zero": "zero for all"}


def columns(found: dict[str, Any], name: str) -> list[Any]:
    """Return one figure of every company, in the order of their numbers."""
    return [found[key][name] for key in sorted(found, key=lambda k: (len(k), k))]


def _figure(width: float, height: float, columns: int = 1) -> Any:
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "regulars", "font.family": "sans-serif",
                         "font.size": 9,
                         "axes.spines.top": False, "axes.spines.right": False})  # fmt: skip
    return plt.subplots(1, columns, figsize=(width, height), layout="constrained", sharey=columns > 1)


def _save(figure: Any, path: Path) -> None:
    import matplotlib.pyplot as plt

    figure.patch.set_facecolor("white")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def pits(got: dict[str, dict[str, Any]], path: Path) -> None:
    """Draw the PIT histogram of each model."""
    figure, axes = _figure(8.2, 2.3, len(got))
    for axis, (process, found) in zip(np.atleast_1d(axes), got.items(), strict=True):
        shares = np.mean(columns(found, "pit"), axis=0)
        axis.bar(np.arange(10) / 10 + 0.05, shares, width=0.09, color=PALE)
        axis.axhline(0.1, color=INK, linewidth=1)
        axis.set(title=PROCESSES[process], xlabel="PIT", ylim=(0, 0.14))
    np.atleast_1d(axes)[0].set_ylabel("share of customers")
    _save(figure, path)


def parameters(got: dict[str, dict[str, Any]], path: Path) -> None:
    """Draw how often each parameter's interval holds the truth."""
    figure, axis = _figure(8.2, 2.8)
    labels = []
    for process, found in got.items():
        inside = columns(found, "inside")
        for name in inside[0]:
            hits = Rate(sum(each[name] for each in inside), len(inside))
            at = len(labels)
            axis.plot([at, at], [hits.low, hits.high], color=PALE, linewidth=5, solid_capstyle="round")
            axis.plot([at], [hits.share], "o", color=INK, markersize=4)
            labels.append(name)
        model = PROCESSES[process]
        axis.text(len(labels) - (len(inside[0]) + 1) / 2, 1.005, model, ha="center", va="bottom", fontsize=8)
        if len(labels) > len(inside[0]):
            axis.axvline(len(labels) - len(inside[0]) - 0.5, color=PALE, linewidth=0.6)
    axis.axhline(0.9, color=WARM, linewidth=1)
    axis.set(ylim=(0.7, 1.0), ylabel="truth inside")
    axis.set_xticks(range(len(labels)), labels)
    _save(figure, path)


def worlds(found: dict[str, list[dict[str, Any]]], path: Path) -> None:
    """Draw naive rules' errors over the model's."""
    figure, axis = _figure(7.2, 0.5 * len(found) + 0.9)
    marks = {"repeats": ("s", PALE), "own_rate": ("D", PALE), "zero": ("v", WARM)}
    for at, trials in enumerate(found.values()):
        for key, (mark, colour) in marks.items():
            ratio = np.mean([t["rmse"][key] / t["rmse"]["model"] for t in trials])
            axis.plot([ratio], [at], mark, color=colour, label=NAIVE[key] if at == 0 else None)
    axis.axvline(1, color=INK, linewidth=1)
    axis.set(xlabel="RMSE of the naive rule / RMSE of the model (left of the line the model loses)")
    axis.set_yticks(range(len(found)), list(found))
    axis.invert_yaxis()
    axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    _save(figure, path)


def small(ends: dict[str, Counter[str]], path: Path) -> None:
    """Draw how the fits to small samples of each model end."""
    figure, axis = _figure(8.2, 0.32 * len(ends) + 0.9)
    colours = {"ok": PALE, "boundary": INK, "not enough data": WARM}
    words = {"ok": "inside", "boundary": "at a boundary, named", "not enough data": "not enough data, said"}
    for at, counted in enumerate(ends.values()):
        left = 0.0
        for end, colour in colours.items():
            share = counted[end] / counted.total()
            axis.barh(at, share, left=left, color=colour, label=words[end] if at == 0 else None)
            left += share
    axis.set(xlim=(0, 1), xlabel="share of samples")
    axis.set_yticks(range(len(ends)), list(ends))
    axis.invert_yaxis()
    axis.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    _save(figure, path)


def refits(shares: dict[str, dict[str, list[float]]], path: Path) -> None:
    """Draw how often a refit is called for by week, where nothing and where something changes."""
    figure, axes = _figure(8.2, 2.4, len(shares))
    styles = {"steady": (INK, "o-"), "less": (WARM, "s-"), "more": (PALE, "D-"), "others": ("#8a8a8a", "v-")}
    words = {"steady": "nothing changes", "less": "30 % fewer", "more": "30 % more", "others": "others buy"}
    for axis, (size, found) in zip(np.atleast_1d(axes), shares.items(), strict=True):
        for kind, (colour, style) in styles.items():
            weeks = range(1, 14) if kind == "steady" else (4, 8, 13)
            axis.plot(weeks, found[kind], style, color=colour, markersize=3, linewidth=1, label=words[kind])
        axis.set(title=f"{size} customers", xlabel="weeks since the fit", ylim=(-0.03, 1.03))
    np.atleast_1d(axes)[0].set_ylabel("refit called for")
    np.atleast_1d(axes)[-1].legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    _save(figure, path)
