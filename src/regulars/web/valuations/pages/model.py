"""The model card in plain words: which forecast and why, how well it did on what it had not seen, where it is weak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from regulars.report import charts, sentences
from regulars.report.formats import amount, day, integer, known, number, percent, span, words
from regulars.report.sections.trust import MEASURES
from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.core.words import current_lang
from regulars.web.valuations import selectors
from regulars.web.valuations.models import Valuation
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.headline import LEVEL
from regulars.web.valuations.pages.views import READ, script_words


@page(permission=READ, kind="read")
def model_card(request: Request, valuation_id: int) -> HttpResponse:
    """Show the model card of one published valuation."""
    valuation = get_object_or_404(selectors.history(request.actor), pk=valuation_id)
    if not valuation.figures:
        raise Http404
    shown = Shown(request.actor, valuation)
    figures, lang = valuation.figures, current_lang()
    card: Mapping[str, Any] = valuation.card
    context = {
        "valuation": valuation,
        "model": card.get("model") or {},
        "choice": _choice(card),
        "not_enough": _said(card.get("not_enough")),
        "untested": _said(card.get("untested")),
        "ignores": _said((card.get("model") or {}).get("ignores")),
        "tested": _text(sentences.holdout(figures)),
        "tracked": _text(sentences.tracking(figures)),
        "tracking": charts.tracking(figures),
        "tracking_table": _tracking_table(figures),
        "scores": _scores(figures),
        "measures": [(title[lang], _meaning()[i]) for i, title in enumerate(MEASURES)],
        "calibration": _calibration(figures),
        "weak": [line[lang] for line in card.get("weak") or []],
        "run": card.get("run") or {},
        "facts": _facts(valuation),
        "words": script_words(shown),
    }
    return render(request, "valuations/value/model.html", context)


def _text(sentence: Any) -> str:
    return sentence[current_lang()] if sentence else ""


def _said(text: Any) -> str:
    return words(text)[current_lang()] if text else ""


def _choice(card: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return which model was chosen, why, by which rule, and how the candidates compared."""
    choice = card.get("choice")
    if not choice:
        return None
    return {
        "name": choice["name"],
        "reason": _said(choice["reason"]),
        "rule": _said(choice["rule"]),
        "scores": [
            (one["name"], number(one["log_score"], 4) if known(one["log_score"]) else "", _said(one["failed"]))
            for one in choice["scores"]
        ],
    }


def _tracking_table(figures: Mapping[str, Any]) -> dict[str, Any] | None:
    data = charts.tracking(figures)
    if data is None:
        return None
    step = max(1, len(data["weeks"]) // 13)
    kept = sorted({*range(0, len(data["weeks"]), step), len(data["weeks"]) - 1})
    return {
        "head": [_text(words(data["axis"])), _("Happened"), _("Expected")],
        "rows": [[integer(data[name][k]) for name in ("weeks", "actual", "model")] for k in kept],
    }


def _scores(figures: Mapping[str, Any]) -> list[tuple[str, bool, Sequence[str]]]:
    """Return the measures of the model used, of the naive rules beside it, then of the other models."""
    data = figures.get("holdout") or {}
    chosen = data.get("chosen")
    rows = data.get("models") or []

    def place(row: Mapping[str, Any]) -> int:
        return 0 if row["name"] == chosen else 1 if row.get("kind") == "baseline" else 2

    return [
        (_text(words(row["name"])), row["name"] == chosen, _measured(row))
        for row in sorted(rows, key=place)  # sorted is stable: within a kind they keep the card's order
    ]


def _measured(row: Mapping[str, Any]) -> list[str]:
    return [
        percent(row.get("bias"), sign=True),
        number(row.get("rmse")),
        number(row.get("mae")),
        number(row.get("spearman")),
        number(row.get("gini")),
        percent(row.get("capture20")),
    ]


def _meaning() -> list[str]:
    """Return what each measure says, in the order of the report's heads."""
    return [
        _("by how much the total was off"),
        _("typical error of one customer's purchases; large errors count more"),
        _("mean error of one customer's purchases"),
        _("whether the order of customers was right: 1 is perfect, 0 is chance"),
        _("whether the best were told from the rest: 1 is perfect, 0 is chance"),
        _("share of all purchases that the fifth called best really made"),
    ]


def _calibration(figures: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return how often intervals held what happened, and how even the bars are."""
    bins, data = charts.pit(figures), figures.get("holdout") or {}
    if bins is None:
        return None
    total = sum(bins) or 1.0
    said = _("Intervals of {level} covered {share} of customers; the flatter the bars, the better calibrated.")
    return {
        "said": said.format(level=LEVEL, share=percent(data.get("coverage90"))),
        "bins": bins,
        "table": {
            "head": [_("Quantile"), _("Share of customers")],
            "rows": [
                [f"{number(i / 10, 1)} – {number((i + 1) / 10, 1)}", percent(share / total)]
                for i, share in enumerate(bins)
            ],
        },
    }


def _facts(valuation: Valuation) -> list[tuple[str, str]]:
    """Return what the forecast rests on."""
    card, lang = valuation.card, current_lang()
    data, run, model = card.get("data") or {}, card.get("run") or {}, card.get("model") or {}
    lost = sum(one["rows"] for one in data.get("left_out") or [])
    found = [
        (_("Order lines used"), integer(data.get("lines_used"))),
        (_("Order lines left out"), integer(lost)),
        (_("Data from"), _text(day(data.get("first_date")))),
        (_("Horizon"), span(run.get("horizon_days"))[lang]),
        (_("Discount rate a year"), percent(run.get("discount_rate"))),
    ]
    if known(model.get("margin_rate")):
        found.append((_("Left of revenue, on average"), percent(model["margin_rate"])))
    spend = (model.get("spend") or {}).get("parameters")
    if spend and spend["q"] > 1:
        mean = spend["p"] * spend["v"] / (spend["q"] - 1)
        found.append((_("Mean purchase expected"), amount(mean, valuation.currency)[lang]))
    return found
