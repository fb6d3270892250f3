"""A customer's own fields. A field that the person may not read is not in their form."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy

from regulars.web.core.actor import Actor
from regulars.web.core.conflict import Versioned
from regulars.web.core.forms import RecordForm
from regulars.web.customers.actions.editing import EDITABLE
from regulars.web.customers.fields import sees
from regulars.web.customers.models import Customer
from regulars.web.customers.taxonomy import Kind, SourceChannel, Stage

BETWEEN_TAGS = re.compile(r"[,，、;；]")
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
ROWS = forms.Textarea(attrs={"rows": 2})
WIDGETS: dict[str, type[forms.Widget] | forms.Widget] = {
    "birthday": DAY,
    "acquired_on": DAY,
    "preferences": ROWS,
    "habits": ROWS,
    "needs": ROWS,
}
GROUPS = (
    (gettext_lazy("Who they are"), ("kind", "name", "tags", "birthday", "gender", "id_number")),
    (gettext_lazy("What they are to us"), ("nature", "partner", "seniority", "dealing")),
    (
        gettext_lazy("Where they came from"),
        ("source_channel", "source_detail", "acquired_on", "region", "store"),
    ),
    (gettext_lazy("How they like to be treated"), ("preferred_channel", "preferred_time")),
    (gettext_lazy("What they like, do and need"), ("preferences", "habits", "needs")),
)


class CustomerForm(RecordForm):
    """Everything that is typed about a customer, in groups."""

    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Separated by commas"),
    )

    def __init__(self, data: Any = None, *, actor: Actor, of: Versioned | None = None) -> None:
        super().__init__(data, of=of)
        names = [name for name in EDITABLE if sees(actor, name)]
        self.fields.update(fields_for_model(Customer, names, widgets=WIDGETS))
        _dash_for_empty(self)

    def values(self) -> dict[str, Any]:
        """Return the fields, with the tags as a list."""
        return {**super().values(), "tags": BETWEEN_TAGS.split(self.cleaned_data["tags"])}

    def groups(self) -> list[tuple[Any, list[BoundField]]]:
        """Return the rows by what they are about."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in GROUPS]

    @staticmethod
    def initial_of(record: Customer) -> dict[str, Any]:
        """Return the customer as stored."""
        fields = {name: getattr(record, name) for name in EDITABLE}
        return {**fields, "tags": ", ".join(record.tags.values_list("name", flat=True))}


class NewCustomerForm(forms.Form):
    """The few things that one knows at the first meeting."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind, widget=forms.RadioSelect, initial=Kind.PERSON)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=60, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=300, required=False)
    card = forms.CharField(label=gettext_lazy("Card number"), max_length=60, required=False)
    source_channel = forms.ChoiceField(
        label=gettext_lazy("How they came to us"),
        choices=[("", "–"), *(choice for choice in SourceChannel.choices if choice[0] != SourceChannel.IMPORTED)],
        required=False,
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"), required=False, max_length=400, help_text=gettext_lazy("Separated by commas")
    )

    def __init__(self, data: Any = None, *, actor: Actor, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        for name, where in (("phone", "points"), ("email", "points"), ("address", "points"), ("card", "cards")):
            if not sees(actor, where):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {**self.cleaned_data, "tags": BETWEEN_TAGS.split(self.cleaned_data["tags"])}


class StageForm(RecordForm):
    """Where the relationship stands."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=Stage, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=500,
        widget=ROWS,
        help_text=gettext_lazy("Needed where the relationship ends"),
    )

    @staticmethod
    def initial_of(record: Customer) -> dict[str, Any]:
        """Return the stage as it is."""
        return {"stage": record.stage}


def _dash_for_empty(form: forms.Form) -> None:
    for field in form.fields.values():
        if isinstance(field, forms.TypedChoiceField) and not field.required:
            options: Any = field.choices
            field.choices = [("", "–"), *list(options)[1:]]
