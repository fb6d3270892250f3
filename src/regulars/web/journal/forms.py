"""Forms of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web.core.forms import RecordForm
from regulars.web.journal.models import Entry
from regulars.web.journal.taxonomy import ICONS, Kind, Topic

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer

QUICK = (Kind.CALL, Kind.VISIT, Kind.MESSAGE, Kind.NOTE, Kind.PROMISE, Kind.COMPLAINT)
"""Kinds at hand; the others are behind "more"."""
OTHERS = (Kind.EMAIL, Kind.MEETING, Kind.MARKET, Kind.SAMPLE, Kind.RETURN, Kind.PAYMENT, Kind.INVOICE)
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
MOMENT = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
ROWS = forms.Textarea(attrs={"rows": 2})


class EntryForm(forms.Form):
    """What happened. Kind and text are enough; the rest is there for who has the time."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind, kind.label) for kind in (*QUICK, *OTHERS)],
        widget=forms.RadioSelect,
        initial=Kind.CALL,
    )
    text = forms.CharField(
        label=_("What happened"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 2, "enterkeyhint": "enter"})
    )
    due_on = forms.DateField(label=_("Due on"), required=False, widget=DAY)
    resolution = forms.CharField(label=_("What was agreed or done"), required=False, max_length=10_000, widget=ROWS)
    promise = forms.CharField(label=_("What we promised"), required=False, max_length=2_000)
    promise_due = forms.DateField(label=_("Promised until"), required=False, widget=DAY)
    at = forms.DateTimeField(label=_("When"), required=False, widget=MOMENT, help_text=_("Empty: now"))
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=1440)
    contact = forms.ModelChoiceField(Entry.objects.none(), label=_("With"), required=False)
    topic = forms.ChoiceField(label=_("About"), choices=[("", "–"), *Topic.choices], required=False)
    amount = forms.DecimalField(label=_("Amount"), required=False, max_digits=18, decimal_places=4)

    def __init__(self, data: Any = None, *, customer: Customer) -> None:
        super().__init__(data)
        _contacts(self, customer)

    def clean(self) -> dict[str, Any]:
        """Return what was typed: a promise has its day, nothing lies in the future."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("promise") and not given.get("promise_due"):
            self.add_error("promise_due", _("Say until when this is promised."))
        if given.get("at") and given["at"] > timezone.now():
            self.add_error("at", _("This lies in the future."))
        return given

    def quick(self) -> list[tuple[str, Any]]:
        """Return the kinds at hand with their icons."""
        return [(ICONS[str(one.data["value"])], one) for one in self["kind"].subwidgets][: len(QUICK)]

    def others(self) -> list[tuple[str, Any]]:
        """Return the other kinds with their icons."""
        return [(ICONS[str(one.data["value"])], one) for one in self["kind"].subwidgets][len(QUICK) :]

    def details(self) -> list[forms.BoundField]:
        """Return what stands behind "more"."""
        names = ("resolution", "promise", "promise_due", "at", "minutes", "contact", "topic", "amount")
        return [self[name] for name in names if name in self.fields]

    @property
    def asks_more(self) -> bool:
        """Whether something behind "more" was filled in or is wrong."""
        return any(bound.errors or bound.value() for bound in self.details())


class EntryEditForm(RecordForm):
    """An entry by its author, for a day."""

    event = forms.CharField(label=_("What happened"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}))
    resolution = forms.CharField(label=_("What was agreed or done"), required=False, max_length=10_000, widget=ROWS)
    due_on = forms.DateField(label=_("Due on"), required=False, widget=DAY)
    occurred_at = forms.DateTimeField(label=_("When"), widget=MOMENT)
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=1440)
    contact = forms.ModelChoiceField(Entry.objects.none(), label=_("With"), required=False)
    topic = forms.ChoiceField(label=_("About"), choices=[("", "–"), *Topic.choices], required=False)
    amount = forms.DecimalField(label=_("Amount"), required=False, max_digits=18, decimal_places=4)

    def __init__(self, data: Any = None, *, of: Entry) -> None:
        super().__init__(data, of=of)
        _contacts(self, of.customer)
        if not of.state:
            del self.fields["due_on"]

    @staticmethod
    def initial_of(record: Entry) -> dict[str, Any]:
        """Return the entry as stored."""
        names = ("event", "resolution", "due_on", "minutes", "contact", "topic", "amount")
        occurred = timezone.localtime(record.occurred_at).replace(second=0, microsecond=0)
        return {**{name: getattr(record, name) for name in names}, "occurred_at": occurred}


def _contacts(form: forms.Form, customer: Customer) -> None:
    field = form.fields["contact"]
    assert isinstance(field, forms.ModelChoiceField)
    if not customer.is_organisation:
        del form.fields["contact"]
        return
    field.queryset = customer.contacts.filter(left_on=None)
