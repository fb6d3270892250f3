"""One task: what, why, what it is about; and ending it, putting it off, handing it on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.conflict import Conflict
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request
from regulars.web.customers.selectors import profile
from regulars.web.tasks import actions, selectors
from regulars.web.tasks.business_days import calendar, today
from regulars.web.tasks.forms.doing import FinishForm, OwnerForm, UntilForm
from regulars.web.tasks.models import Task
from regulars.web.tasks.outcomes import Outcome, Way
from regulars.web.tasks.views.leaving import back, came_from

AHEAD = (1, 3, 5, 10)
"""Business days that a press puts a task off by."""


@page(permission="tasks.read", kind="read")
def task(request: Request, task_id: int) -> HttpResponse:
    """Show one task."""
    return _show(request, _one(request, task_id))


@page(permission="tasks.write", kind="write")
def finish(request: Request, task_id: int) -> HttpResponse:
    """End a task with the outcome that was pressed; who comes second is told who was first."""
    one = _one(request, task_id)
    form = FinishForm(typed(request), initial={"version": one.version, "way": one.declared.way or Way.NONE})
    try:
        ended = done(
            request,
            form,
            lambda: actions.finish(task=one, by=request.actor, **form.cleaned_data),
        )
    except Conflict:
        one.refresh_from_db()
        return _show(request, one, overtaken=True, form=form, status=409)
    if not ended:
        return _show(request, one, form=form)
    if one.is_open:
        flash.say(request, _("In the log. Try again on the next business day."))
    else:
        said = _("Done: %(outcome)s. It stands in the customer log.") % {"outcome": Outcome(one.outcome).label}
        flash.say(request, said, undo=_reopen_url(one))
    return back(request)


@page(permission="tasks.write", kind="write")
def snooze(request: Request, task_id: int) -> HttpResponse:
    """Put a task off."""
    one = _one(request, task_id)
    form = UntilForm(typed(request))
    version = _version(request, one)
    if done(
        request,
        form,
        lambda: actions.snooze(task=one, version=version, until=form.cleaned_data["until"], by=request.actor),
    ):
        flash.say(request, _("Put off"), undo=f"{reverse('task_put_back', args=[one.pk])}?version={one.version}")
        return back(request)
    return render(request, "tasks/snooze.html", {**_frame(request, one), "form": form, "days": _ahead()})


@page(permission="tasks.write", kind="write")
def delegate(request: Request, task_id: int) -> HttpResponse:
    """Hand a task on."""
    one = _one(request, task_id)
    form = OwnerForm(typed(request), by=request.actor, initial={"owner": one.owner_id})
    version = _version(request, one)
    if done(
        request,
        form,
        lambda: actions.delegate(task=one, version=version, to=form.cleaned_data["owner"], by=request.actor),
    ):
        flash.say(request, _("Handed on to %(who)s") % {"who": one.owner or _("the team")})
        return back(request)
    return render(request, "tasks/delegate.html", {**_frame(request, one), "form": form})


@page(permission="tasks.write", kind="write")
def drop(request: Request, task_id: int) -> HttpResponse:
    """End a task without doing it."""
    one = _one(request, task_id)
    if _pressed(request, lambda: actions.drop(task=one, version=_version(request, one), by=request.actor)):
        flash.say(request, _("Dropped"), undo=_reopen_url(one))
        return back(request)
    return redirect("task", task_id=one.pk)


@page(permission="tasks.write", kind="write")
def reopen(request: Request, task_id: int) -> HttpResponse:
    """Open a task again."""
    one = _one(request, task_id)
    if _pressed(request, lambda: actions.reopen(task=one, version=_version(request, one), by=request.actor)):
        flash.say(request, _("Open again"))
    return redirect("task", task_id=one.pk)


@page(permission="tasks.write", kind="write")
def put_back(request: Request, task_id: int) -> HttpResponse:
    """Take a put-off task back into the queue."""
    one = _one(request, task_id)
    if _pressed(request, lambda: actions.put_back(task=one, version=_version(request, one), by=request.actor)):
        flash.say(request, _("Back in the queue, due today"))
    return redirect("task", task_id=one.pk)


def _one(request: Request, task_id: int) -> Task:
    found = selectors.tasks(request.actor).select_related("customer", "owner", "team", "rule", "valuation", "ended_by")
    one: Task = get_object_or_404(found, pk=task_id)
    return one


def _version(request: Request, one: Task) -> int:
    """Return the version that the page was opened on."""
    said = request.POST.get("version") or request.GET.get("version") or ""
    return int(said) if said.isdecimal() else one.version


def _pressed(request: Request, act: Callable[[], object]) -> bool:
    """Do what a button asks for; a refusal is told on the next page."""
    if request.method != "POST":
        return False
    try:
        act()
    except ValidationError as error:
        flash.warn(request, " ".join(error.messages))
        return False
    return True


def _show(
    request: Request, one: Task, *, form: FinishForm | None = None, overtaken: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        **_frame(request, one),
        "form": form or FinishForm(initial={"version": one.version, "way": one.declared.way or Way.NONE}),
        "outcomes": Outcome.choices,
        "overtaken": overtaken,
        "phone": profile(request.actor, one.customer).phone if request.actor.sees("contact") else None,
        "days": _ahead(),
    }
    return render(request, "tasks/task.html", context, status=status)


def _frame(request: Request, one: Task) -> dict[str, Any]:
    row = selectors.rows(request.actor, [one], today=today())[0]
    may_change = request.actor.may("tasks.write")
    return {"task": one, "row": row, "next": came_from(request), "may_change": may_change}


def _ahead() -> list[tuple[int, Any]]:
    days, day = calendar(), today()
    return [(n, days.after(day, n)) for n in AHEAD]


def _reopen_url(one: Task) -> str:
    return f"{reverse('task_reopen', args=[one.pk])}?version={one.version}"
