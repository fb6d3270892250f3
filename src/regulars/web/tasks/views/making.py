"""Making tasks: by hand, out of a proposal, for a whole list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request
from regulars.web.customers.selectors import visible
from regulars.web.tasks import actions
from regulars.web.tasks.actions.lists import Assigned
from regulars.web.tasks.actions.sources import Listed, read_list
from regulars.web.tasks.business_days import due_after
from regulars.web.tasks.forms.doing import NewTaskForm
from regulars.web.tasks.forms.lists import ListForm
from regulars.web.tasks.kinds import KINDS
from regulars.web.tasks.next_action import next_action
from regulars.web.tasks.views.leaving import back, came_from

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer

MOST_PICKED = 5_000
"""Customers that a selection names; more is a segment."""


@page(permission="tasks.write", kind="write")
def new(request: Request, customer_id: int) -> HttpResponse:
    """Make a task by hand."""
    customer = _customer(request, customer_id)
    form = NewTaskForm(typed(request), by=request.actor, due=due_after(KINDS["call"].due_days))
    if done(request, form, lambda: _make(request, form, customer)):
        flash.say(request, _("Task made"))
        return back(request, resolve_url("customer", customer_id=customer.pk))
    context = {"form": form, "customer": customer, "next": came_from(request, _home_of(customer))}
    return render(request, "tasks/new.html", context)


@page(permission="tasks.write", kind="write")
def take(request: Request, customer_id: int) -> HttpResponse:
    """Make the proposed next action a task, with one press."""
    customer = _customer(request, customer_id)
    proposed = next_action(request.actor, customer)
    if request.method == "POST" and proposed is not None:
        task = actions.accept(customer=customer, suggestion=proposed, by=request.actor)
        drop_url = f"{reverse('task_drop', args=[task.pk])}?version={task.version}"
        flash.say(request, _("On your list: %(task)s") % {"task": task.title}, undo=drop_url)
    return back(request, _home_of(customer))


@page(permission="tasks.assign", kind="write")
def assign(request: Request) -> HttpResponse:
    """Show what a list would come to, then make its tasks but for the part that is left alone."""
    asked = _asked(request)
    listed = visible(request.actor).active().filter(pk__among=asked.numbers)
    confirmed = request.method == "POST" and "confirmed" in request.POST
    form = ListForm(request.POST if confirmed else None, by=request.actor, due=due_after(KINDS["call"].due_days))
    made: list[Assigned] = []
    if confirmed and done(request, form, lambda: made.append(_assign(request, form, asked))):
        _tell(request, made[0])
        return back(request)
    context = {
        "form": form,
        "n": listed.count(),
        "first": listed.order_by("name_key", "pk")[:8],
        "list": request.POST.get("list", ""),
        "numbers": "" if request.POST.get("list") else ",".join(map(str, asked.numbers)),
        "called": asked.called,
        "next": came_from(request),
    }
    return render(request, "tasks/assign.html", context)


def _customer(request: Request, customer_id: int) -> Customer:
    found: Customer = get_object_or_404(visible(request.actor), pk=customer_id)
    return found


def _home_of(customer: Customer) -> str:
    return resolve_url("customer", customer_id=customer.pk)


def _make(request: Request, form: NewTaskForm, customer: Customer) -> None:
    values = form.cleaned_data
    actions.make(
        customer=customer,
        kind=values["kind"],
        detail=values["detail"],
        due_on=values["due_on"],
        owner=values["owner"],
        for_team=values["owner"] is None,
        by=request.actor,
    )


def _asked(request: Request) -> Listed:
    """Return the list: one that another app knows by its name, or customers ticked one by one."""
    if name := request.POST.get("list", ""):
        return read_list(request.actor, name)
    return Listed(_numbers(request), request.POST.get("called", "")[:80])


def _numbers(request: Request) -> list[int]:
    """Return the customers that were ticked, or handed on from the page before."""
    texts = [*request.POST.getlist("customer"), *request.POST.get("customers", "").split(",")]
    numbers = {int(text) for text in texts if text.isdecimal() and len(text) <= 18}
    return sorted(numbers)[: MOST_PICKED + 1]


def _assign(request: Request, form: ListForm, asked: Listed) -> Assigned:
    values: dict[str, Any] = form.cleaned_data
    plan = actions.Plan(
        kind=values["kind"],
        detail=values["detail"],
        owner_rule=values["owner_rule"],
        owner=values["owner"],
        due_on=values["due_on"],
        share=form.share_of_list(),
        list_kind=asked.kind,
        subject={"called": asked.called, "n": len(asked.numbers), **asked.subject},
    )
    return actions.assign(customers=asked.numbers, plan=plan, by=request.actor)


def _tell(request: Request, made: Assigned) -> None:
    said = [ngettext("%(n)s task made", "%(n)s tasks made", made.made) % {"n": made.made}]
    if made.control:
        said.append(_("%(n)s left alone as control") % {"n": made.control})
    if made.had_one:
        said.append(_("%(n)s had such a task already") % {"n": made.had_one})
    undo = reverse("tasks_undo", args=[made.undo.pk]) if made.undo else ""
    flash.say(request, ", ".join(said), undo=undo)
