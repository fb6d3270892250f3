"""Naming what is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.web.core.actor import Actor
from regulars.web.core.forms import RecordForm
from regulars.web.segments.actions.trail import SHARE
from regulars.web.segments.models import Kept, Shared


class KeptForm(RecordForm):
    """Name and with whom it is shared, where the person may share."""

    name = forms.CharField(label=_("Name"), max_length=60)
    shared = forms.ChoiceField(label=_("Shared with"), choices=Shared.choices, initial=Shared.OWN, required=False)

    def __init__(self, data: Any = None, *, of: Kept | None = None, by: Actor) -> None:
        super().__init__(data, of=of)
        if not by.may(SHARE):
            del self.fields["shared"]
        self.was = of.shared if of else Shared.OWN.value

    @staticmethod
    def initial_of(record: Any) -> dict[str, Any]:
        """Return name and sharing as they are."""
        return {"name": record.name, "shared": record.shared}

    def values(self) -> dict[str, Any]:
        """Return what an action takes."""
        return {"name": self.cleaned_data["name"], "shared": self.cleaned_data.get("shared") or self.was}


class ViewForm(KeptForm):
    """A view: whether one's list opens with it, too."""

    first = forms.BooleanField(label=_("Open my list with it"), required=False)


class SegmentForm(KeptForm):
    """A new segment: live or frozen."""

    frozen = forms.ChoiceField(
        label=pgettext_lazy("segment", "Who is in it"),
        choices=[
            ("", _("Live: whoever meets the conditions when it is opened")),
            ("1", _("Frozen: who meets them today, written down")),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )
