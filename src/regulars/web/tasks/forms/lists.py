"""Acting on a list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.web.accounts.selectors import colleagues
from regulars.web.core.actor import Actor
from regulars.web.tasks.forms.doing import DAY, kind_choices
from regulars.web.tasks.kinds import FOR_LISTS
from regulars.web.tasks.models import OwnerRule


class ListForm(forms.Form):
    """What to do with a list, and which part of it to leave alone."""

    kind = forms.ChoiceField(label=pgettext_lazy("task", "What"), required=False)
    detail = forms.CharField(label=_("What it is about"), max_length=200, required=False)
    owner_rule = forms.ChoiceField(
        label=_("Task for"), choices=OwnerRule.choices, widget=forms.RadioSelect, initial=OwnerRule.OWNER
    )
    owner: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        None, label=_("Person"), required=False, empty_label="–"
    )
    due_on = forms.DateField(label=_("Due"), widget=DAY, required=False)
    share = forms.DecimalField(
        label=_("Leave alone as control, %"),
        min_value=0,
        max_value=50,
        decimal_places=2,
        max_digits=4,
        initial=10,
        help_text=_("Picked at random within each value class. Without it nobody can say later whether it paid."),
    )

    def __init__(self, data: Any = None, *, by: Actor, due: date | None = None) -> None:
        super().__init__(data, initial={"due_on": due})
        kind, owner = self.fields["kind"], self.fields["owner"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(owner, forms.ModelChoiceField)
        kind.choices = [*kind_choices(FOR_LISTS), ("", _("No tasks: only split the list"))]
        owner.queryset = colleagues(by)

    def clean(self) -> dict[str, Any]:
        """Ask for the person where the tasks are one person's."""
        values = super().clean() or {}
        if values.get("owner_rule") == OwnerRule.PERSON and not values.get("owner"):
            self.add_error("owner", _("Choose the person."))
        return values

    def share_of_list(self) -> Decimal:
        """Return the share as a part of one."""
        return Decimal(self.cleaned_data["share"]) / 100
