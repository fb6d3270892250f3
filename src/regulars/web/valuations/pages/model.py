"""The model card in plain words: which forecast and why, how well it did on what it had not seen, where it is weak."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from regulars.report import sentences
from regulars.report.formats import amount, day, integer, known, number, percent, span, words
from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.core.words import current_lang
from regulars.web.valuations import selectors
from regulars.web.valuations.models import Valuation
from regulars.web.valuations.pages import certainty, held_out, standing
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.tournament import tournament
from regulars.web.valuations.pages.views import READ, script_words
from regulars.web.valuations.selectors import level_of


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
        "spend": _spend(card, valuation.currency),
        "not_enough": _said(card.get("not_enough")),
        "untested": _said(card.get("untested")),
        "ignores": standing.ignores(card),
        "fit": standing.fit(valuation),
        "relationship": standing.relationship(card),
        "regularity": standing.regularity(card),
        "tested": _text(sentences.holdout(figures)),
        "parts": held_out.parts(figures, opens=shown.opens),
        "pit": certainty.pit(figures),
        "totals": certainty.totals(figures),
        "coverage": certainty.coverage(figures),
        "tournament": tournament(figures),
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
            (one["name"], one["name"] == choice["name"], _score(one), _said(one["failed"])) for one in choice["scores"]
        ],
    }


def _spend(card: Mapping[str, Any], currency: str) -> dict[str, Any] | None:
    """Return how the worth of a purchase is forecast, why, by which rule, and how either way did."""
    choice, lang = card.get("spend_choice"), current_lang()
    if not choice:
        return None
    last = {one["name"]: one for one in choice["held_out"]}

    def off(one: Mapping[str, Any]) -> str:
        if not known(one.get("rmse")):
            return "–"
        return f"{amount(one['rmse'], currency)[lang]} ({amount(one['bias'], currency)[lang]})"

    return {
        "name": choice["name"],
        "reason": _said(choice["reason"]),
        "rule": _said(choice["rule"]),
        "scores": [
            (one["name"], one["name"] == choice["name"], [off(one), off(last.get(one["name"], {}))])
            for one in choice["scores"]
        ],
    }


def _score(one: Mapping[str, Any]) -> list[str]:
    """Return the log score, how far it is below the best, and the standard error of that."""
    if not known(one["log_score"]):
        return []
    behind = number(one["deficit"], 4) if one["deficit"] else ""
    return [number(one["log_score"], 4), f"{behind} ± {number(one['standard_error'], 4)}" if behind else ""]


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
        (_("Intervals hold"), level_of(valuation)),
    ]
    threshold = ((card.get("rules") or {}).get("matrix") or {}).get("quantile")
    if threshold is not None:
        found.append((_("High in the value matrix"), _("the best {share}").format(share=percent(1 - threshold, 0))))
    if known(model.get("margin_rate")):
        found.append((_("Left of revenue, on average"), percent(model["margin_rate"])))
    spend = (model.get("spend") or {}).get("parameters") or {}
    if spend.get("q", 0) > 1:
        mean = spend["p"] * spend["v"] / (spend["q"] - 1)
        found.append((_("Mean purchase expected"), amount(mean, valuation.currency)[lang]))
    if "mu" in spend:
        found.append((_("Mean profit of a purchase expected"), amount(spend["mu"], valuation.currency)[lang]))
        found.append((_("It differs between customers by"), amount(spend["tau"], valuation.currency)[lang]))
        found.append((_("And from purchase to purchase by"), amount(spend["sigma"], valuation.currency)[lang]))
    return found
