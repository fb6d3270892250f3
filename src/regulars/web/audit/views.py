"""The trail's page: filters and deeds, newest first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from regulars.web.audit import selectors
from regulars.web.audit.forms import TrailForm
from regulars.web.audit.words import BY_STRANGERS, DETAILS, SUBJECTS, VERBS
from regulars.web.core.access import page
from regulars.web.core.paging import keyset_page
from regulars.web.core.request import Request


@page(permission="audit.read", kind="read")
def trail(request: Request) -> HttpResponse:
    """Show who did what, and when."""
    form = TrailForm(request.GET)
    chosen = dict(form.cleaned_data) if form.is_valid() else {}
    user = chosen.pop("user", None)
    found = selectors.trail(request.actor, user_id=user.pk if user else None, **chosen)
    rows = keyset_page(found, ["-id"], after=request.GET.get("after"), before=request.GET.get("before"))
    words = {"verbs": VERBS, "subjects": SUBJECTS, "details": DETAILS, "by_strangers": BY_STRANGERS}
    return render(request, "audit/trail.html", {"form": form, "rows": rows, **words})
