"""What each chart needs, as JSON-able data of numbers and texts in both languages. `assets/charts.js` draws."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from regulars.report import sentences
from regulars.report.formats import NONE, amount, clipped, day, integer, known, percent, span, symbol
from regulars.report.wording import BASIS_HEAD, RESOURCES
from regulars.segment import MATRIX_CLASSES
from regulars.words import T

Figures = Mapping[str, Any]
MAX_COHORTS = 24
_ZEROS = re.compile(r"\.0+(?=\D|$)")


def _t(words: T) -> dict[str, str]:
    return words.as_dict()


def concentration(figures: Figures) -> dict[str, Any] | None:
    """Return the cumulative curve; None where there are too few points to be one."""
    data = figures.get("concentration") or {}
    points = [p for p in data.get("points") or [] if known(p[0]) and known(p[1])]
    if len(points) < 3:
        return None
    value, top = sentences.basis(figures), data.get("top20")
    mark = T(zh="前 20% 客户 → {p} {v}", en="Top 20% → {p} of {v}").format(p=percent(top, 0), v=value)
    return {
        "points": [[round(x * 100, 3), round(y * 100, 3)] for x, y in points],
        "top20": top * 100 if top is not None and known(top) else None,
        "mark": _t(mark),
        "claim": _t(T(zh="书上说 20/80", en="The books say 20/80")),
        "x": _t(T(zh="客户占比（按{v}从高到低）", en="Share of customers, by {v}, high to low").format(v=value)),
        "y": _t(T(zh="{v}累计占比", en="Cumulative share of {v}").format(v=value)),
    }


def _triangle(name: T, up: bool, shares: Sequence[float | None], said: Sequence[T]) -> dict[str, Any]:
    """Return one triangle; slices are shares of what is positive, and a negative one is left to the text."""
    if not all(known(s) for s in shares) or not any((s or 0) > 0 for s in shares):
        return {"name": _t(name), "up": up, "area": None}
    positive = [max(s or 0.0, 0.0) for s in shares]
    return {
        "name": _t(name),
        "up": up,
        "area": [p / sum(positive) for p in positive],
        "share": [round((s or 0) * 100, 1) for s in shares],
        "abs": [_t(s) for s in said],
    }


def pyramid(figures: Figures) -> dict[str, Any] | None:
    """Return the three triangles: customers, what they bring, what they get."""
    rows = {r["key"]: r for r in figures.get("pyramid") or []}
    if set(rows) != set(MATRIX_CLASSES) or not any(r["n"] for r in rows.values()):
        return None
    ordered, currency = [rows[k] for k in MATRIX_CLASSES], figures["meta"].get("currency")
    people = [T(zh=f"{integer(r['n'])} 位", en=f"{integer(r['n'])} customers") for r in ordered]
    used = [T(zh=integer(r.get("resources")), en=integer(r.get("resources"))) for r in ordered]
    value = BASIS_HEAD.get(str(figures["meta"].get("basis")), BASIS_HEAD["revenue"])
    both = T(zh="{v}（现在 + 以后）", en="{v}, now + later").format(v=value)
    return {
        "names": [_t(sentences.class_name(k)) for k in MATRIX_CLASSES],
        "columns": [
            _triangle(T(zh="客户", en="Customers"), True, [r.get("share_n") for r in ordered], people),
            _triangle(
                both,
                False,
                [r.get("share_profit") for r in ordered],
                [amount(r.get("profit"), currency) for r in ordered],
            ),
            _triangle(RESOURCES, False, [r.get("share_resources") for r in ordered], used),
        ],
    }


def place(edges: Sequence[float | None], value: float) -> float:
    """Return where `value` lies among `edges`, in cells from the left; logarithmic inside a cell of one sign."""
    for i, (low, high) in enumerate(pairwise(edges)):
        if high is not None and value > high and i < len(edges) - 2:
            continue
        if low is None or high is None or high <= low:
            return i + 0.5
        if low > 0 < value:
            share = math.log(value / low) / math.log(high / low)
        elif high < 0 > value:
            share = 1 - math.log(value / high) / math.log(low / high)
        else:
            share = (value - low) / (high - low)
        return i + min(max(share, 0.0), 1.0)
    return 0.0


def _ticks(edges: Sequence[float | None], currency: str | None) -> list[list[Any]]:
    """Return the places of round amounts (0, powers of ten of either sign) among the edges, with labels."""
    inner = [e for e in edges if e is not None]
    if len(inner) < 2:
        return []
    low, high = min(inner), max(inner)
    reach = max(abs(low), abs(high), 1.0)
    powers = [10.0**k for k in range(math.ceil(math.log10(reach)) + 1)]
    smallest = min((abs(e) for e in inner if e), default=0.0)
    round_ones = [0.0, *powers, *(-p for p in powers)]
    inside = sorted(v for v in round_ones if low <= v <= high and (v == 0 or abs(v) >= smallest * 0.999))
    ticks: list[list[Any]] = []
    for v in inside:
        at = place(edges, v)
        if not ticks or at - ticks[-1][0] > 0.75:
            label = _round_amount(v, currency)
            ticks.append([round(at, 4), _t(label)])
    return ticks


def _round_amount(value: float, currency: str | None) -> T:
    """Return a round amount for an axis: ¥1 万 rather than ¥1.00 万."""
    if not value:
        return T(zh=f"{symbol(currency)}0", en=f"{symbol(currency)}0")
    spoken = amount(value, currency)
    return T(zh=_ZEROS.sub("", spoken.zh), en=_ZEROS.sub("", spoken.en))


def matrix(figures: Figures) -> dict[str, Any] | None:
    """Return cells, dividing lines and key customers of the value matrix, placed by cell number."""
    data = figures.get("matrix")
    if not data or not data.get("cells"):
        return None
    xs, ys, currency = data["x_edges"], data["y_edges"], figures["meta"].get("currency")
    lines = [data.get("threshold_current"), data.get("threshold_future")]
    keys = [k for k in data.get("key_customers") or [] if known(k.get("current")) and known(k.get("future"))]
    counts = {r["key"]: r["n"] for r in figures.get("pyramid") or []}
    value = sentences.basis(figures)
    horizon = figures["meta"].get("horizon_days")
    return {
        "names": [_t(sentences.class_name(k)) for k in MATRIX_CLASSES],
        "counts": [counts.get(k) for k in MATRIX_CLASSES],
        "nx": len(xs) - 1,
        "ny": len(ys) - 1,
        "xEdges": xs,
        "yEdges": ys,
        "xTicks": _ticks(xs, currency),
        "yTicks": _ticks(ys, currency),
        "cells": [
            [c["i"], c["j"], c["n"], c["value"], MATRIX_CLASSES.index(c["key"])]
            for c in data["cells"]
            if c["key"] in MATRIX_CLASSES
        ],
        "lines": [None if not known(v) else round(place(e, v), 3) for v, e in zip(lines, (xs, ys), strict=True)],
        "keys": [
            [
                round(place(xs, k["current"]), 3),
                round(place(ys, k["future"]), 3),
                MATRIX_CLASSES.index(k["key"]),
                clipped(k["customer_id"], 28),
                k["current"],
                k["future"],
            ]
            for k in keys
            if k.get("key") in MATRIX_CLASSES
        ],
        "x": _t(T(zh="当前价值（近 12 个月{v}）", en="Current value ({v}, 12 months)").format(v=value)),
        "y": _t(T(zh="未来价值（之后 {h}）", en="Future value (next {h})").format(h=span(horizon))),
    }


def score_ranges(edges: Any, *, days: bool = False) -> list[T]:
    """Return what each score 1–5 means; empty for a score that nobody can have.

    Parameters
    ----------
    edges
        Ascending; a value on an edge belongs to the class above it. Fewer than four where values could not be told
        apart: the scores are then spread over 1–5 with gaps.
    days
        Count downwards: fewer days since the last purchase score higher.
    """
    cuts = [e for e in edges or [] if known(e)]
    classes = len(cuts) + 1
    scores = [3] if classes == 1 else [1 + round(i * 4 / (classes - 1)) for i in range(classes)]
    texts = (
        [NONE] if not cuts else [_below(cuts[0]), *(_from_to(a, b) for a, b in pairwise(cuts)), f"≥ {_plain(cuts[-1])}"]
    )
    spoken = dict(zip(reversed(scores) if days else scores, texts, strict=True))
    nobody = T(zh="", en="")
    return [
        _days(spoken[k]) if days and k in spoken else T(zh=spoken[k], en=spoken[k]) if k in spoken else nobody
        for k in range(1, 6)
    ]


def _days(text: str) -> T:
    return T(zh=f"{text} 天", en=f"{text} d")


def _whole(v: float) -> bool:
    return float(v).is_integer()


def _plain(v: float) -> str:
    return f"{v:,.0f}" if _whole(v) or abs(v) >= 100 else f"{v:,.1f}"


def _below(v: float) -> str:
    return f"≤ {_plain(v - 1)}" if _whole(v) else f"< {_plain(v)}"


def _from_to(a: float, b: float) -> str:
    if _whole(a) and _whole(b):
        return _plain(a) if b - 1 <= a else f"{_plain(a)}–{_plain(b - 1)}"
    return f"{_plain(a)}–{_plain(b)}"


def rfm(figures: Figures) -> dict[str, Any] | None:
    """Return the recency × frequency grid with the edges of its scores."""
    data = figures.get("rfm")
    if not data or not data.get("cells"):
        return None
    edges = data.get("edges") or {}
    return {
        "cells": [[c["f"] - 1, 5 - c["r"], c["n"], c["value"] or 0] for c in data["cells"]],
        "f": [
            _t(T(zh=f"F{i + 1}\n{s.zh}", en=f"F{i + 1}\n{s.en}")) for i, s in enumerate(score_ranges(edges.get("f")))
        ],
        "r": [
            _t(T(zh=f"R{i + 1}\n{s.zh}", en=f"R{i + 1}\n{s.en}"))
            for i, s in enumerate(score_ranges(edges.get("r"), days=True))
        ][::-1],
        "x": _t(T(zh="买过几次", en="Purchases")),
    }


def cohort(figures: Figures) -> dict[str, Any] | None:
    """Return the newest cohorts, a month or a quarter each; thin ones carry no share. None where all are thin."""
    data = figures.get("cohort") or {}
    rows, least = [r for r in data.get("rows") or [] if r["retention"]][-MAX_COHORTS:], data.get("min_size", 30)
    columns = min(24, max((len(r["retention"]) for r in rows), default=0))
    if not columns or data.get("why"):
        return None
    cells = [
        [j, i, None if r["n"] < least or not known(v) else round(v * 100, 2)]
        for i, r in enumerate(rows)
        for j, v in enumerate(r["retention"][:columns])
    ]
    names = [T(zh=f"{r['cohort']}  {integer(r['n'])} 位", en=f"{r['cohort']}  n={integer(r['n'])}") for r in rows]
    return {
        "rows": [_t(n) for n in names],
        "unit": data.get("unit", "month"),
        "columns": columns,
        "cells": cells,
    }


def alive(figures: Figures) -> dict[str, Any] | None:
    """Return the histogram of P(alive)."""
    data = figures.get("p_alive") or {}
    edges, counts = data.get("edges") or [], data.get("counts") or []
    if not counts or len(edges) != len(counts) + 1:
        return None
    return {"edges": edges, "counts": counts}


def tracking(figures: Figures) -> dict[str, Any] | None:
    """Return cumulative repeat purchases, actual and model, with the week where the hold-out begins."""
    data = figures.get("tracking") or {}
    if len(data.get("weeks") or []) < 2:
        return None
    start = day(data.get("start"))
    axis = T(zh="周（自 {d}）", en="Week from {d}").format(d=start)
    return {**{k: data[k] for k in ("weeks", "actual", "model")}, "split": data.get("split_week"), "axis": _t(axis)}


def pit(figures: Figures) -> list[float] | None:
    """Return the ten bins of the probability integral transform."""
    bins = (figures.get("holdout") or {}).get("pit")
    return [float(b) for b in bins] if bins and all(known(b) for b in bins) else None


CHARTS = {
    "concentration": concentration,
    "pyramid": pyramid,
    "matrix": matrix,
    "rfm": rfm,
    "cohort": cohort,
    "alive": alive,
    "tracking": tracking,
    "pit": pit,
}


def everything(figures: Figures) -> dict[str, Any]:
    """Return the data of every chart; None for those that have nothing to show."""
    return {name: build(figures) for name, build in CHARTS.items()}
