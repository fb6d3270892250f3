"""Typed text survives an expired session: it waits on the server until the same person has signed in again."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

SLOT = "typed_before_sign_in"
BY = "_by"
"""Hidden field of every form of ours: whose form it was."""
SECRET = ("password", "code", "token", "secret")
LONGEST = 100_000  # characters; more than a person types


def keep_typed(request: HttpRequest) -> None:
    """Put what a POST brought aside: no passwords, no files, not from a form that names nobody."""
    if request.method != "POST" or not request.POST.get(BY):
        return
    typed = request.POST.copy()
    for name in list(typed):
        if name == "csrfmiddlewaretoken" or any(word in name.lower() for word in SECRET):
            del typed[name]
    text = typed.urlencode()
    if len(text) <= LONGEST:
        request.session[SLOT] = {"path": form_path(request), "text": text}


def typed_before(request: HttpRequest) -> QueryDict | None:
    """Return what this person had typed into the form on this page before their session ended, once."""
    found = request.session.get(SLOT)
    if not found or found["path"] != request.path or not request.user.is_authenticated:
        return None
    del request.session[SLOT]
    typed = QueryDict(found["text"])
    return typed if typed.get(BY) == str(request.user.pk) else None


def forget_typed() -> int:
    """Drop what waits in anybody's session: it may be words about a person who was erased. Return how many waited."""
    waiting = [(row, told) for row in Session.objects.all() if SLOT in (told := row.get_decoded())]
    for row, told in waiting:
        del told[SLOT]
        row.session_data = Session.objects.encode(told)
        row.save(update_fields=["session_data"])
    return len(waiting)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Lead to the door; afterwards back to the page that was asked for."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else form_path(request)
    target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def form_path(request: HttpRequest) -> str:
    """Return the path of the page that the form stands on: where it was sent from, if that was one of ours."""
    came_from = request.headers.get("referer", "")
    if came_from and url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return urlsplit(came_from).path or "/"
    return request.path
