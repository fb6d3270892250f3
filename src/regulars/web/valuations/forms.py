"""Forms of runs: what a run is asked for, and when runs begin by themselves."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regulars.errors import InputError
from regulars.web.core.words import current_lang
from regulars.web.valuations.models import Schedule
from regulars.web.valuations.running import ALWAYS, DUE, NEVER, Parameters, rate_of
from regulars.words import text

MOST_WEEKS = 520
"""Ten years: beyond, a forecast from a few years of orders says nothing."""


class RunForm(forms.Form):
    """What a run is asked for; all of it may stay as it is."""

    as_of = forms.DateField(
        label=_("Valuation date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day from which everything is seen. Empty: the last day in the data."),
    )
    margin = forms.DecimalField(
        label=_("Margin in percent"),
        required=False,
        min_value=-1000,
        max_value=100,
        decimal_places=2,
        help_text=_("What is left of revenue after product cost, where order lines carry no cost. Empty: not known."),
    )
    margins = forms.CharField(
        label=_("Margins of single categories"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A line each: the category as the orders name it, then its margin, such as Tea 35%."),
    )
    horizon_weeks = forms.IntegerField(
        label=_("How far ahead, in weeks"),
        min_value=1,
        max_value=MOST_WEEKS,
        initial=52,
        help_text=_("Future value counts the purchases expected within so many weeks."),
    )
    discount = forms.DecimalField(
        label=_("Discount rate in percent a year"),
        min_value=0,
        max_value=99,
        decimal_places=2,
        initial=10,
        help_text=_("By how much money a year later is worth less than money today."),
    )
    high = forms.DecimalField(
        label=_("High in the value matrix: the best percent"),
        min_value=1,
        max_value=99,
        decimal_places=2,
        initial=20,
        help_text=_(
            "Both lines of the matrix are drawn here: with 20, the best fifth is high, by value now and to come."
        ),
    )
    level = forms.DecimalField(
        label=_("Intervals hold in percent of cases"),
        min_value=50,
        max_value=99,
        decimal_places=1,
        initial=90,
        help_text=_(
            "Of customers' and totals' intervals. A higher percentage makes them wider, not the forecast better."
        ),
    )
    refit = forms.ChoiceField(
        label=_("Fit the models"),
        choices=[(ALWAYS, _("Always")), (DUE, _("When due")), (NEVER, _("Only scores"))],
        initial=ALWAYS,
        required=False,
        help_text=_(
            "When due: scores by the parameters of the run before, until they no longer say what happens. Other "
            "choices than in that run are a reason to fit anew."
        ),
    )

    def clean_margins(self) -> dict[str, str]:
        """Read a category and its rate from each line."""
        found: dict[str, str] = {}
        for line in filter(None, (line.strip() for line in self.cleaned_data["margins"].splitlines())):
            words = re.fullmatch(r"(.+?)\s*[\s=:：,，]\s*(-?[\d.]+)\s*[%％]?", line)
            try:
                if words is None:
                    raise forms.ValidationError(_not_a_margin(line))
                rate_of(f"{words[2]}%")
            except InputError as error:
                raise forms.ValidationError(f"{line}: {text(error.what, current_lang())}") from error
            if words[1] in found:
                raise forms.ValidationError(gettext("“%(name)s” stands there twice.") % {"name": words[1]})
            found[words[1]] = f"{words[2]}%"
        return found

    def parameters(self) -> Parameters:
        """Return what the action takes."""
        said = self.cleaned_data
        margin = said["margin"]
        return Parameters(
            as_of=said["as_of"],
            margin=None if margin is None else f"{margin}%",
            margins=said["margins"],
            horizon_days=7 * said["horizon_weeks"],
            discount_rate=float(said["discount"] / 100),
            threshold=float(1 - said["high"] / 100),
            level=float(said["level"] / 100),
            refit=said["refit"] or ALWAYS,
        )

    @staticmethod
    def initial_of(parameters: dict[str, Any]) -> dict[str, Any]:
        """Return what the last run was asked for, but for its day."""
        before = Parameters.of({**parameters, "as_of": None})
        return {
            "margin": before.margin.rstrip("%") if before.margin else None,
            "margins": "\n".join(f"{name} {rate}" for name, rate in before.margins.items()),
            "horizon_weeks": round(before.horizon_days / 7),
            "discount": _plain(before.discount_rate),
            "high": _plain(1 - before.threshold),
            "level": _plain(before.level),
            "refit": before.refit,
        }


def _plain(share: float) -> str:
    """Return a share in percent, as somebody would type it."""
    return f"{Decimal(str(round(100 * share, 2))).normalize():f}"


def _not_a_margin(line: str) -> str:
    said = gettext("“%(line)s” is no margin. Write a category and a percentage, such as Tea 35%%.")
    return said % {"line": line}


class ScheduleForm(forms.Form):
    """When runs begin by themselves."""

    every = forms.ChoiceField(label=_("Run"), choices=Schedule.EVERY, required=False)
    weekday = forms.TypedChoiceField(
        label=_("On"), coerce=int, choices=Schedule.WEEKDAYS, initial=0, help_text=_("For weekly runs")
    )
    at = forms.TimeField(label=_("At"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="04:00")
