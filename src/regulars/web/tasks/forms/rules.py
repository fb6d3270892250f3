"""Setting up alert rules and the days that are worked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.prove.control import LARGEST_SHARE
from regulars.web.accounts.selectors import colleagues
from regulars.web.core.actor import Actor
from regulars.web.core.forms import RecordForm
from regulars.web.tasks.day_list import read_days
from regulars.web.tasks.models import OwnerRule, Rule

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class RuleForm(RecordForm):
    """One alert rule."""

    enabled = forms.BooleanField(label=_("Switched on"), required=False)
    owner_rule = forms.ChoiceField(label=_("Task for"), choices=OwnerRule.choices, widget=forms.RadioSelect)
    owner: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        None, label=_("Person"), required=False, empty_label="–"
    )
    due_days = forms.IntegerField(label=_("Business days to do it"), min_value=0, max_value=60)
    least = forms.DecimalField(
        label=_("Only with at least this much at stake"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    at_most = forms.IntegerField(
        label=_("Tasks a valuation, at most"),
        min_value=1,
        max_value=5_000,
        help_text=_("The customers with most at stake come first."),
    )
    quiet_days = forms.IntegerField(
        label=_("Days of quiet after it was done"),
        min_value=0,
        max_value=366,
        help_text=_("Nobody is called about the same thing again within these days."),
    )
    share = forms.DecimalField(
        label=_("Leave alone as control, %"),
        min_value=0,
        max_value=LARGEST_SHARE * 100,
        decimal_places=2,
        max_digits=4,
        help_text=_("Another share begins another experiment."),
    )

    def __init__(self, data: Any = None, *, of: Rule, by: Actor) -> None:
        super().__init__(data, of=of)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = colleagues(by)

    @staticmethod
    def initial_of(record: Rule) -> dict[str, Any]:
        """Return the rule as it is, the share in percent."""
        plain = ("enabled", "owner_rule", "owner", "due_days", "at_most", "quiet_days")
        least = None if record.least is None else f"{record.least:.2f}"
        return {
            **{name: getattr(record, name) for name in plain},
            "least": least,
            "share": f"{(record.share * 100).normalize():f}",
        }

    def clean(self) -> dict[str, Any]:
        """Ask for the person where the tasks are one person's."""
        values = super().clean() or {}
        if values.get("owner_rule") == OwnerRule.PERSON and not values.get("owner"):
            self.add_error("owner", _("Choose the person."))
        return values

    def values(self) -> dict[str, Any]:
        """Return what the action takes: the share as a part of one."""
        found = super().values()
        return {**found, "share": Decimal(found["share"]) / 100}


class CalendarForm(forms.Form):
    """The days that are worked."""

    weekdays = forms.MultipleChoiceField(
        label=_("Working days"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, required=False
    )
    closed = forms.CharField(
        label=_("Days off"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One day a line, such as 2026-10-01; a span as 2026-10-01 – 2026-10-07"),
    )
    opened = forms.CharField(
        label=_("Worked all the same"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Days that make up for a holiday"),
    )

    def clean_weekdays(self) -> list[int]:
        """Return the days as numbers."""
        return [int(day) for day in self.cleaned_data["weekdays"]]

    def clean_closed(self) -> list[date]:
        """Return the days off."""
        return read_days(self.cleaned_data["closed"])

    def clean_opened(self) -> list[date]:
        """Return the days that are worked all the same."""
        return read_days(self.cleaned_data["opened"])

    def days(self) -> dict[date, bool]:
        """Return day → whether it is worked."""
        closed = dict.fromkeys(self.cleaned_data["closed"], False)
        return closed | dict.fromkeys(self.cleaned_data["opened"], True)
