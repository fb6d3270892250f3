"""The tournament: every model beside the naive rules on the data that none had seen, and who won by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from regulars.prove.bootstrap import even
from regulars.report.formats import known, number, percent, words
from regulars.report.sections.trust import MEASURES
from regulars.web.core.words import current_lang
from regulars.web.valuations.pages.headline import LEVEL

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """One column: its name, what it says, and how a row writes it; "" where the row has none."""

    name: str
    meaning: str
    write: Callable[[Row], str]


@dataclass(frozen=True, slots=True)
class Tournament:
    """The table, with what there is to say of it.

    Each row is its name, whether it is the forecast used, and one cell a measure; the used one comes first, the naive
    rules follow, then the other models and the challenger.
    """

    measures: Sequence[Measure]
    rows: Sequence[tuple[str, bool, Sequence[str]]]
    remarks: Sequence[str]
    say: str


def tournament(figures: Mapping[str, Any]) -> Tournament | None:
    """Return the comparison on the last origin; None without one. Columns that no row has are left out."""
    data = figures.get("holdout") or {}
    rows = data.get("models") or []
    if not rows:
        return None
    chosen = data.get("chosen")

    def place(row: Row) -> int:
        return 0 if row["name"] == chosen else 1 if row.get("kind") == "baseline" else 2

    ordered = sorted(rows, key=place)  # sorted is stable: within a kind they keep the card's order
    columns = [measure for measure in _measures() if any(measure.write(row) for row in rows)]
    remarks = [_text(data.get(key)) for key in ("against", "lost_to", "challenger")]
    return Tournament(
        columns,
        [(_text(row["name"]), row["name"] == chosen, [one.write(row) or "–" for one in columns]) for row in ordered],
        [remark for remark in remarks if remark],
        _said(ordered),
    )


def _said(ordered: Sequence[Row]) -> str:
    """Say by how much the forecast used beats the best naive rule, or that it does not."""
    rules = [row for row in ordered if row.get("kind") == "baseline" and known(row.get("rmse"))]
    mine = ordered[0]
    if not rules or not known(mine.get("rmse")):
        return _("A model is worth its trouble only where it beats rules of thumb; the first line is the one used.")
    best = min(rules, key=lambda row: float(row["rmse"]))
    ours, theirs = float(mine["rmse"]), float(best["rmse"])
    shown = {"ours": number(ours), "rule": _text(best["name"]), "theirs": number(theirs)}
    if ours >= theirs:
        return _("A rule of thumb came as close: “{rule}” is off by {theirs}, the forecast by {ours}.").format(**shown)
    said = _("Off by {ours} purchases a customer; the best rule of thumb, “{rule}”, by {theirs}: {less} less error.")
    return said.format(**shown, less=percent(1 - ours / theirs, 0))


def _measures() -> list[Measure]:
    bias, rmse, _mae, _spearman, gini, capture = (title[current_lang()] for title in MEASURES)
    yardstick = _("error less that of Pareto/NBD, the yardstick, with its {level} interval; ~ where chance explains it")
    held = _("share of customers who bought as often as their {level} interval said")
    return [
        Measure(bias, _("by how much the total was off"), _percent("bias", sign=True)),
        Measure(rmse, _("typical error of one customer's purchases; large errors count more"), _number("rmse")),
        Measure(_("RMSE against Pareto/NBD"), yardstick.format(level=LEVEL), _against),
        Measure(gini, _("whether the best were told from the rest: 1 is perfect, 0 is chance"), _number("gini")),
        Measure(capture, _("share of all purchases that the fifth called best really made"), _percent("capture20")),
        Measure(_("Intervals held"), held.format(level=LEVEL), _percent("coverage90")),
        Measure(_("Off level"), _("how far the stated certainty is from right: 0 is right"), _number("pit_distance")),
    ]


def _number(key: str) -> Callable[[Row], str]:
    return lambda row: number(row[key]) if known(row.get(key)) else ""


def _percent(key: str, *, sign: bool = False) -> Callable[[Row], str]:
    return lambda row: percent(row[key], sign=sign) if known(row.get(key)) else ""


def _against(row: Row) -> str:
    found = row.get("rmse_against")
    if not found or not known(found.get("value")) or found.get("low") == found.get("high"):
        return ""
    chance = "~ " if even(found["value"], found["low"], found["high"]) else ""
    value, low, high = (number(found[key], sign=True) for key in ("value", "low", "high"))
    return f"{chance}{value} ({low} – {high})"


def _text(text: Any) -> str:
    return words(text)[current_lang()] if text else ""
