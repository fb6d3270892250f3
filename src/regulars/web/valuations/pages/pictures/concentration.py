"""Concentration: how much of the value how few of the customers bring."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.report import charts, sentences
from regulars.report.formats import full, integer, number, words
from regulars.web.core.words import current_lang
from regulars.web.facts.selectors import values_at
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.opening import address, link
from regulars.web.valuations.pages.pictures.picture import Drawn, Picture, said

STEPS = tuple(range(5, 100, 5))
"""Shares of customers, in percent, that the table has a row for."""


def draw(shown: Shown) -> Drawn | str:
    """Return the cumulative curve; each step leads to the customers up to it."""
    data = charts.concentration(shown.figures)
    if data is None:
        return _("There is too little value, or there are too few customers, for a curve.")
    lang = current_lang()
    floors = values_at(shown.actor, [step / 100 for step in STEPS], everyone=shown.of_all, valuation=shown.valuation.pk)
    opens = [
        "" if floor is None else address(shown, current_value_from=floor, sort="current_value") for floor in floors
    ]
    reached = [_nearest(data["points"], step) for step in STEPS]
    body = [
        [
            link(to, _("best {n} per cent").format(n=step)),
            full(None if floor is None else float(floor), shown.currency) if shown.opens else "",
            f"{number(at, 1)}%",
        ]
        for step, floor, to, at, before in zip(STEPS, floors, opens, reached, [None, *floors], strict=False)
        if floor is None or floor != before  # customers of equal value cannot be told apart
    ]
    head = [_("Customers"), _("from a value of"), words(data["y"])[lang]]
    losing = shown.figures["concentration"]["n_negative"]
    return Drawn(
        says(shown), "value-concentration", {**data, "open": {"steps": list(STEPS), "to": opens}}, head, body,
        links=[(address(shown, current_value_to="-0.0001"), _("Those below zero: {n}").format(n=integer(losing)))]
        if losing and shown.opens else [],
    )  # fmt: skip


def says(shown: Shown) -> str:
    """Return the finding."""
    return said(sentences.concentration(shown.figures))


def _nearest(points: list[list[Any]], at: int) -> float:
    """Return the curve's height nearest to `at` per cent of the customers."""
    return float(min(points, key=lambda point: abs(point[0] - at))[1])


PICTURE = Picture(
    "concentration",
    gettext_lazy("Concentration"),
    "chart-area",
    gettext_lazy(
        "Customers in order of current value, best first; the curve adds it up. It rises above 100 per cent where "
        "customers at the end cost more than they bring. The dashed line is a business whose customers are all alike."
    ),
    draw,
    says,
)
