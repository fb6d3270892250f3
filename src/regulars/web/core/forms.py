"""From a form to an action and back: what the action refuses stands in the form, what was typed stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from regulars.web.core.conflict import Versioned
from regulars.web.core.request import Request


def typed(request: Request) -> QueryDict | None:
    """Return what fills a form: what was just sent, or typed before the session ended; None for a fresh one."""
    return request.POST if request.method == "POST" else request.typed


def done(request: Request, form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Do `act` with a valid form that was sent; a refusal is shown in the form, at its field or on top."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except ValidationError as error:
        _show(form, error)
        return False
    return True


def _show(form: forms.BaseForm, error: ValidationError) -> None:
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, messages in error.error_dict.items():
        form.add_error(name if name in form.fields else None, messages)


class RecordForm(forms.Form):
    """A form over a record, `of`; it carries the version that it was opened on, for the action to claim."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, of: Versioned | None = None) -> None:
        super().__init__(data, initial={"version": of.version, **self.initial_of(of)} if of else None)

    @staticmethod
    def initial_of(record: Any) -> dict[str, Any]:
        """Return what the record holds now, by the form's names."""
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        """Return what an action takes: every field but the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def opened_on(self) -> int:
        """Return the version that the form was opened on."""
        return int(self.cleaned_data["version"] or 0)
