"""Pages for what went wrong: what, where, and what to do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from regulars.web.core.actor import Actor
from regulars.web.core.conflict import Conflict
from regulars.web.core.kept import BY
from regulars.web.core.request import actor_in

HIDDEN = {"csrfmiddlewaretoken", "version", BY}


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this is not theirs to open."""
    return render(request, "core/errors/403.html", status=403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here, or nothing they may see: which of the two is not told."""
    return render(request, "core/errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours. Renders without the shell: what broke may be part of it."""
    return render(request, "core/errors/500.html", status=500)


def conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    """Show what somebody else has saved beside what was typed, and offer to save the latter all the same."""
    typed = [(name, values) for name, values in request.POST.lists() if name not in HIDDEN]
    context: dict[str, Any] = {"record": error.record, "typed": typed, "compared": _compared(request, error, typed)}
    return render(request, "core/errors/409.html", context, status=409)


def _compared(request: HttpRequest, error: Conflict, typed: list[tuple[str, list[str]]]) -> list[dict[str, Any]]:
    """Return name, typed and saved value of each field that the form carried and the person may read, in words."""
    actor = actor_in(request)
    closed = error.record.closed_to(actor)
    fields = {field.name: field for field in error.record._meta.fields if field.name not in closed}
    return [
        {
            "name": fields[name].verbose_name,
            "typed": ", ".join(_shown(actor, fields[name], value) for value in values),
            "saved": _shown(actor, fields[name], fields[name].value_from_object(error.record)),
        }
        for name, values in typed
        if name in fields
    ]


def _shown(actor: Actor, field: Any, value: Any) -> str:
    """Return a choice by its words and a related record that the person reaches by its name; another value as it is."""
    if value in (None, ""):
        return "–"
    if field.is_relation:
        records = field.related_model._default_manager
        reached = records.visible_to(actor) if hasattr(records, "visible_to") else records
        found = reached.filter(pk=value).first() if str(value).isdecimal() else None
        return str(found or value)
    words = {str(key): text for key, text in field.flatchoices}
    return str(words.get(str(value), value))
