"""The first screen: what do I do now, for whom, and what is at stake. The apps fill it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from regulars.web.core import samples, shell
from regulars.web.core.access import SIGNED_IN, page
from regulars.web.core.request import Request


@page(permission=SIGNED_IN, kind="read")
def home(request: Request) -> HttpResponse:
    """Show the person's day."""
    places = {place: shell.sections(request.actor, place) for place in ("top", "main", "side")}
    return render(request, "core/home.html", {"places": places, "steps": shell.first_steps(request.actor)})


@page(permission=SIGNED_IN, kind="read")
def components(request: Request) -> HttpResponse:
    """Show every part that pages are made of, with made-up figures; a new part is added here first."""
    return render(request, "core/components.html", samples.context())


@page(permission=SIGNED_IN, kind="read")
def menu(request: Request) -> HttpResponse:
    """Show the whole navigation as a page: a phone has no room for it beside."""
    return render(request, "core/menu.html")
