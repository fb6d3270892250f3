"""The list of campaigns, one of them as it stands, its customers."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from regulars.prove.experiments.verdict import FEWEST_UNITS
from regulars.report import formats
from regulars.web.campaigns import outlook, selectors
from regulars.web.campaigns.actions.deciding import may_cancel, may_decide
from regulars.web.campaigns.channels import CHANNELS, channel_of
from regulars.web.campaigns.forms.deciding import LessonForm, NoteForm
from regulars.web.campaigns.models import Campaign, UniversalHoldout
from regulars.web.campaigns.shown import Shown, a_head
from regulars.web.campaigns.taxonomy import OPEN, State, Why
from regulars.web.core.access import page
from regulars.web.core.models import Workspace
from regulars.web.core.paging import keyset_page
from regulars.web.core.request import Request
from regulars.web.tasks.selectors import today

READ = "campaigns.read"
GROUPS = ("treated", "control", "skipped")
VIEWS: dict[str, tuple[str, ...]] = {
    "open": OPEN,
    "running": (State.RUNNING,),
    "ended": (State.ENDED,),
    "cancelled": (State.CANCELLED,),
}


@page(permission=READ, kind="read")
def campaigns(request: Request) -> HttpResponse:
    """List the campaigns, newest first."""
    chosen = request.GET.get("show", "")
    found = selectors.campaigns(request.actor)
    if chosen in VIEWS:
        found = found.filter(state__in=VIEWS[chosen])
    rows = keyset_page(found, ["-id"], after=request.GET.get("after"), before=request.GET.get("before"))
    read: dict[int | None, selectors.Line] = {
        one.proof.holdout_id: one for one in selectors.lines(_proofs(request, rows.rows))
    }
    lines = [(one, CHANNELS[one.channel], selectors.audience_size(one), read.get(one.holdout_id)) for one in rows.rows]
    context = {
        "rows": rows, "lines": lines, "chosen": chosen, "may_plan": request.actor.may("campaigns.write"),
        "may_configure": request.actor.may("campaigns.configure"), "universal": UniversalHoldout.current(),
    }  # fmt: skip
    return render(request, "campaigns/list.html", context)


def _proofs(request: Request, rows: list[Campaign]) -> Any:
    return selectors.proofs(request.actor).filter(holdout__in=[one.holdout_id for one in rows if one.holdout_id])


@page(permission=READ, kind="read")
def campaign(request: Request, campaign_id: int) -> HttpResponse:
    """Show a campaign: its plan before the launch, how far it is while it runs, what it brought in the end."""
    one = one_of(request, campaign_id)
    if request.htmx and not (one.job and one.job.is_open):
        return HttpResponse(headers={"HX-Refresh": "true"})
    template = "campaigns/result.html" if one.is_launched else "campaigns/plan.html"
    return render(request, template, context_of(request, one))


def one_of(request: Request, campaign_id: int) -> Campaign:
    """Return the campaign that an address names."""
    found: Campaign = get_object_or_404(selectors.campaigns(request.actor), pk=campaign_id)
    return found


def context_of(request: Request, one: Campaign, **more: Any) -> dict[str, Any]:
    """Return what the page of a campaign shows."""
    actor, currency = request.actor, Workspace.current().currency
    planner = actor.may("campaigns.write")
    channel = channel_of(one)
    context: dict[str, Any] = {
        "campaign": one, "channel": channel, "currency": currency, "may_plan": planner,
        "may_launch": actor.may("campaigns.launch"), "may_decide": may_decide(one, actor),
        "may_cancel": may_cancel(one, actor),
        "mine": channel.shown(one, actor) if channel.shown else None,
        "note_form": NoteForm(), "own": one.owner_id == actor.user_id,
    }  # fmt: skip
    if one.is_launched:
        context |= _launched(request, one, currency)
    else:
        context |= _ahead(one, currency)
    return context | more


def _ahead(one: Campaign, currency: str) -> dict[str, Any]:
    known = outlook.kept(one)
    busy = one.job if one.job and one.job.is_open else None
    failed = one.job if one.job and one.job.state == "failed" else None
    return {
        "outlook": known, "busy": busy, "failed": failed, "past": one.starts_on < today(), "fewest": FEWEST_UNITS,
        "fallen": [(Why(why).label, n) for why, n in (known.fallen if known else {}).items()],
        "detectable": a_head(known.detectable, currency) if known and known.detectable else "",
        "worth": a_head(float(one.worth_knowing), currency) if one.worth_knowing else "",
        "each": a_head(known.a_head, currency) if known else "",
        "sd": formats.full(known.sd, currency, 0) if known and known.sd else "",
    }  # fmt: skip


def _launched(request: Request, one: Campaign, currency: str) -> dict[str, Any]:
    proof = selectors.proof_of(request.actor, one)
    channel = channel_of(one)
    return {
        "shown": Shown(proof, currency) if proof else None,
        "reached": channel.reached(one) if channel.reached else None,
        "lessons": one.lessons.select_related("by"), "lesson_form": LessonForm(),
        "counts": selectors.group_counts(one), "fallen": [(Why(why).label, n) for why, n in one.skipped.items()],
        "others": [
            (other, line) for other, line in _beside(request, one)
        ],
        "may_export": request.actor.may("customers.export"),
    }  # fmt: skip


def _beside(request: Request, one: Campaign) -> list[tuple[Campaign, Any]]:
    others = selectors.others(request.actor, one)
    read: dict[int | None, selectors.Line] = {
        line.proof.holdout_id: line for line in selectors.lines(_proofs(request, others))
    }
    return [(other, read.get(other.holdout_id)) for other in others]


@page(permission=READ, kind="read")
def members(request: Request, campaign_id: int) -> HttpResponse:
    """List the customers of one group whom the person reaches, or who fell out and why."""
    one = one_of(request, campaign_id)
    group = request.GET.get("group", "")
    group = group if group in GROUPS else "control"
    found = (
        selectors.skipped(request.actor, one) if group == "skipped" else selectors.members(request.actor, one, group)
    )
    rows = keyset_page(found, ["customer_id"], after=request.GET.get("after"), before=request.GET.get("before"))
    context = {"campaign": one, "group": group, "rows": rows, "counts": selectors.group_counts(one)}
    return render(request, "campaigns/members.html", context)
