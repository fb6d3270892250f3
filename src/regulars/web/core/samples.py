"""Made-up figures for the page that shows every part."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

COLOURS = ("accent", "down", "warn", "info", "pt", "au", "fe", "pb", "ink")
CURVE = [(0, 0), (5, 34), (10, 51), (20, 68), (30, 79), (40, 87), (50, 93), (60, 97), (70, 100), (85, 101), (100, 98)]


class _Form(forms.Form):
    day = forms.CharField()
    rate = forms.CharField()

    def __init__(self) -> None:
        super().__init__({"day": "2026-06-30", "rate": "140%"})
        self.fields["day"].label = _("Valuation date")
        self.fields["day"].help_text = _("Only data up to this day is used")
        self.fields["rate"].label = _("Margin rate")
        self.add_error("rate", _("Must be between 0% and 100%"))


def context() -> dict[str, Any]:
    """Return what the page shows."""
    words = {"x": _("Share of customers"), "y": _("Share of profit")}
    return {
        "form": _Form(),
        "colours": COLOURS,
        "series": [342, 346, 344, 351, 358, 366, 371, 369, 372, 374, 375, 386],
        "fall": -0.031,
        "zero": {"low": -7.8, "estimate": 6.1, "high": 20.0, "least": -40, "most": 40},
        "curve": {**words, "pts": CURVE, "at20": 68, "mark": "20% → 68%", "claim": "20/80"},
        "curve_table": {"head": list(words.values()), "rows": [[f"{x}%", f"{y}%"] for x, y in CURVE]},
    }
