"""The filters above a list: the usual ones at hand, all others behind one press."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.customers.selectors import tags
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.parameters import PARAMETERS
from regulars.web.segments.wording import choices

AT_HAND = ("q", "owner", "team", "stage", "matrix", "tier")
BEHIND = (
    "tag", "kind", "seniority", "dealing", "nature", "partner", "source_channel", "region", "store",
    "visit_class", "visit_change", "rfm", "at_risk",
    "future_value_from", "future_value_to", "current_value_from", "current_value_to",
    "value_at_risk_from", "value_at_risk_to", "p_alive_from", "p_alive_to", "n_purchases_from", "n_purchases_to",
    "last_purchase_from", "last_purchase_to", "next_order_due_from", "next_order_due_to", "due_within",
    "cohort", "archived",
)  # fmt: skip
"""Conditions with a control of their own; what else an address may ask for is shown and taken away, not typed."""

BOUND = {"from": _("%(what)s from"), "to": _("%(what)s up to")}


class FilterForm(forms.Form):
    """What a list asks for, as controls; it is only drawn: the address itself is read by `Conditions`."""

    def __init__(self, conditions: Conditions, *, by: Actor, valued: bool) -> None:
        super().__init__(initial=dict(conditions.texts))
        self.conditions, self.by = conditions, by
        sees_values = valued and by.may("valuations.read")
        for key in (*AT_HAND, *BEHIND):
            if sees_values or PARAMETERS[key].side == "record":
                self.fields[key] = self._field(key)
        if len(choices("team", by)) < 3:
            self.fields.pop("team", None)

    def at_hand(self) -> list[forms.BoundField]:
        """Return the controls that always show."""
        return [self[key] for key in AT_HAND if key in self.fields]

    def behind(self) -> list[forms.BoundField]:
        """Return the others."""
        return [self[key] for key in BEHIND if key in self.fields]

    def kept(self) -> list[tuple[str, str]]:
        """Return what is asked for without having a control."""
        return [(key, text) for key, text in self.conditions.texts.items() if key not in self.fields]

    def _field(self, key: str) -> forms.Field:
        parameter, options = PARAMETERS[key], self._options(key)
        at_hand = key in AT_HAND
        title: Any = parameter.title
        if parameter.way in BOUND:
            title = BOUND[parameter.way] % {"what": title}
        attributes = {"class": "inp", **({"aria-label": title} if at_hand else {})}
        if options:
            first = ("", title if at_hand else _("Any"))
            submits = {"data-submit": ""} if at_hand else {}
            return forms.ChoiceField(
                label=title,
                required=False,
                choices=[first, *options],
                widget=forms.Select(attrs={**attributes, **submits}),
            )
        widget = forms.TextInput(attrs={**attributes, **_typed(key)})
        return forms.CharField(label=title, required=False, widget=widget)

    def _options(self, key: str) -> list[tuple[str, str]]:
        options = [(one, one) for one in tags(self.by)] if key == "tag" else choices(key, self.by)
        chosen = self.conditions.texts.get(key)
        if options and chosen and chosen not in dict(options):  # several at once, from a chart or by hand
            known = dict(options)
            options = [*options, (chosen, ", ".join(known.get(part, part) for part in chosen.split(",")))]
        return options


def _typed(key: str) -> dict[str, str]:
    """Return what a browser needs to know about what is typed."""
    column, way = PARAMETERS[key].column, PARAMETERS[key].way
    if key == "q":
        return {"type": "search", "placeholder": str(PARAMETERS[key].title)}
    if key == "cohort":
        return {"type": "month"}
    if column in ("last_purchase", "next_order_due") and way != "within":
        return {"type": "date"}
    if column == "p_alive":
        return {"type": "number", "min": "0", "max": "1", "step": "any", "placeholder": "0–1"}
    if way in ("from", "to"):
        return {"type": "number", "step": "any"}
    return {"type": "number", "min": "0", "max": "3660"} if way == "within" else {}
