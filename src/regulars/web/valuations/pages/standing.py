"""What a valuation's scores stand on: the fit they were given by, the kind of relationship, what no model sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.report.formats import day, integer, known, number, percent, words
from regulars.web.core.words import current_lang
from regulars.web.valuations.models import Valuation

Card = Mapping[str, Any]
Rows = list[tuple[str, str]]

KINDS = {
    "contractual": gettext_lazy("Contracts: who leaves is seen"),
    "discrete": gettext_lazy("Purchases at fixed opportunities"),
    "continuous": gettext_lazy("Purchases on any day"),
    "unknown": gettext_lazy("Too little to tell"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One finding, what it rests on in figures, and whether something is to be done."""

    say: str
    rows: Rows
    more: str = ""
    alarm: bool = False


def fit(valuation: Valuation) -> Standing | None:
    """Return by which fit scores were given, how old it was, whether a refit is due and why; None without a model."""
    card: Card = valuation.card
    model, given = card.get("model") or {}, card.get("given")
    if not model.get("name") or not model.get("fitted_on"):
        return None
    fitted = date.fromisoformat(model["fitted_on"])
    rows = [(_("Fitted on what was known on"), _text(day(model["fitted_on"])))]
    if given is None:
        return Standing(_("The model was fitted in this run, on all that was known."), rows)
    refit = given["refit"]
    rows += _evidence(refit)
    if given["renewed"]:
        return Standing(_text(given["text"]), rows)
    age = (valuation.as_of - fitted).days if valuation.as_of else int(refit["days"])
    old = ngettext("{n} day before this valuation", "{n} days before this valuation", age).format(n=integer(age))
    rows.insert(1, (_("How old the fit was"), old))
    due = bool(refit["due"])
    say = (
        _("Scores were given by an earlier fit, and a refit is due.")
        if due
        else _("Scores were given by an earlier fit, which still holds.")
    )
    more = _("Run a valuation that fits the models: under “More choices”, “Fit the models: Always”.") if due else ""
    return Standing(f"{say} {_text(refit['reason'])}", rows, more, due)


def _evidence(refit: Card) -> Rows:
    """Return what was expected since the fit and what came."""
    low, high = refit["interval"]
    if not refit["expected"] and not refit["actual"]:
        return []
    rows = [
        (_("Purchases expected since the fit"), f"{integer(refit['expected'])} ({integer(low)} – {integer(high)})"),
        (_("Purchases made since the fit"), integer(refit["actual"])),
    ]
    if known(refit.get("pit_distance")):
        rows.append((_("Distance of outcomes from their forecasts (PIT)"), number(refit["pit_distance"])))
    return rows


def relationship(card: Card) -> Standing | None:
    """Return which kind of relationship the purchases show, and the evidence; None for a card of before."""
    kind = card.get("relationship")
    if not kind:
        return None
    alarm = kind["kind"] in ("discrete", "contractual") and bool((card.get("model") or {}).get("name"))
    more = (
        _("The models used here suppose that a customer may buy on any day: read their chances with care. {fits}.")
        if alarm
        else "{fits}."
    )
    fits = _text(kind.get("fits"))
    return Standing(
        _("{kind}: {why}.").format(kind=KINDS[kind["kind"]], why=_text(kind["reason"])),
        _figures(kind.get("figures") or {}),
        more.format(fits=fits[:1].upper() + fits[1:]) if fits else "",
        alarm,
    )


def _figures(found: Mapping[str, float]) -> Rows:
    named = {
        "repeat_purchases": (_("Repeat purchases looked at"), integer),
        "days_used_week": (_("Days of the week that purchases spread over"), _most_all),
        "days_used_month": (_("Days of the month that purchases spread over"), _most_all),
        "days_used_year": (_("Days of the year that purchases spread over"), _most_all),
        "whole_weeks": (_("Gaps that are whole weeks"), percent),
        "whole_months": (_("Gaps that are whole months"), percent),
        "whole_years": (_("Gaps that are whole years"), percent),
        "renewals": (_("Renewals that came up"), integer),
        "refused": (_("Renewals refused"), integer),
    }
    return [(title, write(found[key])) for key, (title, write) in named.items() if known(found.get(key))]


def _most_all(share: float) -> str:
    return percent(min(share, 1.0), 0)


def regularity(card: Card) -> list[str]:
    """Return in plain words how regular the gaps between purchases are, then as measured; empty where it was not."""
    choice = card.get("choice") or {}
    said = [_regular(choice.get("k")), _text(choice.get("regularity"))]
    return [line for line in said if line]


def _regular(k: int | None) -> str:
    if k is None:
        return ""
    if k <= 1:
        return _(
            "Gaps between a customer’s purchases are as uneven as chance makes them (k = 1): that somebody has not "
            "bought for a while says little until it is long."
        )
    said = _(
        "Gaps between a customer’s purchases are more even than chance makes them (k = {k}; 1 is chance): customers "
        "keep a rhythm, and who is late is told sooner. Models of regular buyers (CNBD-k) took part in the choice."
    )
    return said.format(k=integer(k))


def ignores(card: Card) -> list[str]:
    """Return what the model does not see, a line each."""
    said = _text((card.get("model") or {}).get("ignores"))
    return [line for line in said.replace("。", "。\n").replace(". ", ".\n").splitlines() if line]


def _text(text: Any) -> str:
    return words(text)[current_lang()] if text else ""
