"""Pages of segments: all of them, one with its customers, making and freezing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.paging import keyset_page
from regulars.web.core.request import Request
from regulars.web.segments import actions, selectors
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.forms.keeping import KeptForm, SegmentForm
from regulars.web.segments.models import Segment
from regulars.web.segments.state import ListState
from regulars.web.segments.views.listing import listed
from regulars.web.segments.wording import sentence

READ, WRITE = "segments.read", "segments.write"
ON_A_PAGE = 20


@page(permission=READ, kind="read")
def segments(request: Request) -> HttpResponse:
    """List the segments; how many they have and what these will bring comes after, a line at a time."""
    actor = request.actor
    rows = keyset_page(
        selectors.segments(actor), ["-id"],
        after=request.GET.get("after"), before=request.GET.get("before"), size=ON_A_PAGE,
    )  # fmt: skip
    lines = [(segment, sentence(segment.conditions.readable(actor), actor)) for segment in rows.rows]
    return render(request, "segments/segments.html", {"rows": rows, "lines": lines})


@page(permission=READ, kind="read")
def size(request: Request, segment_id: int) -> HttpResponse:
    """Show one segment's line with how many it has and what these will bring: a part of the page of all."""
    one = _one(request, segment_id)
    context = {
        "segment": one,
        "said": sentence(one.conditions.readable(request.actor), request.actor),
        "worth": selectors.worth(selectors.finding_in(request.actor, one)),
    }
    return render(request, "segments/partials/kept.html", context)


@page(permission="segments.read", kind="read")
def segment(request: Request, segment_id: int) -> HttpResponse:
    """Show who is in a segment."""
    one = _one(request, segment_id)
    found = selectors.finding_in(request.actor, one)
    context = listed(request, ListState.read(request.GET).asking(Conditions()), found)
    context |= {
        "segment": one,
        "said": sentence(one.conditions.readable(request.actor), request.actor),
        "worth": selectors.worth(found),
        "drift": selectors.drift(request.actor, one) if one.is_frozen else None,
        "may_change": request.actor.may(WRITE)
        and (one.owner_id == request.actor.user_id or request.actor.may("segments.share")),
    }
    return render(request, "segments/segment.html", context)


@page(permission=WRITE, kind="write")
def new(request: Request) -> HttpResponse:
    """Keep the conditions of the list on the page before as a segment."""
    asked = (request.POST if request.method == "POST" else request.GET).get("asked", "")[:4_000]
    state = ListState.read(QueryDict(asked))
    form = SegmentForm(typed(request), by=request.actor)
    made: list[Segment] = []

    def make() -> None:
        frozen = form.cleaned_data["frozen"] == "1"
        made.append(actions.make_segment(**form.values(), conditions=state.conditions, frozen=frozen, by=request.actor))

    if done(request, form, make):
        flash.say(request, _("Segment made"))
        return redirect("segment", segment_id=made[0].pk)
    context = {
        "form": form,
        "asked": asked,
        "title": _("New segment"),
        "said": sentence(state.conditions, request.actor),
    }
    return render(request, "segments/keep.html", {**context, "back": f"{reverse('customer_list')}?{state.address()}"})


@page(permission=WRITE, kind="write")
def change(request: Request, segment_id: int) -> HttpResponse:
    """Rename or share a segment."""
    one = _one(request, segment_id)
    form = KeptForm(typed(request), of=one, by=request.actor)
    if done(
        request, form,
        lambda: actions.change_segment(segment=one, **form.values(), version=form.opened_on(), by=request.actor),
    ):  # fmt: skip
        flash.say(request, _("Saved"))
        return redirect("segment", segment_id=one.pk)
    context: dict[str, Any] = {"form": form, "title": _("Change the segment"), "segment": one}
    said = sentence(one.conditions, request.actor)
    return render(request, "segments/keep.html", {**context, "said": said, "back": reverse("segment", args=[one.pk])})


@page(permission=WRITE, kind="write")
def freeze(request: Request, segment_id: int) -> HttpResponse:
    """Write down who is in a live segment."""
    one = _one(request, segment_id)
    if request.method == "POST":
        try:
            n = actions.freeze(segment=one, version=_version(request), by=request.actor)
            flash.say(request, _("Frozen: %(n)s customers written down") % {"n": f"{n:,}"})
        except ValidationError as error:
            flash.warn(request, " ".join(error.messages))
    return redirect("segment", segment_id=one.pk)


@page(permission=WRITE, kind="write")
def delete(request: Request, segment_id: int) -> HttpResponse:
    """Delete a segment."""
    one = _one(request, segment_id)
    if request.method == "POST":
        actions.delete_segment(segment=one, by=request.actor)
        flash.say(request, _("Segment deleted"))
        return redirect("segments")
    return redirect("segment", segment_id=one.pk)


def _one(request: Request, segment_id: int) -> Segment:
    found: Segment = get_object_or_404(selectors.segments(request.actor), pk=segment_id)
    return found


def _version(request: Request) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1
