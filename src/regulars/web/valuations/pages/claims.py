"""What texts claim that keeping customers does for profit, each with its source, and what it would be here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from regulars.errors import InputError
from regulars.report.formats import full, known, percent
from regulars.web.core.words import current_lang
from regulars.web.valuations.pages.figures import Shown


def claims(shown: Shown, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims as rows, that they contradict each other, and the profit that they are held against.

    Parameters
    ----------
    said
        The person's own claim, ``claim_low`` and ``claim_high`` in percent, None where there is none.
    """
    from regulars.measure.whatif import CONFLICT, PRESETS, own_preset, profit_effects  # brings SciPy along

    lang = current_lang()
    profit = (shown.figures.get("totals") or {}).get("current_value")
    by_profit = shown.valuation.basis == "net_profit" and known(profit)
    presets, wrong = list(PRESETS), ""
    low, high = said.get("claim_low"), said.get("claim_high")
    if low is not None:
        try:
            presets.append(own_preset(low / 100, None if high is None else high / 100))
        except InputError as error:
            wrong = error.message(lang)
    rows = []
    for effect in profit_effects(float(profit or 0), presets):
        one = effect.preset
        ends = [percent(one.low, 0, sign=True), percent(one.high, 0, sign=True)]
        money = [full(effect.low, shown.currency), full(effect.high, shown.currency)]
        rows.append(
            {
                "lever": one.lever[lang],
                "source": one.source[lang],
                "claim": _range(*ends, or_more=one.high is None),
                "here": _range(*money, or_more=effect.high is None) if by_profit else "",
            }
        )
    return {
        "rows": rows,
        "conflict": CONFLICT[lang],
        "wrong": wrong,
        "by_profit": by_profit,
        "profit": full(profit, shown.currency) if by_profit else "",
    }


def _range(low: str, high: str, *, or_more: bool) -> str:
    if or_more:
        return _("{low} or more").format(low=low)
    return low if low == high else f"{low} – {high}"
