"""Numbers, addresses, contacts, cards, consent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web.core.forms import RecordForm
from regulars.web.customers.models import Contact, ContactPoint
from regulars.web.customers.taxonomy import Channel, ConsentState, PointKind, Purpose


class PointForm(forms.Form):
    """One phone, e-mail or address."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PointKind)
    value = forms.CharField(label=_("Number or address"), max_length=300)
    note = forms.CharField(label=_("Note"), max_length=80, required=False, help_text=_("Such as: office, evenings"))

    def __init__(self, data: Any = None, *, of: ContactPoint | None = None) -> None:
        super().__init__(data, initial={"kind": of.kind, "value": of.value, "note": of.note} if of else None)

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {
            name: self.cleaned_data[field] for name, field in (("kind", "kind"), ("value", "value"), ("text", "note"))
        }


class ContactForm(RecordForm):
    """One person in an organisation."""

    name = forms.CharField(label=_("Name"), max_length=120)
    position = forms.CharField(label=_("Position"), max_length=80, required=False)
    text = forms.CharField(label=_("Note"), max_length=300, required=False)
    first = forms.BooleanField(label=_("Ask for them first"), required=False)
    left_on = forms.DateField(
        label=_("Left on"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    @staticmethod
    def initial_of(record: Contact) -> dict[str, Any]:
        """Return the contact as stored."""
        fields = {name: getattr(record, name) for name in ("name", "position", "first", "left_on")}
        return {**fields, "text": record.note}


class NewContactForm(forms.Form):
    """One person in an organisation, with how to reach them where one may know it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    position = forms.CharField(label=_("Position"), max_length=80, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=60, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    text = forms.CharField(label=_("Note"), max_length=300, required=False)
    first = forms.BooleanField(label=_("Ask for them first"), required=False)

    def __init__(self, data: Any = None, *, reaches: bool) -> None:
        super().__init__(data)
        if not reaches:
            del self.fields["phone"], self.fields["email"]


class CardForm(forms.Form):
    """A membership card."""

    number = forms.CharField(label=_("Card number"), max_length=60)


class ConsentForm(forms.Form):
    """What a customer said, when, and how we know."""

    purpose = forms.ChoiceField(label=_("About"), choices=Purpose)
    channel = forms.ChoiceField(
        label=_("By which channel"), choices=[("", _("Every channel")), *Channel.choices], required=False
    )
    state = forms.ChoiceField(label=_("They"), choices=ConsentState, widget=forms.RadioSelect)
    at = forms.DateTimeField(
        label=_("When"),
        initial=lambda: timezone.localtime().replace(second=0, microsecond=0),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    evidence = forms.CharField(
        label=_("How we know"),
        max_length=300,
        help_text=_("Such as: form signed in the shop on 3 March, said on the phone"),
    )
