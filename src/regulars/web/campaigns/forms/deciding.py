"""What people say when they decide, learn, or set up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.web.campaigns.models import Proof, UniversalHoldout
from regulars.web.core.forms import RecordForm


class NoteForm(forms.Form):
    """Why a plan is good to go, or what should change."""

    note = forms.CharField(label=_("Note"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class LessonForm(forms.Form):
    """What was learned."""

    text = forms.CharField(label=_("What you have learned"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class UniversalForm(RecordForm):
    """The share that no campaign addresses."""

    share = forms.DecimalField(
        label=_("Left out of every campaign, %"), min_value=0, max_value=10, decimal_places=2, max_digits=4,
        help_text=_("0 switches it off. Another share draws other customers and begins anew."),
    )  # fmt: skip

    @staticmethod
    def initial_of(record: UniversalHoldout) -> dict[str, Any]:
        """Return the share in percent."""
        return {"share": f"{(record.share * 100).normalize():f}"}

    def share_of_all(self) -> Decimal:
        """Return the share as a part of one."""
        return Decimal(self.cleaned_data["share"]) / 100


class TermsForm(RecordForm):
    """By what an experiment that is no campaign is read."""

    window_days = forms.IntegerField(label=_("Response window, days"), min_value=1, max_value=365)
    contact_cost = forms.DecimalField(label=_("Cost per contact"), min_value=0, max_digits=14, decimal_places=2)
    offer_cost = forms.DecimalField(
        label=_("Cost of the offer per redemption"), min_value=0, max_digits=14, decimal_places=2
    )
    fixed_cost = forms.DecimalField(label=_("Other costs in all"), min_value=0, max_digits=14, decimal_places=2)

    @staticmethod
    def initial_of(record: Proof) -> dict[str, Any]:
        """Return the terms as they are."""
        money = ("contact_cost", "offer_cost", "fixed_cost")
        return {"window_days": record.window_days, **{name: f"{getattr(record, name):.2f}" for name in money}}
