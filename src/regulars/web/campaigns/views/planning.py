"""Planning and deciding: forms and presses that lead back to the campaign's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from regulars.web.campaigns import actions
from regulars.web.campaigns.forms.deciding import LessonForm, NoteForm, UniversalForm
from regulars.web.campaigns.forms.plan import CopyForm, PlanForm
from regulars.web.campaigns.models import Campaign, Lesson, UniversalHoldout
from regulars.web.campaigns.views.campaigns import context_of, one_of
from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request
from regulars.web.segments.actions import order_list
from regulars.web.tasks.selectors import today

WRITE, APPROVE, LAUNCH = "campaigns.write", "campaigns.approve", "campaigns.launch"


@page(permission=WRITE, kind="write")
def new(request: Request) -> HttpResponse:
    """Plan a campaign, for a list that the page before names, or for none yet."""
    form = PlanForm(typed(request), by=request.actor, list_name=request.GET.get("list", "")[:2_000])
    form.initial.setdefault("starts_on", today() + timedelta(days=1))
    made: list[Campaign] = []
    if done(request, form, lambda: made.append(actions.create(plan=form.plan(), by=request.actor))):
        return redirect("campaign", campaign_id=made[0].pk)
    return render(request, "campaigns/edit.html", {"form": form})


@page(permission=WRITE, kind="write")
def edit(request: Request, campaign_id: int) -> HttpResponse:
    """Change the plan of a draft."""
    one = one_of(request, campaign_id)
    if not one.is_plannable:
        return redirect("campaign", campaign_id=one.pk)
    form = PlanForm(typed(request), by=request.actor, of=one)
    if done(
        request, form,
        lambda: actions.revise(campaign=one, plan=form.plan(), version=form.opened_on(), by=request.actor),
    ):  # fmt: skip
        flash.say(request, _("Saved"))
        return redirect("campaign", campaign_id=one.pk)
    return render(request, "campaigns/edit.html", {"form": form, "campaign": one})


@page(permission=WRITE, kind="write")
def copy(request: Request, campaign_id: int) -> HttpResponse:
    """Make a draft of the same plan."""
    one = one_of(request, campaign_id)
    form = CopyForm(typed(request), name=one.name, day=today() + timedelta(days=1))
    made: list[Campaign] = []
    if done(request, form, lambda: made.append(actions.copy(campaign=one, by=request.actor, **form.cleaned_data))):
        return redirect("campaign", campaign_id=made[0].pk)
    return render(request, "campaigns/copy.html", {"form": form, "campaign": one})


def _press(request: Request, campaign_id: int, act: Callable[[Campaign, int], object], said: str) -> HttpResponse:
    """Do `act` to a campaign at the version that the page showed, and go back to it."""
    one = one_of(request, campaign_id)
    if request.method == "POST":
        try:
            act(one, _version(request))
        except ValidationError as error:
            flash.warn(request, " ".join(error.messages))
        else:
            flash.say(request, said)
    return redirect("campaign", campaign_id=campaign_id)


def _version(request: Request) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


@page(permission=WRITE, kind="write")
def submit(request: Request, campaign_id: int) -> HttpResponse:
    """Ask for approval."""
    act = lambda one, version: actions.submit(campaign=one, version=version, by=request.actor)  # noqa: E731
    return _press(request, campaign_id, act, _("Submitted: somebody else approves it now."))


@page(permission=WRITE, kind="write")
def take_back(request: Request, campaign_id: int) -> HttpResponse:
    """Make it a draft again."""
    act = lambda one, version: actions.take_back(campaign=one, version=version, by=request.actor)  # noqa: E731
    return _press(request, campaign_id, act, _("Taken back: it is a draft again."))


@page(permission=WRITE, kind="write")
def recount(request: Request, campaign_id: int) -> HttpResponse:
    """Count the audience once more."""
    act = lambda one, _version: actions.reckon(campaign=one, by=request.actor)  # noqa: E731
    return _press(request, campaign_id, act, _("The audience is being counted."))


@page(permission=APPROVE, kind="write")
def decide(request: Request, campaign_id: int) -> HttpResponse:
    """Approve a plan, or send it back with what should change."""
    one = one_of(request, campaign_id)
    form = NoteForm(typed(request))
    act = actions.send_back if "back" in request.POST else actions.approve
    version = _version(request)
    if done(
        request, form, lambda: act(campaign=one, version=version, note=form.cleaned_data["note"], by=request.actor)
    ):
        flash.say(request, _("Sent back") if act is actions.send_back else _("Approved"))
    elif request.method == "POST":
        return render(request, "campaigns/plan.html", context_of(request, one, note_form=form), status=422)
    return redirect("campaign", campaign_id=one.pk)


@page(permission="campaigns.read", kind="write")
def cancel(request: Request, campaign_id: int) -> HttpResponse:
    """Give it up: who planned it, or who may launch."""
    act = lambda one, version: actions.cancel(campaign=one, version=version, by=request.actor)  # noqa: E731
    return _press(request, campaign_id, act, _("Cancelled"))


@page(permission=LAUNCH, kind="write")
def launch(request: Request, campaign_id: int) -> HttpResponse:
    """Launch what was approved."""
    act = lambda one, version: actions.launch(campaign=one, version=version, by=request.actor)  # noqa: E731
    return _press(request, campaign_id, act, _("It is being launched."))


@page(permission=LAUNCH, kind="write")
def end(request: Request, campaign_id: int) -> HttpResponse:
    """End it before its time: nobody is addressed any more; its window is read all the same."""
    act = lambda one, version: actions.end(campaign=one, version=version, by=request.actor)  # noqa: E731
    return _press(request, campaign_id, act, _("Ended. The control group is no longer left alone."))


@page(permission=WRITE, kind="write")
def delete(request: Request, campaign_id: int) -> HttpResponse:
    """Delete a draft."""
    one = one_of(request, campaign_id)
    if request.method == "POST":
        try:
            actions.delete(campaign=one, version=_version(request), by=request.actor)
        except ValidationError as error:
            flash.warn(request, " ".join(error.messages))
        else:
            flash.say(request, _("Draft deleted"))
            return redirect("campaigns")
    return redirect("campaign", campaign_id=campaign_id)


@page(permission=WRITE, kind="write")
def lesson(request: Request, campaign_id: int) -> HttpResponse:
    """Note what was learned."""
    one = one_of(request, campaign_id)
    form = LessonForm(typed(request))
    if done(request, form, lambda: actions.add_lesson(campaign=one, text=form.cleaned_data["text"], by=request.actor)):
        flash.say(request, _("Noted"))
    elif request.method == "POST":
        flash.warn(request, " ".join(str(said) for errors in form.errors.values() for said in errors))
    return redirect("campaign", campaign_id=one.pk)


@page(permission=WRITE, kind="write")
def unlearn(request: Request, campaign_id: int, lesson_id: int) -> HttpResponse:
    """Remove a lesson of one's own."""
    found = get_object_or_404(Lesson.objects.select_related("campaign"), pk=lesson_id, campaign=campaign_id)
    return _press(request, campaign_id, lambda *_: actions.remove_lesson(lesson=found, by=request.actor), _("Removed"))


@page(permission="customers.export", kind="write")
def export(request: Request, campaign_id: int) -> HttpResponse:
    """Order the treated as a file, in the columns that the person may read."""
    one = one_of(request, campaign_id)
    if request.method != "POST" or not one.is_launched:
        return redirect("campaign", campaign_id=one.pk)
    try:
        ordered = order_list(
            name=f"campaign:{one.pk}", called=one.name, format=request.POST.get("format", ""), by=request.actor
        )
    except ValidationError as error:
        flash.warn(request, " ".join(error.messages))
        return redirect("campaign", campaign_id=one.pk)
    assert ordered.job_id is not None
    return redirect("job", job_id=ordered.job_id)


@page(permission="campaigns.configure", kind="write")
def universal(request: Request) -> HttpResponse:
    """Set the universal hold-out."""
    form = UniversalForm(typed(request), of=UniversalHoldout.current())

    def save() -> Any:
        return actions.set_universal(share=form.share_of_all(), version=form.opened_on(), by=request.actor)

    if done(request, form, save):
        flash.say(request, _("Saved"))
        return redirect("campaigns")
    return render(request, "campaigns/universal.html", {"form": form})
