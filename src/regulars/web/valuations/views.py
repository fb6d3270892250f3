"""Runs: the history, one run with its checks, starting, the schedule, deleting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.models import Workspace
from regulars.web.core.paging import keyset_page
from regulars.web.core.request import Request
from regulars.web.core.words import current_lang
from regulars.web.valuations import actions, selectors
from regulars.web.valuations.forms import RunForm, ScheduleForm
from regulars.web.valuations.models import Valuation, ValuationState

READ = "valuations.read"


@page(permission=READ, kind="read")
def runs(request: Request) -> HttpResponse:
    """List the runs, newest first; the one under way shows how far it is."""
    return _listed(request)


def _listed(request: Request, form: RunForm | None = None) -> HttpResponse:
    found = selectors.history(request.actor)
    rows = keyset_page(found, ["-id"], after=request.GET.get("after"), before=request.GET.get("before"))
    last = found.filter(state=ValuationState.PUBLISHED).first()
    schedule = selectors.schedule()
    context: dict[str, Any] = {
        "rows": rows,
        "open": selectors.is_open(request.actor),
        "current_id": Workspace.current().current_valuation_id,
        "may_run": request.actor.may(actions.RUN),
        "schedule": schedule,
        "form": form or RunForm(initial=RunForm.initial_of(last.parameters if last else {})),
        "schedule_form": ScheduleForm(
            initial={"every": schedule.every, "weekday": schedule.weekday, "at": schedule.at}
        ),
    }
    return render(request, "valuations/runs/list.html", context)


@page(permission=actions.RUN, kind="write")
def start(request: Request) -> HttpResponse:
    """Start a run."""
    form = RunForm(request.POST)
    if request.method == "POST" and not form.is_valid():
        return _listed(request, form)
    if request.method == "POST":
        started: list[Valuation] = []
        if _done(request, lambda: started.append(actions.start(by=request.actor, parameters=form.parameters()))):
            return redirect("valuation", valuation_id=started[0].pk)
    return redirect("valuations")


@page(permission=actions.RUN, kind="write")
def schedule(request: Request) -> HttpResponse:
    """Say when runs begin by themselves."""
    form = ScheduleForm(request.POST)
    if request.method == "POST" and form.is_valid():
        actions.set_schedule(**form.cleaned_data, by=request.actor)
        flash.say(request, _("Schedule saved"))
    return redirect("valuations")


@page(permission=READ, kind="read")
def run(request: Request, valuation_id: int) -> HttpResponse:
    """Show one run: how far it is, or what it found, which checks it passed and where its numbers are weak."""
    found = get_object_or_404(selectors.history(request.actor), pk=valuation_id)
    if request.htmx and found.state not in actions.OPEN:
        return HttpResponse(headers={"HX-Refresh": "true"})
    name = "valuations/runs/progress.html" if request.htmx else "valuations/runs/run.html"
    return render(request, name, _shown(request, found))


def _shown(request: Request, found: Valuation) -> dict[str, Any]:
    lang, card = current_lang(), found.card
    gates = [{"text": gate["text"][lang], "passed": gate["passed"]} for gate in card.get("gates", [])]
    return {
        "valuation": found,
        "is_open": found.state in actions.OPEN,
        "is_current": Workspace.current().current_valuation_id == found.pk,
        "failure": found.failure.get(lang, "").split("\n"),
        "gates": gates,
        "n_passed": sum(gate["passed"] for gate in gates),
        "given": ((card.get("given") or {}).get("text") or {}).get(lang, ""),
        "not_enough": (card.get("not_enough") or {}).get(lang, ""),
        "weak": [line[lang] for line in card.get("weak", [])],
        "totals": found.figures.get("totals") or {},
        "may_delete": request.actor.may(actions.DELETE),
        "may_import": request.actor.may("importing.run"),
    }


@page(permission=actions.DELETE, kind="write")
def delete(request: Request, valuation_id: int) -> HttpResponse:
    """Delete an old run."""
    found = get_object_or_404(selectors.history(request.actor), pk=valuation_id)
    if request.method == "POST" and _done(request, lambda: actions.delete(valuation=found, by=request.actor)):
        flash.say(request, _("The run was deleted"))
        return redirect("valuations")
    return redirect("valuation", valuation_id=found.pk)


def _done(request: Request, act: Callable[[], object]) -> bool:
    try:
        act()
    except ValidationError as error:
        flash.warn(request, " ".join(error.messages))
        return False
    return True
