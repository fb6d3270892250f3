"""The plan of a campaign."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import Http404
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from regulars.prove.control import LARGEST_SHARE
from regulars.web.campaigns.actions import Plan
from regulars.web.campaigns.channels import CHANNELS
from regulars.web.campaigns.models import Campaign
from regulars.web.campaigns.models.campaign import LONGEST_WINDOW
from regulars.web.core.actor import Actor
from regulars.web.core.forms import RecordForm
from regulars.web.segments.selectors import segments
from regulars.web.tasks.actions.sources import name_of_list

MOST_SEGMENTS = 200
LIST = "/customers/"
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _money(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_digits=14, decimal_places=2, required=required, help_text=help_text
    )


class PlanForm(RecordForm):
    """Everything that a plan says; lists are segments, or the address of a filtered customer list."""

    name = forms.CharField(label=_("Name"), max_length=80)
    goal = forms.CharField(label=_("What it is to achieve"), max_length=300, required=False)
    audience = forms.MultipleChoiceField(
        label=_("Audience"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Who is in any of these")
    )
    address = forms.CharField(
        label=_("Or the address of a customer list"), max_length=2_000, required=False,
        help_text=_("Filter the list of customers and copy its address here."),
    )  # fmt: skip
    left_out = forms.MultipleChoiceField(label=_("But not"), required=False, widget=forms.CheckboxSelectMultiple)
    only_agreed = forms.BooleanField(
        label=_("Only who agreed to offers by this channel"), required=False,
        help_text=_("Who refused is never addressed. Who never said is left out as long as this is ticked."),
    )  # fmt: skip
    quiet_days = forms.IntegerField(
        label=_("Days of quiet between two campaigns for one customer"), min_value=0, max_value=366
    )
    channel = forms.ChoiceField(label=_("Channel"), widget=forms.RadioSelect)
    offer = forms.CharField(
        label=_("What is offered"), max_length=200, required=False,
        help_text=_("Stands on the task of each treated customer."),
    )  # fmt: skip
    offer_cost = _money(
        _("Cost of the offer per redemption"),
        _("For each treated customer who buys. A discount is in the orders already: do not enter it again."),
    )
    contact_cost = _money(_("Cost per contact"), _("Of each treated customer, whatever comes of it"))
    fixed_cost = _money(_("Other costs in all"), _("Design, printing, preparation"))
    starts_on = forms.DateField(label=_("Start"), widget=DAY)
    window_days = forms.IntegerField(
        label=_("Response window, days"), min_value=1, max_value=LONGEST_WINDOW,
        help_text=_("What customers bring within these days counts, and nothing later."),
    )  # fmt: skip
    share = forms.DecimalField(
        label=_("Left alone as control, %"), min_value=1, max_value=LARGEST_SHARE * 100, decimal_places=2, max_digits=4,
        help_text=_("Picked by chance, never addressed: without them nobody can say whether it paid."),
    )  # fmt: skip
    by_class = forms.BooleanField(
        label=_("The same share in every value class"), required=False,
        help_text=_("Then the result may be read by class, too, as declared before."),
    )  # fmt: skip
    worth_knowing = _money(
        _("Difference worth knowing, per customer"),
        _("The least profit a head worth doing it again for: the page then says how many customers it takes."),
    )
    looks = forms.CharField(
        label=_("Read it early, after days"), max_length=60, required=False,
        help_text=_("Such as 14, 21. Only declared days are read before the end, at a stricter level. Usually none."),
    )  # fmt: skip

    sections = (
        (_("What for"), ("name", "goal")),
        (_("Who"), ("audience", "address", "left_out", "only_agreed", "quiet_days")),
        (_("What, and how"), ("channel", "offer")),
        (_("What it costs"), ("contact_cost", "offer_cost", "fixed_cost")),
        (
            pgettext_lazy("of a campaign", "Proof"),
            ("starts_on", "window_days", "share", "by_class", "worth_knowing", "looks"),
        ),
    )

    def __init__(self, data: Any = None, *, by: Actor, of: Campaign | None = None, list_name: str = "") -> None:
        super().__init__(data, of=of)
        self.by, self.of = by, of
        if of is None:
            self.initial = {
                **self.initial,
                "only_agreed": True, "quiet_days": 14, "window_days": 28, "share": "10", "by_class": True,
                "audience": [list_name] if list_name.startswith("segment:") else [],
                "address": f"{LIST}?{list_name[10:]}" if list_name.startswith("customers:") else "",
                "channel": next(iter(CHANNELS)),
            }  # fmt: skip
        offered = [(f"segment:{one.pk}", one.name) for one in segments(by)[:MOST_SEGMENTS]]
        kept = [(one["list"], one["called"]) for one in [*of.audience, *of.left_out]] if of else []
        known = dict([*kept, *offered])
        choices = [(key, words) for key, words in known.items() if key.startswith("segment:")]
        for name in ("audience", "left_out"):
            self._choices(name, choices)
        self._choices("channel", [(one.key, f"{one.title}: {one.note}") for one in CHANNELS.values()])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @staticmethod
    def initial_of(record: Campaign) -> dict[str, Any]:
        """Return the plan as it is."""
        plain = (
            "name", "goal", "only_agreed", "quiet_days", "channel", "offer", "starts_on", "window_days", "by_class",
        )  # fmt: skip
        money = ("offer_cost", "contact_cost", "fixed_cost", "worth_knowing")
        lists = [one["list"] for one in record.audience]
        query = next((name[10:] for name in lists if name.startswith("customers:")), None)
        return {
            **{name: getattr(record, name) for name in plain},
            **{name: None if (v := getattr(record, name)) is None else f"{v:.2f}" for name in money},
            "audience": [name for name in lists if name.startswith("segment:")],
            "address": "" if query is None else f"{LIST}?{query}",
            "left_out": [one["list"] for one in record.left_out],
            "share": f"{(record.share * 100).normalize():f}",
            "looks": ", ".join(str(day) for day in record.looks),
        }

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields as the page groups them."""
        return [(title, [self[name] for name in names]) for title, names in self.sections]

    def clean_address(self) -> str:
        """Return the list that an address names."""
        text = self.cleaned_data["address"].strip()
        if not text:
            return ""
        parts = urlsplit(text)
        if parts.path not in (LIST, LIST.rstrip("/")):
            raise forms.ValidationError(_("This is not the address of a customer list: it begins with /customers/."))
        return f"customers:{parts.query}"

    def clean_looks(self) -> list[int]:
        """Return the days."""
        text = self.cleaned_data["looks"].strip()
        parts = [part for part in re.split(r"[,，、\s]+", text) if part]
        if any(not part.isdecimal() or len(part) > 3 for part in parts):
            raise forms.ValidationError(_("Write days as numbers, such as 14, 21."))
        return [int(part) for part in parts]

    def clean(self) -> dict[str, Any]:
        """Ask for a list."""
        values = super().clean() or {}
        if not values.get("audience") and not values.get("address") and "address" not in self.errors:
            self.add_error("audience", _("Choose at least one list."))
        return values

    def plan(self) -> Plan:
        """Return the plan."""
        values = self.cleaned_data
        lists = [*values["audience"], *([values["address"]] if values["address"] else [])]
        plain = ("name", "goal", "channel", "offer", "starts_on", "window_days", "by_class", "only_agreed")
        return Plan(
            **{name: values[name] for name in plain},
            audience=[self._named(name) for name in lists], left_out=[self._named(name) for name in values["left_out"]],
            offer_cost=values["offer_cost"] or Decimal(0), contact_cost=values["contact_cost"] or Decimal(0),
            fixed_cost=values["fixed_cost"] or Decimal(0), share=Decimal(values["share"]) / 100, looks=values["looks"],
            quiet_days=values["quiet_days"], worth_knowing=values["worth_knowing"] or None,
        )  # fmt: skip

    def _named(self, name: str) -> dict[str, str]:
        try:
            return {"list": name, "called": name_of_list(self.by, name) or gettext("All customers")}
        except Http404:  # it is gone, or somebody else's: what it was called stays, and counting says so
            kept = {one["list"]: one["called"] for one in [*self.of.audience, *self.of.left_out]} if self.of else {}
            return {"list": name, "called": kept.get(name, name)}


class CopyForm(forms.Form):
    """A campaign once more."""

    name = forms.CharField(label=_("Name"), max_length=80)
    starts_on = forms.DateField(label=_("Start"), widget=DAY)

    def __init__(self, data: Any = None, *, name: str = "", day: date | None = None) -> None:
        super().__init__(data, initial={"name": name, "starts_on": day})
