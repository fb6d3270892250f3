"""A person's own tokens: make one, see it once, close it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from regulars.web.api import actions, selectors
from regulars.web.api.forms import TokenForm
from regulars.web.api.models import Token
from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request

MAKE = "api.tokens"


@page(permission=MAKE, kind="read")
def tokens(request: Request) -> HttpResponse:
    """List the person's tokens."""
    return render(request, "api/tokens.html", {"tokens": selectors.tokens(request.actor)[:100]})


@page(permission=MAKE, kind="write")
def new(request: Request) -> HttpResponse:
    """Make a token and show its secret, this once."""
    form, made = TokenForm(typed(request), by=request.actor), list[tuple[Token, str]]()
    if done(request, form, lambda: made.append(actions.make_token(**form.cleaned_data, by=request.actor))):
        token, secret = made[0]
        answer = render(request, "api/token_made.html", {"token": token, "secret": secret})
        answer.headers["Cache-Control"] = "no-store"
        return answer
    return render(request, "api/token_new.html", {"form": form})


@page(permission=MAKE, kind="write")
def revoke(request: Request, own_token_id: int) -> HttpResponse:
    """Close a token."""
    token = get_object_or_404(selectors.tokens(request.actor), pk=own_token_id)
    if request.method == "POST":
        actions.revoke(token=token, by=request.actor)
        flash.say(request, _("%(name)s opens nothing any more") % {"name": token.name})
    return redirect("tokens")
