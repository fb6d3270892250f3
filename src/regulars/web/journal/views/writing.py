"""Adding to the log: from the customer's page, from the plus of the phone's bar; changing, settling, pinning."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request
from regulars.web.customers.selectors import find, visible
from regulars.web.journal import actions, selectors
from regulars.web.journal.forms import EntryEditForm, EntryForm
from regulars.web.journal.models import Entry
from regulars.web.journal.sources import from_entry
from regulars.web.journal.taxonomy import Kind, State

WRITE = "journal.write"
RECENT = 8


@page(permission=WRITE, kind="read")
def pick(request: Request) -> HttpResponse:
    """Choose whom it is about: search, or one of those whom the person dealt with last."""
    text = request.GET.get("q", "").strip()
    found = [match.customer for match in find(request.actor, text)] if text else []
    recent = [] if text else selectors.recent_customers(request.actor, limit=RECENT)
    return render(request, "journal/pick.html", {"text": text, "found": found, "recent": recent})


@page(permission=WRITE, kind="write")
def new(request: Request, customer_id: int) -> HttpResponse:
    """Add an entry."""
    customer = get_object_or_404(visible(request.actor).filter(erased_at=None), pk=customer_id)
    form = EntryForm(typed(request), customer=customer)
    if done(request, form, lambda: actions.record(customer=customer, **form.cleaned_data, by=request.actor)):
        flash.say(request, _("In the log"))
        return redirect(f"{reverse('customer', args=[customer.pk])}#log")
    return render(request, "journal/new.html", {"form": form, "customer": customer})


@page(permission="journal.read", kind="read")
def entry(request: Request, entry_id: int) -> HttpResponse:
    """Show one entry with its corrections, and what can be done with it."""
    found = _one(request, entry_id)
    return render(request, "journal/entry.html", _context(request, found))


@page(permission=WRITE, kind="write")
def edit(request: Request, entry_id: int) -> HttpResponse:
    """Change an entry: its author, within a day."""
    found = _one(request, entry_id)
    if not actions.may_edit(found, request.actor, now=timezone.now()):
        flash.warn(request, _("Too late to change it, or not yours. Add a correction."))
        return redirect("journal_entry", entry_id=found.pk)
    form = EntryEditForm(typed(request), of=found)
    if done(
        request,
        form,
        lambda: actions.edit(entry=found, version=form.opened_on(), by=request.actor, **form.values()),
    ):
        flash.say(request, _("Saved"))
        return redirect("journal_entry", entry_id=found.pk)
    return render(request, "journal/edit.html", {"form": form, "entry": found, "customer": found.customer})


@page(permission=WRITE, kind="write")
def correct(request: Request, entry_id: int) -> HttpResponse:
    """Add what was wrong about an entry."""
    found = _one(request, entry_id)
    text = request.POST.get("text", "").strip()
    if request.method == "POST" and text:
        actions.correct(entry=found, text=text, by=request.actor)
        flash.say(request, _("In the log"))
    return redirect("journal_entry", entry_id=found.pk)


@page(permission=WRITE, kind="write")
def settle(request: Request, entry_id: int) -> HttpResponse:
    """Settle a promise or a complaint, or take that back."""
    found = _one(request, entry_id)
    if request.method != "POST" or not found.state:
        return redirect("journal_entry", entry_id=found.pk)
    if "reopen" in request.POST:
        actions.reopen(entry=found, by=request.actor)
        return redirect("journal_entry", entry_id=found.pk)
    resolution = request.POST.get("resolution", "")
    if found.kind == Kind.COMPLAINT and not (resolution.strip() or found.resolution):
        context = {**_context(request, found), "needs_resolution": True}
        return render(request, "journal/entry.html", context, status=422)
    state = State.DROPPED if "drop" in request.POST else State.DONE
    actions.resolve(entry=found, by=request.actor, resolution=resolution, state=state)
    flash.say(request, _("Settled"))
    return redirect(f"{reverse('customer', args=[found.customer_id])}#log")


@page(permission=WRITE, kind="write")
def pin(request: Request, entry_id: int) -> HttpResponse:
    """Keep an entry at the head of the log, or let it go."""
    found = _one(request, entry_id)
    if request.method == "POST":
        (actions.unpin if found.pinned else actions.pin)(entry=found, by=request.actor)
    return redirect(f"{reverse('customer', args=[found.customer_id])}#log")


def _one(request: Request, entry_id: int) -> Entry:
    mine = selectors.entries(request.actor).filter(customer__erased_at=None)
    found: Entry = get_object_or_404(
        mine.select_related("customer", "representative", "author", "contact", "settled_by", "about"), pk=entry_id
    )
    return found


def _context(request: Request, found: Entry) -> dict[str, object]:
    return {
        "entry": found,
        "item": from_entry(found),
        "customer": found.customer,
        "followers": [
            from_entry(one) for one in found.followers.select_related("representative", "contact").order_by("pk")
        ],
        "may_edit": actions.may_edit(found, request.actor, now=timezone.now()),
        "today": timezone.localdate(),
    }
