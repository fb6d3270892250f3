"""What a queue shows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.web.accounts.selectors import teams
from regulars.web.core.actor import Actor
from regulars.web.tasks.kinds import KINDS
from regulars.web.tasks.selectors import Filters

STATES = [("waiting", _("To do")), ("snoozed", _("Put off")), ("done", _("Ended"))]
DUES = [("", _("Any day")), ("late", _("Overdue")), ("today", _("Due today")), ("week", _("Within 7 days"))]


class QueueForm(forms.Form):
    """What a queue shows; every field has a meaning when it is empty, and what is none of the choices is ignored."""

    who = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=pgettext_lazy("task", "What"), required=False)
    due = forms.ChoiceField(label=_("Due"), choices=DUES, required=False)
    team: forms.ModelChoiceField[Any] = forms.ModelChoiceField(None, label=_("Team"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)

    def __init__(self, data: Any, *, by: Actor) -> None:
        super().__init__(data)
        kind, team = self.fields["kind"], self.fields["team"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(team, forms.ModelChoiceField)
        kind.choices = [("", _("Every kind")), *((key, one.title) for key, one in KINDS.items())]
        team.queryset, team.empty_label = teams(by), _("Every team")
        if team.queryset.count() < 2:
            del self.fields["team"]
        for field in self.fields.values():
            field.widget.attrs |= {"class": "inp", "data-submit": "", "aria-label": field.label or ""}

    def filters(self) -> Filters:
        """Return what was chosen."""
        self.is_valid()
        chosen = self.cleaned_data
        team = chosen.get("team")
        return Filters(
            who=chosen.get("who") or "me",
            team=team.pk if team else None,
            kind=chosen.get("kind", ""),
            due=chosen.get("due", ""),
            state=chosen.get("state") or "waiting",
        )
