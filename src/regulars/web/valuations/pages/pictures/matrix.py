"""The value matrix: where everybody stands, now and later."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.report import charts, sentences
from regulars.report.formats import amount, integer, percent, words
from regulars.report.wording import CLASS_STYLE, CURRENT, CUSTOMERS, NOW_LATER, SHARE, SHARE_CUSTOMERS, STRATEGY
from regulars.segment import MATRIX_CLASSES, matrix_name
from regulars.web.core.words import current_lang
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.opening import address, link
from regulars.web.valuations.pages.pictures.picture import Drawn, Picture, said, why_not


def draw(shown: Shown) -> Drawn | str:
    """Return cells of a logarithmic grid, the two lines, the most valuable customers by name."""
    figures = shown.figures
    data = charts.matrix(_named(shown))
    if data is None:
        return why_not(shown)
    lang, currency = current_lang(), shown.currency
    rows = {row["key"]: row for row in figures.get("pyramid") or []}
    body = [
        [
            link(address(shown, matrix=key), matrix_name(key)[lang]),
            integer(row["n"]),
            percent(row["share_n"]),
            amount(row["current"], currency)[lang],
            amount(row["profit"], currency)[lang],
            percent(row["share_profit"]),
            words(row["strategy"])[lang],
        ]
        for key, row in ((key, rows[key]) for key in MATRIX_CLASSES if key in rows)
    ]
    head = [_("Class"), *(one[lang] for one in (CUSTOMERS, SHARE_CUSTOMERS, CURRENT, NOW_LATER, SHARE, STRATEGY))]
    return Drawn(
        says(shown), "value-matrix", {**data, "open": _addresses(shown, data)}, head, body, size="h-xl", left=(6,),
        notes=[_("Strong colour: many customers. The first column and row hold what is less, losses too.")],
        more=_crosstab(shown),
    )  # fmt: skip


WIDE = 110
"""Width of a class's bars."""


def classes(shown: Shown) -> list[dict[str, Any]]:
    """Return each class with its customers and its value, and how long their bars are."""
    lang, rows = current_lang(), {row["key"]: row for row in shown.figures.get("pyramid") or []}
    return [
        {
            "style": CLASS_STYLE[key],
            "url": address(shown, matrix=key),
            "n": integer(row["n"]),
            "share_n": percent(row["share_n"]),
            "value": amount(row["profit"], shown.currency)[lang],
            "share": percent(row["share_profit"]),
            "wide_n": _wide(row["share_n"]),
            "wide": _wide(row["share_profit"]),
        }
        for key, row in ((key, rows[key]) for key in MATRIX_CLASSES if key in rows)
    ]


def _wide(share: float | None) -> int:
    return round(WIDE * min(1.0, max(0.0, share or 0.0)))


def says(shown: Shown) -> str:
    """Return the finding."""
    return said(sentences.matrix(shown.figures))


def _named(shown: Shown) -> dict[str, Any]:
    """Return the figures with the key customers by name; who is not found is not shown."""
    figures = dict(shown.figures)
    data = figures.get("matrix")
    if data:
        names = shown.names([key["customer_id"] for key in data["key_customers"]])
        keys = [{**key, "customer_id": names[key["customer_id"]]} for key in data["key_customers"]
                if key["customer_id"] in names]  # fmt: skip
        figures["matrix"] = {**data, "key_customers": keys}
    return figures


def _addresses(shown: Shown, data: dict[str, Any]) -> dict[str, Any]:
    """Return where each cell leads to; a cell's ends are those of its grid."""
    if not shown.opens:
        return {"cells": []}

    def cell(i: int, j: int, key: int) -> str:
        ends: dict[str, Any] = {"matrix": MATRIX_CLASSES[key]}
        for column, edges, k in (("current_value", data["xEdges"], i), ("future_value", data["yEdges"], j)):
            if k > 0:
                ends[f"{column}_from"] = f"{edges[k]:.4f}"
            if k < len(edges) - 2:
                ends[f"{column}_to"] = f"{edges[k + 1]:.4f}"
        return address(shown, **ends)

    return {"cells": [cell(i, j, key) for i, j, _n, _value, key in data["cells"]]}


def _crosstab(shown: Shown) -> str:
    """Return value matrix × tiers as a table, each cell leading to its customers."""
    counts = {(cell["matrix"], cell["tier"]): cell["n"] for cell in shown.figures.get("crosstab") or []}
    if not counts:
        return ""
    tiers = ("gold", "silver", "bronze")
    rows = [
        (CLASS_STYLE[key], [(counts.get((key, tier)), address(shown, matrix=key, tier=tier)) for tier in tiers])
        for key in MATRIX_CLASSES
    ]
    return render_to_string("valuations/value/crosstab.html", {"rows": rows, "hides": not shown.opens})


PICTURE = Picture(
    "matrix",
    gettext_lazy("Value matrix"),
    "chart-dots-3",
    gettext_lazy(
        "Across: value now, of the last 12 months. Up: value to come. The dashed lines part much from little, at the "
        "percentile that the title names; equal values stay together. Ⅳ Platinum: much now, much later. Ⅲ Gold: much "
        "now, less later. Ⅱ Iron: little now, more later. Ⅰ Lead: little now and later."
    ),
    draw,
    says,
)
