"""Roles: what each may do, as data."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from regulars.web.accounts import actions, selectors
from regulars.web.accounts.forms.administration import RoleForm
from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request

ADMINISTER = "accounts.administer"


@page(permission=ADMINISTER, kind="read")
def roles(request: Request) -> HttpResponse:
    """List the roles: whose records, how many rights, how many people."""
    return render(request, "accounts/roles.html", {"roles": selectors.roles()})


@page(permission=ADMINISTER, kind="write")
def add(request: Request) -> HttpResponse:
    """Add a role of one's own."""
    form = RoleForm(typed(request))
    if done(request, form, lambda: actions.add_role(**form.values(), by=request.actor)):
        flash.say(request, _("Saved"))
        return redirect("roles")
    return render(request, "accounts/role.html", {"form": form})


@page(permission=ADMINISTER, kind="write")
def role(request: Request, role_id: int) -> HttpResponse:
    """Change a role."""
    found = get_object_or_404(selectors.roles(), pk=role_id)
    form = RoleForm(typed(request), of=found)
    if done(
        request,
        form,
        lambda: actions.change_role(role=found, version=form.opened_on(), **form.values(), by=request.actor),
    ):
        flash.say(request, _("Saved"))
        return redirect("roles")
    return render(request, "accounts/role.html", {"form": form, "role": found})
