"""Pages that keep views: save, rename, share, delete."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request
from regulars.web.segments import actions, selectors
from regulars.web.segments.forms.keeping import ViewForm
from regulars.web.segments.models import SavedView
from regulars.web.segments.state import ListState
from regulars.web.segments.views.listing import address_of
from regulars.web.segments.wording import sentence

READ = "segments.read"


@page(permission=READ, kind="write")
def save(request: Request) -> HttpResponse:
    """Keep the list as it was shown on the page before."""
    asked = (request.POST if request.method == "POST" else request.GET).get("asked", "")[:4_000]
    state = ListState.read(QueryDict(asked))
    form = ViewForm(typed(request), by=request.actor)
    made: list[SavedView] = []
    if done(
        request, form,
        lambda: made.append(
            actions.save_view(
                **form.values(), first=form.cleaned_data["first"], state=state, by=request.actor
            )
        ),
    ):  # fmt: skip
        flash.say(request, _("View saved"))
        return redirect(address_of(made[0]))
    context = {
        "form": form,
        "asked": asked,
        "title": _("Save this view"),
        "said": sentence(state.conditions, request.actor),
    }
    return render(request, "segments/keep.html", {**context, "back": f"{reverse('customer_list')}?{state.address()}"})


@page(permission=READ, kind="write")
def change(request: Request, view_id: int) -> HttpResponse:
    """Rename or share a view; save into it what the list shows now."""
    view = get_object_or_404(selectors.every_view(request.actor), pk=view_id)
    asked = (request.POST if request.method == "POST" else request.GET).get("asked", "")[:4_000]
    state = ListState.read(QueryDict(asked)) if asked else None
    first = selectors.first_view(request.actor) == view
    form = ViewForm(typed(request), of=view, by=request.actor)
    if not form.is_bound:
        form.initial["first"] = first
    if done(
        request, form,
        lambda: actions.change_view(
            view=view, **form.values(), state=state, version=form.opened_on(), by=request.actor
        ),
    ):  # fmt: skip
        wanted = form.cleaned_data["first"]
        if wanted != first:
            actions.open_with(view=view if wanted else None, by=request.actor)
        flash.say(request, _("Saved"))
        return redirect(address_of(view))
    context = {"form": form, "asked": asked, "title": _("Change the view"), "view": view, "back": address_of(view)}
    said = sentence((state or view.state).conditions, request.actor)
    return render(request, "segments/keep.html", {**context, "said": said})


@page(permission=READ, kind="write")
def delete(request: Request, view_id: int) -> HttpResponse:
    """Delete a view."""
    view = get_object_or_404(selectors.every_view(request.actor), pk=view_id)
    if request.method == "POST":
        actions.delete_view(view=view, by=request.actor)
        flash.say(request, _("View deleted"))
    return redirect("customer_list")
