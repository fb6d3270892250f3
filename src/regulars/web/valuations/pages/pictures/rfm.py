"""The RFM grid: how recently, how often, and what it brought."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.report import charts, sentences
from regulars.report.formats import amount, integer
from regulars.report.wording import CUSTOMERS, MONEY
from regulars.web.core.words import current_lang
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.opening import address, link
from regulars.web.valuations.pages.pictures.picture import Drawn, Picture, said, why_not


def draw(shown: Shown) -> Drawn | str:
    """Return recency × frequency."""
    data = charts.rfm(shown.figures)
    if data is None:
        return why_not(shown) or _("No customer has bought yet.")
    lang = current_lang()
    cells = sorted(shown.figures["rfm"]["cells"], key=lambda cell: (-cell["r"], -cell["f"]))
    opens = {f"{c['r']}{c['f']}": address(shown, r_score=c["r"], f_score=c["f"]) for c in cells}
    body = [
        [
            link(opens[f"{c['r']}{c['f']}"], f"R{c['r']} F{c['f']}"),
            integer(c["n"]),
            amount(c["value"], shown.currency)[lang],
        ]
        for c in cells
    ]
    money = charts.score_ranges((shown.figures["rfm"].get("edges") or {}).get("m"))
    scores = "; ".join(f"M{i + 1} {edge[lang]}" for i, edge in enumerate(money) if edge[lang])
    notes = [_("Amount scores: {scores}").format(scores=scores)] if scores else []
    head = [_("Cell"), CUSTOMERS[lang], MONEY[lang]]
    return Drawn(
        says(shown), "value-rfm", {**data, "open": {"cells": opens}}, head, body, size="h-l", notes=notes
    )  # fmt: skip


def says(shown: Shown) -> str:
    """Return the finding."""
    return said(sentences.rfm(shown.figures))


PICTURE = Picture(
    "rfm",
    gettext_lazy("RFM grid"),
    "grid-dots",
    gettext_lazy(
        "Up: days since the last purchase, the most recent on top. Across: how often they bought. Scores run from 1 to "
        "5, 5 is best, and equal numbers share a score. The figure counts customers; the stronger the colour, the more "
        "money they brought to date. At the bottom right stand those who bought often and have gone quiet."
    ),
    draw,
    says,
)
