"""Making a token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.web.api.scopes import CHOICES, SCOPES
from regulars.web.core.actor import Actor


class TokenForm(forms.Form):
    """What a token is for, what it may do, and for how long."""

    name = forms.CharField(label=_("What it is for"), max_length=60, help_text=_("Such as the till's nightly orders"))
    scopes = forms.MultipleChoiceField(label=_("May"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (366, _("A year"))],
        initial=90,
    )

    def __init__(self, data: Any = None, *, by: Actor) -> None:
        super().__init__(data)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [(scope, words) for scope, words in CHOICES if by.may(SCOPES[scope][0])]
