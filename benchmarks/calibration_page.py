"""The calibration page and its pictures, drawn from what `make calibrate` measured."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import calibration_plots
from benchmarks.calibration_plots import NAIVE, columns
from benchmarks.calibration_words import (
    CUSTOMER_WORLDS,
    CUSTOMERS,
    FOOT,
    HEAD,
    REAL,
    REAL_AFTER,
    RECOVERY,
    REFIT,
    REFIT_AFTER,
    SIMPLE,
    SMALL,
    SMALL_AFTER,
    TOTALS,
    VALUES,
    WHY,
    WORLDS,
)
from regulars.prove.alarms import LOOKS
from regulars.prove.calibration import PROCESSES
from regulars.prove.candidates import PREFERENCE
from regulars.prove.counted import WORLDS as COUNTED
from regulars.prove.rate import Rate
from regulars.prove.small import EXPLAINED

DOUBTS = {"models": "", "parameters": ", without models", "naive": ", naive"}
CHANGED = {
    "less": "three purchases of ten are not made",
    "more": "three of ten are made twice",
    "others": "half of the customers buy in one another's place",
}
PITS = ("pit_p", "pit_p_many", "pit_p_known")
Parts = dict[str, dict[str, Any]]


def draw(parts: Parts, docs: Path) -> None:
    """Write docs/calibration.md and the pictures that it shows."""
    pictures = docs / "images"
    pictures.mkdir(exist_ok=True)
    text = [
        HEAD,
        *recovery(parts, pictures),
        *counted(parts),
        *worlds(parts, pictures),
        *refits(parts, pictures),
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


def score(found: dict[str, Any]) -> str:
    """Mean Winkler score of the total, with the number of companies where it was not scored in all."""
    scored = [each["total_winkler"] for each in found.values() if "total_winkler" in each]
    if not scored:
        return "–"
    return f"{np.mean(scored):.3f}" + (f" ({len(scored)})" if len(scored) < len(found) else "")


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
             rate(columns(found, "total_inside")), score(found)]
        )  # fmt: skip
        values.append(
            [model, spread(columns(found, "total_error")), spread(columns(found, "value_error")),
             number(columns(found, "value_slope")), percent(float(np.mean(columns(found, "value_coverage")))),
             f"{np.mean(columns(found, 'value_width')):.0f}"]
        )  # fmt: skip
    calibration_plots.pits(got, pictures / "calibration-pit.svg")
    calibration_plots.parameters(got, pictures / "calibration-parameters.svg")
    return [
        RECOVERY,
        table(["model", "parameter", "median error", "truth inside its 90 % interval"], parameters),
        "![Coverage of the parameters' 90 % intervals](images/calibration-parameters.svg)",
        CUSTOMERS,
        table(["model", "companies", "PIT rejected at 5 %", "median distance", "coverage of 90 %", "mean width",
               "total inside its 90 %", "Winkler"], customers),
        "![PIT histograms](images/calibration-pit.svg)",
        VALUES,
        table(["model", "error of the total of purchases", "error of the total value", "slope", "coverage of 90 %",
               "mean width"], values),
    ]  # fmt: skip


def counted(parts: Parts) -> list[str]:
    got = {name: parts.get(f"recovery {name}", {}) for name in COUNTED}
    parameters, totals, pits = [], [], []
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
             f"{np.mean(columns(found, 'width')):,.2f}", spread(columns(found, "total_error")),
             rate(columns(found, "total_inside")), f"{np.mean(columns(found, 'total_winkler')):.3f}",
             f"{sum(columns(found, 'boundary'))}"]
        )  # fmt: skip
        pits.append([name, *[rate([p < 0.05 for p in columns(found, key)]) for key in PITS]])
    if not totals:
        return []
    return [
        SIMPLE,
        table(["model", "companies", "PIT rejected at 5 %", "median distance", "coverage of 90 %", "mean width",
               "error of the total", "total inside its 90 %", "Winkler", "at a boundary"], totals),
        WHY,
        table(["model", "with estimates", "with estimates from ten times as many", "with the truth"], pits),
        table(["model", "parameter", "median error", "truth inside its 90 % interval"], parameters),
    ]  # fmt: skip


def worlds(parts: Parts, pictures: Path) -> list[str]:
    found: dict[str, list[dict[str, Any]]] = {}
    for key, trial in parts.get("worlds", {}).items():
        found.setdefault(key.rsplit("#", 1)[0], []).append(trial)
    if not found:
        return ["## Worlds that no model describes\n\nNot measured yet."]
    chosen, level, errors = [], [], []
    for world, trials in found.items():
        models = ", ".join(f"{name} {n}" for name, n in Counter(t["chosen"] for t in trials).most_common())
        doubted = [t for t in trials if len(t["alike"]) > 1]
        chosen.append(
            [world, f"{len(trials)}", models, spread([t["bias"]["model"] for t in trials]), f"{len(doubted)}"]
        )
        level.append([world, *[text for kind in DOUBTS for text in total(trials, kind)]])
        errors.append(
            [world, percent(float(np.mean([t["coverage"] for t in trials]))),
             f"{np.mean([t['width'] for t in trials]):.2f}", f"{np.median([t['pit_distance'] for t in trials]):.3f}",
             *[f"{np.mean([t['rmse'][key] for t in trials]):.3f}" for key in ("model", *NAIVE)],
             losses(trials, "rmse"), losses(trials, "mae"), losses(trials, "spearman")]
        )  # fmt: skip
    calibration_plots.worlds(found, pictures / "calibration-worlds.svg")
    return [
        WORLDS,
        table(["world", "companies", "chosen", "bias of the total", "more than one model possible"], chosen),
        TOTALS,
        table(["world", *[f"{what}{of}" for of in DOUBTS.values() for what in ("inside", "width", "Winkler")]], level),
        CUSTOMER_WORLDS,
        table(["world", "coverage of 90 %", "mean width", "PIT distance", "RMSE",
               *[f"RMSE, {n}" for n in NAIVE.values()],
               "lost on RMSE", "lost on MAE", "lost on Spearman"], errors),
        "![Error of the model beside naive rules](images/calibration-worlds.svg)",
    ]  # fmt: skip


def total(trials: list[dict[str, Any]], kind: str) -> list[str]:
    """How often the total's interval of a kind held what came, its mean width and Winkler score."""
    held = [t["totals"][kind] for t in trials]
    return [
        rate([h["inside"] for h in held]),
        *[f"{np.mean([h[key] for h in held]):.3f}" for key in ("width", "winkler")],
    ]


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
    rows, ends = [], {}
    for part, found in parts.items():
        if not part.startswith("small ") or not found:
            continue
        data = part.removeprefix("small ")
        for model in sorted({name for each in found.values() for name in each} - {"size"}):
            said = [each[model].partition(": ") for each in found.values() if model in each]
            counted = Counter(end for end, _, _ in said)
            words = Counter(why for _, _, why in said if why)
            why = "; ".join(f"{text} ({n})" for text, n in words.most_common(3))
            faults = sum(n for end, n in counted.items() if end not in EXPLAINED)
            ends[f"{model}: {data.partition(',')[0]}"] = counted
            rows.append([model, data, str(len(said)), *[str(counted[end]) for end in EXPLAINED], f"**{faults}**", why])
    order = [*PREFERENCE, *COUNTED]
    rows.sort(key=lambda row: order.index(row[0]))
    ends = dict(sorted(ends.items(), key=lambda item: order.index(item[0].partition(": ")[0])))
    if not rows:
        return ["## Small samples\n\nNot measured yet."]
    calibration_plots.small(ends, pictures / "calibration-small.svg")
    return [
        SMALL,
        table(["model", "data", "parts", "inside", "at a boundary", "not enough data", "unexplained", "in its words"],
              rows),
        "![How fits to small samples end](images/calibration-small.svg)",
        SMALL_AFTER,
    ]  # fmt: skip


def refits(parts: Parts, pictures: Path) -> list[str]:
    rows, shares, calls = [], {}, []
    for part, found in parts.items():
        if not part.startswith("refit ") or not found:
            continue
        size = f"{int(part.removeprefix('refit ')):,}"
        steady = columns(found, "steady")
        single = [rate([each[week - 1] for each in steady]) for week in LOOKS]
        calls += [any(each) for each in steady]
        rows.append([size, str(len(found)), "nothing", *single, rate([any(each) for each in steady])])
        shares[size] = {"steady": np.mean(steady, axis=0).tolist()}
        for kind, words in CHANGED.items():
            seen = [each[kind] for each in columns(found, "changed")]
            shares[size][kind] = np.mean(seen, axis=0).tolist()
            rows.append([size, str(len(found)), words, *[rate([each[at] for each in seen]) for at in range(3)], ""])
    if not rows:
        return ["## When to fit again\n\nNot measured yet."]
    rows.sort(key=lambda row: int(row[0].replace(",", "")))
    rows.append(["all", str(len(calls)), "nothing", "", "", "", rate(calls)])
    shares = dict(sorted(shares.items(), key=lambda item: int(item[0].replace(",", ""))))
    calibration_plots.refits(shares, pictures / "calibration-refit.svg")
    heads = [f"at {week} weeks" for week in LOOKS]
    return [
        REFIT,
        table(["customers", "bases", "what changes", *heads, "in any of 13 weeks"], rows),
        "![How often a refit is called for](images/calibration-refit.svg)",
        REFIT_AFTER,
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
