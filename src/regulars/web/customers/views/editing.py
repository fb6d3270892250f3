"""Adding a customer and changing what is known about them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request
from regulars.web.customers import actions
from regulars.web.customers.forms.record import CustomerForm, NewCustomerForm, StageForm
from regulars.web.customers.models import Customer
from regulars.web.customers.selectors.duplicates import duplicates, was_erased
from regulars.web.customers.views.one import WRITE, living

NAMING = ("name", "phone", "email", "card")


@page(permission=WRITE, kind="write")
def new(request: Request) -> HttpResponse:
    """Add a customer; before that, show who they might already be."""
    form = NewCustomerForm(typed(request), actor=request.actor, initial={"name": request.GET.get("name", "")})
    known: dict[str, Any] = {}
    if request.method == "POST" and "anyway" not in request.POST and form.is_valid():
        known = _known(request, form)
    added = list[Customer]()
    if not any(known.values()) and done(
        request, form, lambda: added.append(actions.create(**form.values(), by=request.actor))
    ):
        flash.say(request, _("Customer added"))
        return redirect("customer", customer_id=added[0].pk)
    return render(request, "customers/new.html", {"form": form, **known})


@page(permission=WRITE, kind="write")
def edit(request: Request, customer_id: int) -> HttpResponse:
    """Change a customer's own fields."""
    found = living(request, customer_id)
    form = CustomerForm(typed(request), of=found, actor=request.actor)
    if done(
        request,
        form,
        lambda: actions.update(customer=found, version=form.opened_on(), **form.values(), by=request.actor),
    ):
        flash.say(request, _("Saved"))
        return redirect("customer", customer_id=found.pk)
    return render(request, "customers/edit.html", {"form": form, "customer": found})


@page(permission=WRITE, kind="write")
def stage(request: Request, customer_id: int) -> HttpResponse:
    """Move a customer to another stage."""
    found = living(request, customer_id)
    form = StageForm(typed(request), of=found)
    if done(
        request,
        form,
        lambda: actions.set_stage(customer=found, version=form.opened_on(), **form.values(), by=request.actor),
    ):
        flash.say(request, _("Saved"))
        return redirect("customer", customer_id=found.pk)
    context = {"form": form, "customer": found, "title": _("Stage of the relationship")}
    return render(request, "customers/form.html", context)


def _known(request: Request, form: NewCustomerForm) -> dict[str, Any]:
    naming = {name: form.cleaned_data.get(name, "") for name in NAMING}
    reaching = {name: value for name, value in naming.items() if name != "name"}
    return {
        "matches": duplicates(request.actor, **naming),
        "erased": was_erased(request.actor, **reaching),
    }
