"""The ledger of what worked, one experiment of it, and the story for who pays for it all."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.report import formats
from regulars.web.campaigns import actions, selectors
from regulars.web.campaigns.forms.deciding import TermsForm
from regulars.web.campaigns.ledger_file import ledger_file
from regulars.web.campaigns.models import Campaign
from regulars.web.campaigns.models.proof import Verdict
from regulars.web.campaigns.shown import Shown
from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.models import Workspace
from regulars.web.core.paging import keyset_page
from regulars.web.core.request import Request
from regulars.web.tasks.selectors import list_kinds
from regulars.web.tasks.taxonomy import UNIVERSAL

READ = "campaigns.read"
KINDS = ("campaign", "rule", "segment", "selection", UNIVERSAL)


@page(permission=READ, kind="read")
def ledger(request: Request) -> HttpResponse:
    """Show the register: what was tried, what it cost, what it brought, how sure that is."""
    asked = _asked(request)
    found = selectors.ledger(request.actor, verdict=asked["verdict"], kind=asked["kind"])
    order = selectors.SORTS[asked["sort"]]
    rows = keyset_page(found, order, after=request.GET.get("after"), before=request.GET.get("before"))
    lines = selectors.lines(rows.rows)
    ends = [end for line in lines if line.proof.low is not None for end in (line.proof.low, line.proof.high or 0)]
    room = max((abs(end) for end in ends), default=1.0) * 1.05
    context = {
        "rows": rows, "lines": lines, "asked": asked, "verdicts": Verdict.choices, "least": -room, "most": room,
        "zero": [0.0],
        "kinds": [(key, dict(list_kinds())[key]) for key in KINDS], "sorts": _sorts(),
        "currency": Workspace.current().currency, "any": selectors.proofs(request.actor).exists(),
        "may_export": request.actor.may("customers.export"),
    }  # fmt: skip
    return render(request, "campaigns/ledger.html", context)


@page(permission="customers.export", kind="read")
def export(request: Request) -> HttpResponse:
    """Hand the register out as a file, as it is filtered."""
    request.actor.require(READ)
    asked = _asked(request)
    found = selectors.ledger(request.actor, verdict=asked["verdict"], kind=asked["kind"])
    found = found.order_by(*selectors.SORTS[asked["sort"]])
    return ledger_file(selectors.lines(found), request.actor)


@page(permission=READ, kind="read")
def one(request: Request, proof_id: int) -> HttpResponse:
    """Show what was read of an alert rule or a list; a campaign has a page of its own."""
    proof = get_object_or_404(selectors.proofs(request.actor), pk=proof_id)
    campaign = Campaign.objects.filter(holdout=proof.holdout_id).first()
    if campaign is not None:
        return redirect("campaign", campaign_id=campaign.pk)
    context = {
        "proof": proof, "shown": Shown(proof, Workspace.current().currency), "currency": Workspace.current().currency,
        "may_set": request.actor.may("campaigns.write") and not (proof.is_universal or proof.result.get("reading")),
    }  # fmt: skip
    return render(request, "campaigns/proof.html", context)


@page(permission="campaigns.write", kind="write")
def terms(request: Request, proof_id: int) -> HttpResponse:
    """Say what a rule or list costs and over how many days it is read, before it is read."""
    proof = get_object_or_404(selectors.proofs(request.actor), pk=proof_id)
    form = TermsForm(typed(request), of=proof)
    if done(
        request, form,
        lambda: actions.set_terms(proof=proof, version=form.opened_on(), by=request.actor, **form.values()),
    ):  # fmt: skip
        flash.say(request, _("Saved"))
        return redirect("proof_one", proof_id=proof.pk)
    return render(request, "campaigns/terms.html", {"form": form, "proof": proof})


@page(permission=READ, kind="write")
def read(request: Request) -> HttpResponse:
    """Have read what is due now."""
    if request.method == "POST":
        return redirect("job", job_id=actions.read_again(by=request.actor).pk)
    return redirect("proof")


@page(permission=READ, kind="read")
def story(request: Request) -> HttpResponse:
    """Show in one picture what was spent and what it returned, by experiments alone."""
    found, currency = selectors.story(request.actor), Workspace.current().currency
    context = {
        "story": found, "currency": currency, "picture": _picture(found, currency), "table": _table(found, currency),
        "mixed": len({line.proof.basis for line in found.counted}) > 1,
        "in_revenue": any(line.proof.basis == "revenue" for line in found.counted),
    }  # fmt: skip
    return render(request, "campaigns/story.html", context)


def _asked(request: Request) -> dict[str, str]:
    sort = request.GET.get("sort", "")
    return {
        "verdict": request.GET.get("verdict", ""),
        "kind": kind if (kind := request.GET.get("kind", "")) in KINDS else "",
        "sort": sort if sort in selectors.SORTS else "newest",
    }


def _sorts() -> list[tuple[str, str]]:
    return [
        ("newest", _("Newest on top")),
        ("brought", _("Brought most first")),
        ("spent", _("Spent most first")),
        ("estimate", _("Most a head first")),
        ("verdict", _("By verdict")),
    ]


def _picture(found: selectors.Story, currency: str) -> dict[str, Any] | None:
    if not found.counted:
        return None
    rows = [
        {
            "name": line.title, "n": line.proof.n_treated, "low": line.total_low, "at": line.proof.brought,
            "high": line.total_high, "href": line.url,
        }
        for line in found.counted
    ]  # fmt: skip
    whole = {
        "name": pgettext("experiments", "All together"), "n": sum(line.proof.n_treated for line in found.counted),
        "low": found.low, "at": found.brought, "high": found.high,
    }  # fmt: skip
    return {
        "rows": [whole, *rows], "symbol": formats.symbol(currency), "x": _("Brought in all, costs taken off"),
    }  # fmt: skip


def _table(found: selectors.Story, currency: str) -> dict[str, Any]:
    head = [_("Experiment"), _("Treated customers"), _("Spent"), _("Brought, costs off"), "95%"]
    rows = [
        [
            line.title, formats.integer(line.proof.n_treated), formats.full(line.proof.spent, currency),
            formats.full(line.proof.brought, currency),
            f"{formats.full(line.total_low, currency)} – {formats.full(line.total_high, currency)}",
        ]
        for line in found.counted
    ]  # fmt: skip
    return {"head": head, "rows": rows}
