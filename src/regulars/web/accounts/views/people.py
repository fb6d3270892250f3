"""People: list, add with a one-time link, change, close and open the door."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.web.accounts import actions, selectors
from regulars.web.accounts.forms.administration import PersonForm
from regulars.web.accounts.models import User
from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.paging import keyset_page
from regulars.web.core.request import Request

ADMINISTER = "accounts.administer"
STATES = {"active": True, "inactive": False}


@page(permission=ADMINISTER, kind="read")
def people(request: Request) -> HttpResponse:
    """List everyone, by name."""
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    found = selectors.people(request.actor, text=text, active=STATES.get(state))
    rows = keyset_page(found, ["name", "id"], after=request.GET.get("after"), before=request.GET.get("before"))
    states = [("", _("Everyone")), ("active", pgettext("account", "Open")), ("inactive", pgettext("account", "Closed"))]
    context = {"rows": rows, "total": found.count(), "text": text, "state": state, "states": states}
    return render(request, "accounts/people.html", context)


@page(permission=ADMINISTER, kind="write")
def add(request: Request) -> HttpResponse:
    """Add a person and show their one-time link."""
    form, added = PersonForm(typed(request)), list[User]()
    if done(request, form, lambda: added.append(actions.add_person(**form.values(), by=request.actor))):
        return _link_page(request, added[0])
    return render(request, "accounts/person_add.html", {"form": form})


@page(permission=ADMINISTER, kind="write")
def person(request: Request, user_id: int) -> HttpResponse:
    """Show and change one person."""
    user = _one(request, user_id)
    form = PersonForm(typed(request), of=user)
    if done(
        request,
        form,
        lambda: actions.change_person(user=user, version=form.opened_on(), **form.values(), by=request.actor),
    ):
        flash.say(request, _("Saved"))
        return redirect("people")
    context = {"form": form, "person": user, "keys": selectors.second_factors(user)}
    return render(request, "accounts/person.html", context)


@page(permission=ADMINISTER, kind="write")
def link(request: Request, user_id: int) -> HttpResponse:
    """Make a new one-time link and show it once; the old password ends."""
    user = _one(request, user_id)
    return _link_page(request, user) if request.method == "POST" else redirect("person", user_id=user.pk)


@page(permission=ADMINISTER, kind="write")
def deactivate(request: Request, user_id: int) -> HttpResponse:
    """Close the door for one person; can be undone."""
    user = _one(request, user_id)
    if request.method == "POST":
        try:
            actions.deactivate(user=user, by=request.actor)
        except ValidationError as error:
            flash.warn(request, " ".join(error.messages))
        else:
            said = _("%(name)s can no longer sign in") % {"name": user.name}
            flash.say(request, said, undo=reverse("person_reactivate", args=[user.pk]))
    return redirect("people")


@page(permission=ADMINISTER, kind="write")
def reactivate(request: Request, user_id: int) -> HttpResponse:
    """Open the door again."""
    user = _one(request, user_id)
    if request.method == "POST":
        actions.reactivate(user=user, by=request.actor)
        flash.say(request, _("%(name)s can sign in again") % {"name": user.name})
    return redirect("people")


@page(permission=ADMINISTER, kind="write")
def second_factor(request: Request, user_id: int) -> HttpResponse:
    """Take a lost second factor away."""
    user = _one(request, user_id)
    if request.method == "POST":
        actions.remove_second_factor(user=user, by=request.actor)
        flash.say(request, _("%(name)s signs in without a second factor now") % {"name": user.name})
    return redirect("person", user_id=user.pk)


def _one(request: Request, user_id: int) -> User:
    return get_object_or_404(selectors.people(request.actor), pk=user_id)


def _link_page(request: Request, user: User) -> HttpResponse:
    address = request.build_absolute_uri(actions.new_link(user=user, by=request.actor))
    answer = render(request, "accounts/person_link.html", {"person": user, "address": address})
    answer.headers["Cache-Control"] = "no-store"
    return answer
