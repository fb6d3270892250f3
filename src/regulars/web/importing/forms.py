"""The wizard's forms: the file, and which column is which."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regulars.money import CURRENCIES
from regulars.web.core.actor import Actor
from regulars.web.importing.models import Holds, Import
from regulars.web.importing.names import FIELDS, MONEY, NEEDED
from regulars.web.importing.steps import choices

ORDERS = [
    ("", _("Told from the dates")),
    ("ymd", _("Year, month, day")),
    ("dmy", _("Day, month, year")),
    ("mdy", _("Month, day, year")),
]
KINDS = [("person", _("Persons")), ("organisation", _("Organisations"))]


UNASKED: dict[str, tuple[str, ...]] = {
    Holds.ORDERS: ("kind", "leave_known"),
    Holds.CUSTOMERS: ("rates",),
    Holds.CONTRACTS: ("kind", "leave_known", "rates", "max_rejected"),
}
"""What a file of each kind leaves nobody to say."""


class UploadForm(forms.Form):
    """A file and what it holds."""

    holds = forms.ChoiceField(label=_("The file holds"), choices=Holds, widget=forms.RadioSelect, initial=Holds.ORDERS)
    file = forms.FileField(
        label=_("File"),
        help_text=_(".xlsx, .csv or .parquet, with column names in the first row"),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    source = forms.CharField(
        label=_("Comes from"),
        max_length=60,
        required=False,
        help_text=_(
            "The system that exported it, such as shop or erp: its customer numbers are kept apart from others'."
        ),
    )


class ColumnsForm(forms.Form):
    """What each column of the file means, and what the file cannot say for itself."""

    source = forms.CharField(label=_("Comes from"), max_length=60)
    date_order = forms.ChoiceField(label=_("Dates are written"), choices=ORDERS, required=False)
    max_rejected = forms.TypedChoiceField(
        label=_("Refuse the file when more cannot be read than"),
        coerce=float,
        choices=[(0.0, "0%"), (0.01, "1%"), (0.05, "5%"), (0.2, "20%")],
        initial=0.05,
    )
    rates = forms.CharField(
        label=_("Exchange rates"),
        required=False,
        max_length=400,
        help_text=_("Where amounts are in another currency: what one unit is worth, such as USD 7.2"),
    )
    kind = forms.ChoiceField(label=_("Customers without a kind are"), choices=KINDS, required=False)
    leave_known = forms.BooleanField(label=_("Only add new customers, leave known ones as they are"), required=False)

    def __init__(self, one: Import, by: Actor, data: Any = None) -> None:
        options: dict[str, Any] = one.options
        rates = ", ".join(f"{code} {rate}" for code, rate in options.get("rates", {}).items())
        super().__init__(data, initial={**options, "source": one.source, "rates": rates})
        self.one = one
        meanings = [("", gettext("Not used"))] + [(name, FIELDS[name]) for name in choices(one, by)]
        means = {column: name for name, column in one.columns.items() if column}
        for i, column in enumerate(one.look["columns"]):
            self.fields[f"column_{i}"] = forms.ChoiceField(
                label=column["name"], choices=meanings, required=False, initial=means.get(column["name"], "")
            )
        for name in UNASKED[one.holds]:
            del self.fields[name]

    @property
    def columns(self) -> list[tuple[dict[str, Any], forms.BoundField]]:
        """Each column of the file with its choice."""
        return [(column, self[f"column_{i}"]) for i, column in enumerate(self.one.look["columns"])]

    @property
    def rest(self) -> list[forms.BoundField]:
        """The other fields."""
        return [bound for bound in self if not bound.name.startswith("column_")]

    def clean_rates(self) -> dict[str, str]:
        """Read pairs of currency and rate."""
        found: dict[str, str] = {}
        for part in filter(None, re.split(r"[,;，；\n]+", self.cleaned_data["rates"])):
            words = re.fullmatch(r"\s*([A-Za-z]{3})\s*[=:：]?\s*([0-9.]+)\s*", part)
            if not words or words[1].upper() not in CURRENCIES or not _positive(words[2]):
                raise forms.ValidationError(
                    gettext("“%(part)s” is no rate. Write a currency and a number, such as USD 7.2.") % {"part": part}
                )
            found[words[1].upper()] = words[2]
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse a meaning that is given twice, and a file without what is needed."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for i, column in enumerate(self.one.look["columns"]):
            name = cleaned.get(f"column_{i}")
            if name and name in taken:
                said = gettext("“%(meaning)s” is given to “%(other)s” already.")
                self.add_error(f"column_{i}", said % {"meaning": FIELDS[name], "other": taken[name]})
            elif name:
                taken[name] = column["name"]
        lacking = [FIELDS[name] for name in NEEDED[self.one.holds] if name not in taken]
        if self.one.holds == Holds.ORDERS and not taken.keys() & set(MONEY):
            lacking.append(FIELDS["net_amount"])
        if lacking:
            said = gettext("Say which column holds: %(fields)s.")
            self.add_error(None, said % {"fields": ", ".join(str(name) for name in lacking)})
        cleaned["columns"] = taken
        return cleaned

    def chosen(self) -> dict[str, Any]:
        """Return what the action takes."""
        names = ("date_order", "max_rejected", "rates", "kind", "leave_known")
        return {
            "columns": self.cleaned_data["columns"],
            "options": {name: self.cleaned_data[name] for name in names if name in self.cleaned_data},
            "source": self.cleaned_data["source"],
        }


def _positive(text: str) -> bool:
    try:
        return Decimal(text) > 0
    except InvalidOperation:
        return False
