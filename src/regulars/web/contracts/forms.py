"""The form of a run over contracts: all of it may stay as it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.web.contracts.asked import Asked

PERIODS = [
    ("", _("Told from the dates")),
    ("week", _("A week")),
    ("month", _("A month")),
    ("quarter", _("A quarter")),
    ("6m", _("Half a year")),
    ("year", _("A year")),
    ("2y", _("Two years")),
]
EACH = [("customer", _("A customer, whose contracts follow each other")), ("contract", _("Each contract by itself"))]


class AskForm(forms.Form):
    """What a run is asked for."""

    as_of = forms.DateField(
        label=_("Valuation date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("What is known until then. Empty: the last day on which something began or was renewed."),
    )
    period = forms.ChoiceField(
        label=_("Time between two renewals"),
        choices=PERIODS,
        required=False,
        help_text=_("To be said where rows are whole contracts, or running ones have no end."),
    )
    each = forms.ChoiceField(label=_("A relationship is"), choices=EACH, initial="customer", required=False)
    grace = forms.IntegerField(
        label=_("Days after its end within which a contract may still be renewed"),
        min_value=0,
        max_value=366,
        required=False,
        help_text=_("Empty: half a period, 30 at most."),
    )
    margin = forms.DecimalField(
        label=_("Margin in percent"),
        required=False,
        min_value=-1000,
        max_value=100,
        decimal_places=2,
        help_text=_("What is left of a period's amount after costs. Empty: values are revenue, and say so."),
    )
    horizon_months = forms.IntegerField(label=_("How far ahead, in months"), min_value=1, max_value=120, initial=12)
    discount = forms.DecimalField(
        label=_("Discount rate in percent a year"), min_value=0, max_value=99, decimal_places=2, initial=10
    )

    def asked(self) -> Asked:
        """Return what the action takes."""
        said = self.cleaned_data
        return Asked(
            as_of=said["as_of"],
            period=said["period"],
            each=said["each"] or "customer",
            grace=said["grace"],
            margin=None if said["margin"] is None else float(said["margin"] / 100),
            horizon_months=said["horizon_months"],
            discount_rate=float(said["discount"] / 100),
        )

    @staticmethod
    def initial_of(parameters: dict[str, Any]) -> dict[str, Any]:
        """Return what the last run was asked for, but for its day."""
        before = Asked.of({**parameters, "as_of": None})
        return {
            "period": before.period,
            "each": before.each,
            "grace": before.grace,
            "margin": None if before.margin is None else round(100 * before.margin, 2),
            "horizon_months": before.horizon_months,
            "discount": round(100 * before.discount_rate, 2),
        }
