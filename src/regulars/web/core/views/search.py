"""The search palette: customers, pages, actions; every app answers for what the person may open."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from regulars.web.core import shell
from regulars.web.core.access import SIGNED_IN, page
from regulars.web.core.request import Request

LONGEST = 80


@page(permission=SIGNED_IN, kind="read")
def search(request: Request) -> HttpResponse:
    """Answer the palette with a list, or the browser without script with a page of the same."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    context = {"text": text, "answers": shell.search(request.actor, text)}
    partial = request.htmx and not request.htmx.boosted
    return render(request, "core/partials/search.html" if partial else "core/search.html", context)
