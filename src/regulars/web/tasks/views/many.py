"""Changing many tasks at once, and taking it back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.tasks import actions
from regulars.web.tasks.actions.many import Change, Changed
from regulars.web.tasks.forms.doing import OwnerForm, UntilForm
from regulars.web.tasks.models import Undo
from regulars.web.tasks.outcomes import Outcome
from regulars.web.tasks.views.leaving import back, came_from
from regulars.web.tasks.views.single import _ahead as ahead

VERBS = ("finish", "snooze", "delegate", "drop")


@page(permission="tasks.write", kind="write")
def change(request: Request) -> HttpResponse:
    """Apply one verb to the ticked tasks; what it still needs (a day, a person, an outcome) is asked for in between."""
    picked, verb = _picked(request), request.POST.get("verb", "")
    if request.method != "POST" or not picked or verb not in VERBS:
        return back(request)
    asked = _Asked(request, verb)
    if asked.change is None:
        return render(request, "tasks/change.html", {**asked.context(), "picked": picked, "next": came_from(request)})
    try:
        _tell(request, actions.change_many(picked=picked, verb=verb, change=asked.change, by=request.actor))
    except ValidationError as error:
        flash.warn(request, " ".join(error.messages))
    return back(request)


@page(permission="tasks.write", kind="write")
def undo(request: Request, undo_id: int) -> HttpResponse:
    """Take the change of many tasks back."""
    change = get_object_or_404(Undo.objects.visible_to(request.actor), pk=undo_id)
    if request.method != "POST":
        return back(request)
    try:
        undone = actions.undo(change=change, by=request.actor)
    except ValidationError as error:
        flash.warn(request, " ".join(error.messages))
        return back(request)
    flash.say(request, _said(_("Undone"), undone))
    return back(request)


class _Asked:
    """What a verb needs, and the change that it makes once it has that."""

    def __init__(self, request: Request, verb: str) -> None:
        self.verb, self.by, answered = verb, request.actor, "answered" in request.POST
        self.form: Any = None
        if verb == "snooze":
            self.form = UntilForm(request.POST if answered or request.POST.get("until") else None)
        elif verb == "delegate":
            self.form = OwnerForm(request.POST if answered else None, by=request.actor)
        self.outcome = request.POST.get("outcome", "")

    @property
    def change(self) -> Change | None:
        """The action with everything filled in but the task; None while something is missing."""
        if self.verb == "drop":
            return lambda task, version: actions.drop(task=task, version=version, by=self.by)
        if self.verb == "finish":
            outcome = self.outcome if self.outcome in Outcome.values else ""
            return partial(_finish, outcome=outcome, by=self.by) if outcome else None
        if not self.form.is_bound or not self.form.is_valid():
            return None
        values = self.form.cleaned_data
        if self.verb == "snooze":
            return lambda task, version: actions.snooze(task=task, version=version, until=values["until"], by=self.by)
        return lambda task, version: actions.delegate(task=task, version=version, to=values["owner"], by=self.by)

    def context(self) -> dict[str, Any]:
        """Return what the page in between shows."""
        return {"verb": self.verb, "form": self.form, "days": ahead(), "outcomes": Outcome.choices}


def _finish(task: Any, version: int, *, outcome: str, by: Any) -> None:
    actions.finish(task=task, version=version, outcome=outcome, by=by)


def _picked(request: Request) -> list[tuple[int, int]]:
    pairs = (text.partition(":") for text in request.POST.getlist("pick"))
    return [(int(a), int(b)) for a, _, b in pairs if a.isdecimal() and b.isdecimal() and len(a) <= 18 and len(b) <= 9]


def _tell(request: Request, changed: Changed) -> None:
    url = reverse("tasks_undo", args=[changed.undo.pk]) if changed.undo else ""
    flash.say(request, _said(pgettext("tasks", "Changed"), changed), undo=url)


def _said(what: str, changed: Changed) -> str:
    done = ngettext("%(what)s: %(n)s task", "%(what)s: %(n)s tasks", changed.done) % {"what": what, "n": changed.done}
    if not changed.left:
        return done
    left = ngettext("%(n)s had been changed by somebody else", "%(n)s had been changed by others", changed.left)
    return f"{done}; {left % {'n': changed.left}}"
