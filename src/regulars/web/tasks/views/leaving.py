"""Where a person goes on after they pressed something: back to the list they came from."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from regulars.web.core.request import Request


def came_from(request: Request, default: str = "tasks") -> str:
    """Return the page that the form names as the way back, if it is one of ours."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, {request.get_host()})
    return back if ours else resolve_url(default)


def back(request: Request, default: str = "tasks") -> HttpResponseRedirect:
    """Lead there."""
    return HttpResponseRedirect(came_from(request, default))
