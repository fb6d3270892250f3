"""Making one task, ending it, putting it off, handing it on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.web.accounts.selectors import colleagues
from regulars.web.core.actor import Actor
from regulars.web.tasks.kinds import BY_HAND, KINDS
from regulars.web.tasks.outcomes import Outcome, Way

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def kind_choices(keys: tuple[str, ...]) -> list[tuple[str, Any]]:
    """Return kinds of task to choose from."""
    return [(key, KINDS[key].title) for key in keys]


class FinishForm(forms.Form):
    """What came of a task: the outcome is the button that was pressed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What was said or done"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Goes into the customer log with the outcome"),
    )
    way = forms.ChoiceField(label=_("How"), choices=Way.choices, widget=forms.RadioSelect, required=False)
    outcome = forms.ChoiceField(choices=Outcome.choices)


class UntilForm(forms.Form):
    """Until when something is put off."""

    until = forms.DateField(label=_("Until"), widget=DAY)


class OwnerForm(forms.Form):
    """Whose task it is to be; empty: the customer's team."""

    owner: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        None, label=_("Hand on to"), required=False, empty_label=_("The customer's team")
    )

    def __init__(self, data: Any = None, *, by: Actor, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = colleagues(by)


class NewTaskForm(OwnerForm):
    """A task made by hand."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("task", "What"), choices=kind_choices(BY_HAND), widget=forms.RadioSelect, initial="call"
    )
    detail = forms.CharField(label=_("What it is about"), max_length=200)
    due_on = forms.DateField(label=_("Due"), widget=DAY)
    field_order = ["kind", "detail", "due_on", "owner"]

    def __init__(self, data: Any = None, *, by: Actor, due: date) -> None:
        super().__init__(data, by=by, initial={"owner": by.user_id, "due_on": due})
        self.fields["owner"].label = _("Whose")
