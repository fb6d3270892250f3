"""The trail's filters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from regulars.web.audit.words import SUBJECTS, VERBS

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TrailForm(forms.Form):
    """Who, what, to which record, when."""

    user = forms.ModelChoiceField(
        get_user_model().objects.none(), label=_("Who"), required=False, empty_label=_("Anyone")
    )
    verb = forms.ChoiceField(label=_("What"), required=False)
    subject_type = forms.ChoiceField(label=_("Which kind"), required=False)
    subject_id = forms.CharField(label=_("Number"), required=False, max_length=64)
    first = forms.DateField(label=_("From"), required=False, widget=DAY)
    last = forms.DateField(label=_("To"), required=False, widget=DAY)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        who, verb, kind = self.fields["user"], self.fields["verb"], self.fields["subject_type"]
        assert isinstance(who, forms.ModelChoiceField)
        assert isinstance(verb, forms.ChoiceField)
        assert isinstance(kind, forms.ChoiceField)
        who.queryset = get_user_model().objects.order_by("name")
        verb.choices = [("", _("Anything")), *VERBS.items()]
        kind.choices = [("", _("Anything")), *SUBJECTS.items()]
