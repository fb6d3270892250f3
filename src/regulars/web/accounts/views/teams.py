"""The tree of teams."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from regulars.web.accounts import actions, selectors
from regulars.web.accounts.forms.administration import TeamForm
from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request

ADMINISTER = "accounts.administer"


@page(permission=ADMINISTER, kind="read")
def teams(request: Request) -> HttpResponse:
    """Show the tree."""
    return render(request, "accounts/teams.html", {"tree": selectors.team_tree(request.actor)})


@page(permission=ADMINISTER, kind="write")
def add(request: Request) -> HttpResponse:
    """Add a team."""
    form = TeamForm(typed(request))
    if done(request, form, lambda: actions.add_team(**form.values(), by=request.actor)):
        flash.say(request, _("Saved"))
        return redirect("teams")
    return render(request, "accounts/team.html", {"form": form})


@page(permission=ADMINISTER, kind="write")
def team(request: Request, team_id: int) -> HttpResponse:
    """Change a team."""
    found = get_object_or_404(selectors.teams(request.actor), pk=team_id)
    form = TeamForm(typed(request), of=found)
    if done(
        request,
        form,
        lambda: actions.change_team(team=found, version=form.opened_on(), **form.values(), by=request.actor),
    ):
        flash.say(request, _("Saved"))
        return redirect("teams")
    return render(request, "accounts/team.html", {"form": form, "team": found})
