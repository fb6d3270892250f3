"""The calibration page and its pictures, drawn from what `make calibrate` measured."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.calibration_words import (
    CUSTOMER_WORLDS,
    CUSTOMERS,
    FOOT,
    HEAD,
    REAL,
    REAL_AFTER,
    RECOVERY,
    SIMPLE,
    SMALL,
    VALUES,
    WORLDS,
)
from regulars.prove.calibration import PROCESSES
from regulars.prove.counted import WORLDS as COUNTED
from regulars.prove.rate import Rate

Parts = dict[str, dict[str, Any]]
INK, PALE, WARM = "#1d5c6b", "#9cc3c9", "#c8643c"
NAIVE = {"repeats": "repeats so far", "own_rate": "own rate", "zero": "zero for all"}


def draw(parts: Parts, docs: Path) -> None:
    """Write docs/calibration.md and the pictures that it shows."""
    pictures = docs / "images"
    pictures.mkdir(exist_ok=True)
    text = [
        HEAD,
        *recovery(parts, pictures),
        *counted(parts),
        *worlds(parts, pictures),
        *small(parts, pictures),
        *real(parts),
        FOOT,
    ]
    (docs / "calibration.md").write_text("\n\n".join(text) + "\n")


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def percent(value: float, digits: int = 1, *, sign: bool = False) -> str:
    return f"{value:{'+' if sign else ''}.{digits}%}".replace("-", "−")


def rate(hits: list[bool]) -> str:
    found = Rate(sum(hits), len(hits))
    return f"{percent(found.share)} ({percent(found.low)} – {percent(found.high)})"


def spread(values: list[float], digits: int = 1) -> str:
    """Mean with the 95 % interval of the mean."""
    error = 1.96 * np.std(values, ddof=1) / len(values) ** 0.5 if len(values) > 1 else float("nan")
    return f"{percent(float(np.mean(values)), digits, sign=True)} ± {percent(float(error), digits)}"


def number(values: list[float]) -> str:
    """Mean with the 95 % interval of the mean."""
    error = 1.96 * np.std(values, ddof=1) / len(values) ** 0.5 if len(values) > 1 else float("nan")
    return f"{np.mean(values):.3f} ± {error:.3f}"


def columns(found: dict[str, Any], name: str) -> list[Any]:
    return [found[key][name] for key in sorted(found, key=lambda k: (len(k), k))]


def recovery(parts: Parts, pictures: Path) -> list[str]:
    got = {process: parts.get(f"recovery {process}", {}) for process in PROCESSES}
    got = {process: found for process, found in got.items() if found}
    if not got:
        return ["## Truth recovered\n\nNot measured yet."]
    parameters, customers, values = [], [], []
    for process, found in got.items():
        model = PROCESSES[process]
        for name in next(iter(found.values()))["errors"]:
            errors = [each[name] for each in columns(found, "errors")]
            middle = f"{percent(float(np.expm1(np.median(errors))), sign=True)}"
            parameters.append([model, f"`{name}_`", middle, rate([each[name] for each in columns(found, "inside")])])
        pits = columns(found, "pit_p")
        customers.append(
            [model, f"{len(found):,}", rate([p < 0.05 for p in pits]),
             f"{np.median(columns(found, 'pit_distance')):.4f}",
             percent(float(np.mean(columns(found, "coverage")))), f"{np.mean(columns(found, 'width')):.2f}",
             rate(columns(found, "total_inside"))]
        )  # fmt: skip
        values.append(
            [model, spread(columns(found, "total_error")), spread(columns(found, "value_error")),
             number(columns(found, "value_slope")), percent(float(np.mean(columns(found, "value_coverage")))),
             f"{np.mean(columns(found, 'value_width')):.0f}"]
        )  # fmt: skip
    _pit_picture(got, pictures / "calibration-pit.svg")
    _coverage_picture(got, pictures / "calibration-parameters.svg")
    return [
        RECOVERY,
        table(["model", "parameter", "median error", "truth inside its 90 % interval"], parameters),
        "![Coverage of the parameters' 90 % intervals](images/calibration-parameters.svg)",
        CUSTOMERS,
        table(["model", "companies", "PIT rejected at 5 %", "median distance", "coverage of 90 %", "mean width",
               "total inside its 90 %"], customers),
        "![PIT histograms](images/calibration-pit.svg)",
        VALUES,
        table(["model", "error of the total of purchases", "error of the total value", "slope", "coverage of 90 %",
               "mean width"], values),
    ]  # fmt: skip


def counted(parts: Parts) -> list[str]:
    got = {name: parts.get(f"recovery {name}", {}) for name in COUNTED}
    parameters, totals = [], []
    for name, found in got.items():
        if not found:
            continue
        for key in next(iter(found.values()))["errors"]:
            middle = float(np.expm1(np.median([each[key] for each in columns(found, "errors")])))
            inside = rate([each[key] for each in columns(found, "inside")])
            parameters.append([name, f"`{key}_`", percent(middle, sign=True), inside])
        totals.append(
            [name, f"{len(found):,}", rate([p < 0.05 for p in columns(found, "pit_p")]),
             f"{np.median(columns(found, 'pit_distance')):.4f}", percent(float(np.mean(columns(found, "coverage")))),
             f"{np.mean(columns(found, 'width')):.2f}", spread(columns(found, "total_error")),
             rate(columns(found, "total_inside")), f"{np.mean(columns(found, 'total_winkler')):.3f}",
             f"{sum(columns(found, 'boundary'))}"]
        )  # fmt: skip
    if not totals:
        return []
    return [
        SIMPLE,
        table(["model", "companies", "PIT rejected at 5 %", "median distance", "coverage of 90 %", "mean width",
               "error of the total", "total inside its 90 %", "Winkler", "at a boundary"], totals),
        table(["model", "parameter", "median error", "truth inside its 90 % interval"], parameters),
    ]  # fmt: skip


def worlds(parts: Parts, pictures: Path) -> list[str]:
    found: dict[str, list[dict[str, Any]]] = {}
    for key, trial in parts.get("worlds", {}).items():
        found.setdefault(key.rsplit("#", 1)[0], []).append(trial)
    if not found:
        return ["## Worlds that no model describes\n\nNot measured yet."]
    level, errors = [], []
    for world, trials in found.items():
        chosen = ", ".join(f"{name} {n}" for name, n in Counter(t["chosen"] for t in trials).most_common())
        level.append(
            [world, f"{len(trials)}", chosen, spread([t["bias"]["model"] for t in trials]),
             rate([hit for t in trials for hit in t["totals_inside"]]),
             f"{np.mean([w for t in trials for w in t['totals_winkler']]):.2f}",
             rate([hit for t in trials for hit in t["naive_inside"]]),
             f"{np.mean([w for t in trials for w in t['naive_winkler']]):.2f}"]
        )  # fmt: skip
        errors.append(
            [world, percent(float(np.mean([t["coverage"] for t in trials]))),
             f"{np.mean([t['width'] for t in trials]):.2f}", f"{np.median([t['pit_distance'] for t in trials]):.3f}",
             *[f"{np.mean([t['rmse'][key] for t in trials]):.3f}" for key in ("model", *NAIVE)],
             losses(trials, "rmse"), losses(trials, "mae"), losses(trials, "spearman")]
        )  # fmt: skip
    _world_picture(found, pictures / "calibration-worlds.svg")
    return [
        WORLDS,
        table(["world", "companies", "chosen", "bias of the total", "total inside its 90 %", "Winkler",
               "naive inside", "naive Winkler"], level),
        CUSTOMER_WORLDS,
        table(["world", "coverage of 90 %", "mean width", "PIT distance", "RMSE",
               *[f"RMSE, {n}" for n in NAIVE.values()],
               "lost on RMSE", "lost on MAE", "lost on Spearman"], errors),
        "![Error of the model beside naive rules](images/calibration-worlds.svg)",
    ]  # fmt: skip


def losses(trials: list[dict[str, Any]], measure: str) -> str:
    """Share of companies in which some naive rule did better than the model."""
    lost = 0
    for trial in trials:
        figures = trial[measure]
        rivals = [figures[key] for key in NAIVE if figures[key] is not None]
        mine = figures["model"]
        lost += max(rivals) > mine if measure == "spearman" else min(rivals) < mine
    return percent(lost / len(trials), 0)


def small(parts: Parts, pictures: Path) -> list[str]:
    found = list(parts.get("small", {}).values())
    if not found:
        return ["## Small samples\n\nNot measured yet."]
    ends = ["ok", "boundary", "not enough data"]
    rows = []
    for model in PROCESSES.values():
        counted = Counter(each[model] for each in found)
        faults = sum(n for end, n in counted.items() if end not in ends)
        rows.append([model, *[str(counted[end]) for end in ends], f"**{faults}**"])
    _small_picture(found, pictures / "calibration-small.svg")
    return [
        SMALL.format(n=len(found)),
        table(["model", "inside", "at a boundary, named", "not enough data, said", "unexplained"], rows),
        "![How fits to small samples end](images/calibration-small.svg)",
    ]


def real(parts: Parts) -> list[str]:
    rows = []
    for name, found in parts.get("real", {}).items():
        card = found["holdout"]
        by_key = {row["key"]: row for row in card["models"]}
        mine = by_key[card["chosen"]]
        best = min((by_key[key] for key in NAIVE), key=lambda row: row["rmse"])
        low, high = card["total_interval"]
        rows.append(
            [name, f"{card['n_customers']:,}", f"{card['horizon_days']}",
             card["chosen"] + (" ⁺" if card["boundary"] else ""),
             percent(mine["bias"], sign=True), f"{mine['rmse']:.3f}", f"{best['rmse']:.3f} ({NAIVE[best['key']]})",
             percent(card["coverage90"]), f"{card['mean_width']:.2f}", f"{card['pit_distance']:.3f}",
             f"{low:,.0f} – {high:,.0f}; {mine['total_actual']:,.0f} happened"]
        )  # fmt: skip
    if not rows:
        return ["## Real data\n\nNot measured yet."]
    head = ["data", "customers", "days held out", "model", "bias", "RMSE", "best naive RMSE", "coverage of 90 %",
            "mean width", "PIT distance", "90 % interval of the total"]  # fmt: skip
    return [REAL, table(head, rows), REAL_AFTER]


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


def _pit_picture(got: dict[str, dict[str, Any]], path: Path) -> None:
    figure, axes = _figure(7.2, 2.3, len(got))
    for axis, (process, found) in zip(np.atleast_1d(axes), got.items(), strict=True):
        shares = np.mean(columns(found, "pit"), axis=0)
        axis.bar(np.arange(10) / 10 + 0.05, shares, width=0.09, color=PALE)
        axis.axhline(0.1, color=INK, linewidth=1)
        axis.set(title=PROCESSES[process], xlabel="PIT", ylim=(0, 0.14))
    np.atleast_1d(axes)[0].set_ylabel("share of customers")
    _save(figure, path)


def _coverage_picture(got: dict[str, dict[str, Any]], path: Path) -> None:
    figure, axis = _figure(7.2, 2.6)
    labels = []
    for process, found in got.items():
        inside = columns(found, "inside")
        for name in inside[0]:
            hits = Rate(sum(each[name] for each in inside), len(inside))
            at = len(labels)
            axis.plot([at, at], [hits.low, hits.high], color=PALE, linewidth=5, solid_capstyle="round")
            axis.plot([at], [hits.share], "o", color=INK, markersize=4)
            labels.append(f"{PROCESSES[process].split('/')[0]}\n{name}")
    axis.axhline(0.9, color=WARM, linewidth=1)
    axis.set(ylim=(0.7, 1.0), ylabel="truth inside")
    axis.set_xticks(range(len(labels)), labels)
    _save(figure, path)


def _world_picture(found: dict[str, list[dict[str, Any]]], path: Path) -> None:
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


def _small_picture(found: list[dict[str, str]], path: Path) -> None:
    figure, axes = _figure(7.2, 2.3, 3)
    edges = np.array([50, 100, 200, 400, 700, 1001])
    sizes = np.array([int(each["size"]) for each in found])
    bins = np.digitize(sizes, edges) - 1
    for axis, model in zip(axes, PROCESSES.values(), strict=True):
        ok = [np.mean([found[i][model] == "ok" for i in np.flatnonzero(bins == b)] or [np.nan]) for b in range(5)]
        named = [
            np.mean([found[i][model] == "boundary" for i in np.flatnonzero(bins == b)] or [np.nan]) for b in range(5)
        ]
        axis.bar(range(5), ok, color=PALE, label="inside")
        axis.bar(range(5), named, bottom=ok, color=INK, label="boundary, named")
        axis.set(title=model, xlabel="customers")
        axis.set_xticks(range(5), [f"{a}–" for a in edges[:-1]])
    axes[0].set_ylabel("share of samples")
    axes[-1].legend(frameon=False, loc="lower right", fontsize=7)
    _save(figure, path)
