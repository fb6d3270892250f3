"""The pages of contracts: what is found, who may leave next, a run."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.ingest.rejected import harmless
from regulars.web import audit
from regulars.web.contracts import actions, selectors, shown
from regulars.web.contracts.forms import AskForm
from regulars.web.contracts.models import ContractRun, State
from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.customers import selectors as customers

READ = selectors.READ
FIRST, A_PAGE, MOST = 15, 50, 50_000
CELLS = ("renewals", "next_due", "p_leaves_next", "expected_renewals", "future_value", "future_value_low",
         "future_value_high")  # fmt: skip
"""What the list as a file holds beside names."""
ORDERS = {
    "p_leaves_next": gettext_lazy("chance to leave next"),
    "future_value": gettext_lazy("value to come"),
    "next_due": gettext_lazy("next renewal"),
}


@page(permission=READ, kind="read")
def contracts(request: Request) -> HttpResponse:
    """Show who stays, by the curve and by groups, and who may leave next."""
    return _shown(request)


def _shown(request: Request, form: AskForm | None = None) -> HttpResponse:
    run, newest = selectors.current(), selectors.latest(request.actor)
    context: dict[str, Any] = {
        "run": run,
        "open": selectors.is_open(request.actor),
        "failed": newest if newest and newest.state == State.FAILED else None,
        "may_run": request.actor.may(actions.RUN),
        "may_import": request.actor.may("importing.run"),
        "form": form or AskForm(initial=AskForm.initial_of(run.parameters if run else {})),
    }
    figures = selectors.figures(request.actor, run) if run else None
    if run and figures:
        context |= {
            "tiles": shown.tiles(figures, run),
            "curve": shown.curve(figures, run),
            "groups": shown.groups(figures),
            "model": shown.model(run),
            "not_enough": shown.said(run.card.get("not_enough")),
            "weak": shown.weak(run),
            "facts": shown.facts(run),
            "whose": _whose(request),
            "n": figures["customers"],
            "people": _people(request, run, limit=FIRST),
        }
    return render(request, "contracts/contracts.html", context)


@page(permission=actions.RUN, kind="write")
def start(request: Request) -> HttpResponse:
    """Start a run."""
    form = AskForm(request.POST)
    if request.method == "POST" and not form.is_valid():
        return _shown(request, form)
    if request.method == "POST":
        try:
            actions.start(by=request.actor, asked=form.asked())
        except ValidationError as error:
            flash.warn(request, " ".join(error.messages))
    return redirect("contracts")


@page(permission=READ, kind="read")
def progress(request: Request) -> HttpResponse:
    """Show how far the run is; once it has ended the page is read again."""
    run = selectors.is_open(request.actor)
    if run is None:
        return HttpResponse(headers={"HX-Refresh": "true"}) if request.htmx else redirect("contracts")
    return render(request, "contracts/progress.html", {"open": run})


@page(permission=READ, kind="read")
def who(request: Request) -> HttpResponse:
    """List the running contracts of the customers whom a person reaches."""
    request.actor.require("customers.read")
    run = selectors.current()
    if run is None:
        return redirect("contracts")
    order = _order(request)
    at = max(int(text) if (text := request.GET.get("from", "")).isdecimal() and len(text) < 9 else 0, 0)
    rows = _people(request, run, order=order, limit=A_PAGE + 1, offset=at)
    context = {
        "run": run,
        "whose": _whose(request),
        "people": rows[:A_PAGE],
        "orders": [(key, title, key == order) for key, title in ORDERS.items()],
        "order": order,
        "before": max(at - A_PAGE, 0) if at else None,
        "after": at + A_PAGE if len(rows) > A_PAGE else None,
    }
    return render(request, "contracts/who.html", context)


@page(permission=READ, kind="read")
def who_table(request: Request) -> HttpResponse:
    """Hand out the list as CSV."""
    request.actor.require("customers.read")
    run = selectors.current()
    if run is None:
        return redirect("contracts")
    rows = selectors.people(request.actor, run, order=_order(request), limit=MOST)
    names = _names(request, rows)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [_("Customer"), _("Contract number"), _("Renewals so far"), _("Next renewal"), _("Chance to leave next"),
         _("Renewals to come"), _("Value to come"), _("low end"), _("high end"), _("Currency")]
    )  # fmt: skip
    for row in rows:
        told = shown.person(row, names.get(row["customer_id"], ""), run)
        writer.writerow(
            [harmless(told["name"]), harmless(told["contract"]), *(row[name] for name in CELLS), run.currency]
        )
    audit.record(
        actor=request.actor, verb="export", subject_type=actions.SUBJECT, subject_id=run.pk, details={"n": len(rows)}
    )
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="contracts.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _order(request: Request) -> str:
    order = request.GET.get("order", "")
    return order if order in ORDERS else "p_leaves_next"


def _people(
    request: Request, run: ContractRun, *, order: str = "p_leaves_next", limit: int, offset: int = 0
) -> list[dict[str, Any]]:
    if not request.actor.may("customers.read"):
        return []
    rows = selectors.people(request.actor, run, order=order, limit=limit, offset=offset)
    return shown.people(rows, _names(request, rows), run)


def _names(request: Request, rows: list[dict[str, Any]]) -> dict[int, str]:
    numbers = {row["customer_id"] for row in rows}
    return {one.pk: str(one) for one in customers.visible(request.actor).filter(pk__among=sorted(numbers))}


def _whose(request: Request) -> str:
    actor = request.actor
    if actor.scope == "all" or not actor.may("customers.read"):
        return _("all customers")
    return _("my customers") if actor.scope == "own" else _("my team's customers")
