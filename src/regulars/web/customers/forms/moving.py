"""Handing customers on, and putting two records together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from regulars.web.accounts.selectors import colleagues
from regulars.web.core.actor import Actor
from regulars.web.customers.taxonomy import Part


class OwnerForm(forms.Form):
    """To whom."""

    owner = forms.ModelChoiceField(get_user_model()._default_manager.none(), label=_("New owner"))
    text = forms.CharField(
        label=_("Note for the successor"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands in the log of each customer"),
    )

    def __init__(self, data: Any = None, *, actor: Actor, but: int | None = None) -> None:
        super().__init__(data)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues(actor).exclude(pk=but or 0)


class MemberForm(forms.Form):
    """Who works for this customer, and on what."""

    user = forms.ModelChoiceField(get_user_model()._default_manager.none(), label=_("Colleague"))
    part = forms.ChoiceField(label=_("Does what"), choices=Part)

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues(actor)
