"""Forms of runs: what a run is asked for, and when runs begin by themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.web.valuations.models import Schedule
from regulars.web.valuations.running import ALWAYS, DUE, NEVER, Parameters


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
    horizon_days = forms.TypedChoiceField(
        label=_("How far ahead"),
        coerce=int,
        choices=[(182, _("26 weeks")), (364, _("52 weeks")), (728, _("104 weeks"))],
        initial=364,
    )
    discount = forms.DecimalField(
        label=_("Discount rate in percent a year"), min_value=0, max_value=99, decimal_places=2, initial=10
    )
    refit = forms.ChoiceField(
        label=_("Fit the models"),
        choices=[(ALWAYS, _("Always")), (DUE, _("When due")), (NEVER, _("Only scores"))],
        initial=ALWAYS,
        required=False,
        help_text=_("When due: scores by the parameters of the run before, until they no longer say what happens."),
    )

    def parameters(self) -> Parameters:
        """Return what the action takes."""
        said = self.cleaned_data
        margin = said["margin"]
        return Parameters(
            as_of=said["as_of"],
            margin=None if margin is None else f"{margin}%",
            horizon_days=said["horizon_days"],
            discount_rate=float(said["discount"]) / 100,
            refit=said["refit"] or ALWAYS,
        )

    @staticmethod
    def initial_of(parameters: dict[str, Any]) -> dict[str, Any]:
        """Return what the last run was asked for, but for its day."""
        before = Parameters.of({**parameters, "as_of": None})
        return {
            "margin": before.margin.rstrip("%") if before.margin else None,
            "horizon_days": before.horizon_days,
            "discount": round(before.discount_rate * 100, 2),
            "refit": before.refit,
        }


class ScheduleForm(forms.Form):
    """When runs begin by themselves."""

    every = forms.ChoiceField(label=_("Run"), choices=Schedule.EVERY, required=False)
    weekday = forms.TypedChoiceField(
        label=_("On"), coerce=int, choices=Schedule.WEEKDAYS, initial=0, help_text=_("For weekly runs")
    )
    at = forms.TimeField(label=_("At"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="04:00")
