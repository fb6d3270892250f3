"""The headline figures: current value, value to come, who is still buying, value at risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.report.formats import amount, integer, known, percent
from regulars.web.core.words import current_lang
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.opening import address
from regulars.web.valuations.selectors import level_of

LEVEL = "90%"
"""Level of the hold-out's intervals, in words that no translator takes for a placeholder."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: `value` empty where there is not enough data."""

    key: str
    label: str
    value: str
    note: str
    url: str = ""


def headline(shown: Shown) -> list[Tile]:
    """Return the four figures."""
    totals: Mapping[str, Any] = shown.figures.get("totals") or {}
    return [current(shown, totals), to_come(shown, totals), still_buying(shown, totals), at_risk(shown, totals)]


def current(shown: Shown, totals: Mapping[str, Any]) -> Tile:
    """Return what twelve months brought."""
    by_profit = shown.valuation.basis == "net_profit"
    note = (
        _("Net profit of the last 12 months") if by_profit else _("Revenue of the last 12 months; costs are not known")
    )
    return Tile("current", _("Current value"), money(shown, totals.get("current_value")), note,
                address(shown, sort="current_value"))  # fmt: skip


def to_come(shown: Shown, totals: Mapping[str, Any]) -> Tile:
    """Return the value to come with its interval, which only the whole base has."""
    found, lang = totals.get("future_value") or {}, current_lang()
    horizon = round(((shown.valuation.card.get("run") or {}).get("horizon_days") or 364) / 7)
    note = _("Next {n} weeks").format(n=horizon)
    if known(found.get("low")):
        low, high = amount(found["low"], shown.currency)[lang], amount(found["high"], shown.currency)[lang]
        level = level_of(shown.valuation)
        note = _("Next {n} weeks, {level} in {low} – {high}").format(n=horizon, level=level, low=low, high=high)
    elif found:
        note = _("Next {n} weeks; an interval is reckoned for all customers together only").format(n=horizon)
    return Tile(
        "future", _("Future value"), money(shown, found.get("value")), note, address(shown, sort="future_value")
    )


def still_buying(shown: Shown, totals: Mapping[str, Any]) -> Tile:
    """Return how many are expected to buy still: the sum of P(alive)."""
    found, n = totals.get("still_buying") or {}, totals.get("n") or shown.valuation.n_customers
    if not known(found.get("value")) or not n:
        return Tile("still", _("Still buying"), "", "")
    note = _("Sum of P(alive), {share} of {n}").format(share=percent(found["value"] / n, 0), n=integer(n))
    if known(found.get("low")):
        between = _("{level} in {low} – {high}")
        note += " · " + between.format(
            level=level_of(shown.valuation), low=integer(found["low"]), high=integer(found["high"])
        )
    return Tile("still", _("Still buying"), integer(found["value"]), note, address(shown, p_alive_from=0.8))


def at_risk(shown: Shown, totals: Mapping[str, Any]) -> Tile:
    """Return the value at risk with those who are unusually late."""
    found = totals.get("value_at_risk") or {}
    if not known(found.get("value")):
        return Tile("risk", _("Value at risk"), "", "")
    n = found["n"]
    note = ngettext("{n} customer unusually late", "{n} customers unusually late", n).format(n=integer(n))
    to = address(shown, at_risk=True, sort="value_at_risk")
    return Tile("risk", _("Value at risk"), money(shown, found["value"]), note, to)


def money(shown: Shown, value: float | None) -> str:
    """Return an amount in its short form; empty where it is not known."""
    return amount(value, shown.currency)[current_lang()] if known(value) else ""
