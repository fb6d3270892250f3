"""Handing customers on, the account's team, two records that are one customer."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request
from regulars.web.customers import actions, selectors
from regulars.web.customers.forms.moving import MemberForm, OwnerForm
from regulars.web.customers.models import Customer, TeamMember
from regulars.web.customers.views.one import living

ASSIGN, MERGE = "customers.assign", "customers.merge"


@page(permission=ASSIGN, kind="write")
def assign(request: Request, customer_id: int) -> HttpResponse:
    """Give one customer to another owner."""
    found = living(request, customer_id)
    form = OwnerForm(typed(request), actor=request.actor, but=found.owner_id)
    if done(
        request,
        form,
        lambda: actions.assign(
            customers=[found.pk],
            owner_id=form.cleaned_data["owner"].pk,
            text=form.cleaned_data["text"],
            by=request.actor,
        ),
    ):
        flash.say(request, _("Handed on, with everything that is open"))
        return redirect("customer", customer_id=found.pk)
    return render(
        request, "customers/form.html", {"form": form, "customer": found, "title": _("Hand on to another owner")}
    )


@page(permission=ASSIGN, kind="read")
def owners(request: Request) -> HttpResponse:
    """List who looks after how many customers, people who have left first."""
    return render(request, "customers/owners.html", {"owners": selectors.owners(request.actor)})


@page(permission=ASSIGN, kind="write")
def hand_over(request: Request, user_id: int) -> HttpResponse:
    """Give all customers of one colleague to another."""
    person, n = next(((person, n) for person, n in selectors.owners(request.actor) if person.pk == user_id), (None, 0))
    if person is None:
        return redirect("customer_owners")
    form, moved = OwnerForm(typed(request), actor=request.actor, but=user_id), list[int]()
    if done(
        request,
        form,
        lambda: moved.append(
            actions.hand_over(
                from_id=user_id,
                owner_id=form.cleaned_data["owner"].pk,
                text=form.cleaned_data["text"],
                by=request.actor,
            )
        ),
    ):
        flash.say(
            request,
            ngettext("%(n)s customer handed over", "%(n)s customers handed over", moved[0]) % {"n": moved[0]},
        )
        return redirect("customer_owners")
    return render(request, "customers/hand_over.html", {"form": form, "person": person, "n": n})


@page(permission=ASSIGN, kind="write")
def member_new(request: Request, customer_id: int) -> HttpResponse:
    """Let a colleague work for this customer."""
    found = living(request, customer_id)
    form = MemberForm(typed(request), actor=request.actor)
    if done(
        request,
        form,
        lambda: actions.add_member(
            customer=found,
            user_id=form.cleaned_data["user"].pk,
            part=form.cleaned_data["part"],
            by=request.actor,
        ),
    ):
        flash.say(request, _("Saved"))
        return redirect("customer", customer_id=found.pk)
    return render(request, "customers/form.html", {"form": form, "customer": found, "title": _("Account team")})


@page(permission=ASSIGN, kind="write")
def member_remove(request: Request, customer_id: int, member_id: int) -> HttpResponse:
    """End a colleague's part."""
    found = living(request, customer_id)
    mine = get_object_or_404(TeamMember, customer=found, pk=member_id)
    if request.method == "POST":
        actions.remove_member(member=mine, by=request.actor)
    return redirect("customer", customer_id=found.pk)


@page(permission=MERGE, kind="write")
def merge(request: Request, customer_id: int) -> HttpResponse:
    """Find the other record, compare the two, make them one."""
    keep = living(request, customer_id)
    other_id = request.POST.get("other") or request.GET.get("other") or ""
    if not other_id.isdecimal():
        return _choose(request, keep)
    other = living(request, int(other_id))
    if request.method == "POST":
        try:
            version = request.POST.get("version", "")
            actions.merge(keep=keep, other=other, version=int(version) if version.isdecimal() else -1, by=request.actor)
        except ValidationError as error:
            flash.warn(request, " ".join(error.messages))
            return redirect("customer_merge", customer_id=keep.pk)
        flash.say(request, _("Two records became one"))
        return redirect("customer", customer_id=keep.pk)
    pair = [selectors.profile(request.actor, one) for one in (keep, other)]
    return render(request, "customers/merge.html", {"customer": keep, "other": other, "pair": pair})


def _choose(request: Request, keep: Customer) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    found = (
        selectors.find(request.actor, text) if text else selectors.duplicates(request.actor, name=keep.name, but=keep)
    )
    matches = [match for match in found if match.customer.pk != keep.pk and match.customer.kind == keep.kind]
    return render(request, "customers/merge_choose.html", {"customer": keep, "text": text, "matches": matches})
