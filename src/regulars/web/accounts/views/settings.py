"""Settings: the way to everything that is set up once, and the workspace's own page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from regulars.web.accounts import actions
from regulars.web.accounts.forms.administration import WorkspaceForm
from regulars.web.core import flash, shell
from regulars.web.core.access import SIGNED_IN, page
from regulars.web.core.forms import done, typed
from regulars.web.core.models import Workspace
from regulars.web.core.request import Request


@page(permission=SIGNED_IN, kind="read")
def overview(request: Request) -> HttpResponse:
    """Lead to what this person may set up."""
    return render(request, "accounts/settings.html", {"entries": shell.settings_entries(request.actor)})


@page(permission="core.configure", kind="write")
def workspace(request: Request) -> HttpResponse:
    """Show and change whose workspace this is."""
    form = WorkspaceForm(typed(request), initial=WorkspaceForm.initial_of(Workspace.current()))
    if done(request, form, lambda: actions.change_workspace(**form.cleaned_data, by=request.actor)):
        flash.say(request, _("Saved"))
        return redirect("settings")
    return render(request, "accounts/workspace.html", {"form": form})
