"""The archive, the answer to a person's request, and erasure."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.customers import actions
from regulars.web.customers.readable import parts
from regulars.web.customers.views.one import living, one


@page(permission="customers.archive", kind="write")
def archive(request: Request, customer_id: int) -> HttpResponse:
    """Take a customer out of the lists."""
    found = living(request, customer_id)
    if request.method == "POST":
        actions.archive(customer=found, by=request.actor)
        flash.say(request, _("In the archive"), undo=request.path.replace("/archive/", "/unarchive/"))
    return redirect("customer", customer_id=found.pk)


@page(permission="customers.archive", kind="write")
def unarchive(request: Request, customer_id: int) -> HttpResponse:
    """Put a customer back into the lists."""
    found = living(request, customer_id)
    if request.method == "POST":
        actions.unarchive(customer=found, by=request.actor)
        flash.say(request, _("Back from the archive"))
    return redirect("customer", customer_id=found.pk)


@page(permission="customers.disclose", kind="write")
def disclose(request: Request, customer_id: int) -> HttpResponse:
    """Hand out everything that is stored about a person: to be read by them, or by a program."""
    found = living(request, customer_id)
    if request.method != "POST":
        return render(request, "customers/disclose.html", {"customer": found})
    told = actions.export(customer=found, by=request.actor)
    if request.POST.get("as") == "json":
        text, kind = json.dumps(told, ensure_ascii=False, indent=2), "json"
    else:
        text, kind = (
            render_to_string("customers/disclosed.html", {"told": told, "customer": found, "parts": parts(told)}),
            "html",
        )
    mime = "application/json" if kind == "json" else "text/html; charset=utf-8"
    answer = HttpResponse(text, content_type=mime)
    answer.headers["Content-Disposition"] = f'attachment; filename="customer-{found.pk}.{kind}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page(permission="customers.erase", kind="write")
def erase(request: Request, customer_id: int) -> HttpResponse:
    """Say what goes and what stays, and erase once the person's name has been typed."""
    found = one(request, customer_id)
    if found.erased_at is not None:
        return redirect("customer", customer_id=found.pk)
    typed = request.POST.get("name", "").strip()
    if request.method == "POST" and typed == found.name:
        actions.erase(customer=found, by=request.actor)
        flash.say(request, _("Erased. The files of the database are being rewritten."))
        return redirect("customer", customer_id=found.pk)
    wrong = request.method == "POST"
    return render(request, "customers/erase.html", {"customer": found, "wrong": wrong, "typed": typed})
