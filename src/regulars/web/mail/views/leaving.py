"""Unsubscribing, for who is no user of ours: one page, one button. To open the page changes nothing."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from regulars.web.core.access import ANYONE, page
from regulars.web.core.limits import visitor, within
from regulars.web.core.request import Request
from regulars.web.mail.actions import unsubscribe as act
from regulars.web.mail.actions.unsubscribing import known

A_MINUTE = 120
"""From one address; mail providers press the button for many of their users."""


@csrf_exempt  # a mail provider presses it, with the token in the address as its only right (RFC 8058)
@page(permission=ANYONE, kind="write")
def unsubscribe(request: Request, token: str) -> HttpResponse:
    """Ask, and on a POST take consent back. Scanners that open every link of a message have no effect."""
    if not within(f"mail.unsubscribe:{visitor(request)}", A_MINUTE, timedelta(minutes=1)):
        return render(request, "mail/unsubscribe.html", {"state": "slow"}, status=429)
    pressed = request.method == "POST"
    ours = act(token=token) if pressed else known(token) is not None
    state = ("done" if pressed else "ask") if ours else "unknown"
    answer = render(request, "mail/unsubscribe.html", {"state": state}, status=200 if ours else 404)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
