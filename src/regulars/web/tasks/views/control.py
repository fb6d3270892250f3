"""Lists that were split: who is left alone, whether the groups are alike, and ending it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.paging import keyset_page
from regulars.web.core.request import Request
from regulars.web.tasks import actions, selectors
from regulars.web.tasks.models import ARMS, Arm


@page(permission="tasks.read", kind="read")
def holdouts(request: Request) -> HttpResponse:
    """List what was split, newest first."""
    found = selectors.holdouts(request.actor)
    rows = keyset_page(found, ["-id"], after=request.GET.get("after"), before=request.GET.get("before"))
    return render(request, "tasks/holdouts.html", {"rows": rows})


@page(permission="tasks.read", kind="read")
def holdout(request: Request, holdout_id: int) -> HttpResponse:
    """Show one split: its strata, and those of its customers that the person reaches."""
    found = get_object_or_404(selectors.holdouts(request.actor), pk=holdout_id)
    arm = request.GET.get("arm", Arm.CONTROL)
    arm = arm if arm in ARMS else Arm.CONTROL
    members = selectors.members(request.actor, found, arm)
    rows = keyset_page(members, ["customer_id"], after=request.GET.get("after"), before=request.GET.get("before"))
    context = {
        "holdout": found,
        "strata": selectors.balance(found) if request.actor.may("valuations.read") else [],
        "rows": rows,
        "total": members.count(),
        "arms": Arm.choices,
        "arm": arm,
        "may_end": request.actor.may("tasks.assign"),
    }
    return render(request, "tasks/holdout.html", context)


@page(permission="tasks.assign", kind="write")
def end(request: Request, holdout_id: int) -> HttpResponse:
    """End an experiment: its control group is left alone no longer."""
    found = get_object_or_404(selectors.holdouts(request.actor), pk=holdout_id)
    if request.method == "POST":
        said = request.POST.get("version", "")
        version = int(said) if said.isdecimal() else found.version
        actions.end(holdout=found, version=version, by=request.actor)
        flash.say(request, _("Ended. The control group is no longer left alone."))
    return redirect("holdout", holdout_id=found.pk)
