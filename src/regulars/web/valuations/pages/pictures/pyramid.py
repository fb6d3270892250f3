"""The pyramid as three triangles: how many, what they bring, what is spent on them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.report import charts, sentences
from regulars.report.formats import amount, known, percent
from regulars.report.wording import CUSTOMERS, NOT_ENOUGH, NOW_LATER, RESOURCES, SHARE, SHARE_CUSTOMERS
from regulars.segment import MATRIX_CLASSES, matrix_name
from regulars.web.core.templatetags.figures import count
from regulars.web.core.words import current_lang
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.opening import address, link
from regulars.web.valuations.pages.pictures.picture import Drawn, Picture, said, why_not


def draw(shown: Shown) -> Drawn | str:
    """Return the three triangles."""
    figures = _masked(shown)
    data = charts.pyramid(figures)
    if data is None:
        return why_not(shown)
    lang, rows = current_lang(), {row["key"]: row for row in figures["pyramid"]}
    nothing = NOT_ENOUGH[lang]
    body = [
        [
            link(address(shown, matrix=key), matrix_name(key)[lang]),
            count(row["n"]),
            percent(row["share_n"]),
            amount(row["profit"], shown.currency)[lang],
            percent(row["share_profit"]),
            amount(row["resources"], shown.currency)[lang] if known(row["resources"]) else nothing,
            percent(row["share_resources"]) if known(row["share_resources"]) else nothing,
        ]
        for key, row in ((key, rows[key]) for key in MATRIX_CLASSES)
    ]
    head = [_("Class"), *(one[lang] for one in (CUSTOMERS, SHARE_CUSTOMERS, NOW_LATER, SHARE, RESOURCES, SHARE))]
    opens = [address(shown, matrix=key) for key in MATRIX_CLASSES]
    return Drawn(says(shown), "value-pyramid", {**data, "open": {"classes": opens}}, head, body, size="h-l",
                 notes=[] if shown.actor.sees("cost") else [
                     _("What is spent on a class is for people whose role may read costs.")])  # fmt: skip


def says(shown: Shown) -> str:
    """Return the finding."""
    return said(sentences.pyramid(shown.figures))


def _masked(shown: Shown) -> dict[str, Any]:
    """Return the figures without what was spent, for who may not read costs."""
    figures = dict(shown.figures)
    if not shown.actor.sees("cost"):
        hide = {"resources": None, "share_resources": None}
        figures["pyramid"] = [{**row, **hide} for row in figures.get("pyramid") or []]
    return figures


PICTURE = Picture(
    "pyramid",
    gettext_lazy("Three triangles"),
    "pyramid",
    gettext_lazy(
        "The same four classes three times: how many customers, what they bring now and later, what is spent on them "
        "(costs to provide, to serve, to market). The area of a slice is its share."
    ),
    draw,
    says,
)
