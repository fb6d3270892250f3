"""The log of one customer, and the log of all of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString

from regulars.web.core.access import page
from regulars.web.core.paging import keyset_page
from regulars.web.core.request import Request
from regulars.web.customers.selectors import visible
from regulars.web.journal import selectors
from regulars.web.journal.forms import EntryForm
from regulars.web.journal.sources import from_entry
from regulars.web.journal.taxonomy import Section

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer

READ = "journal.read"
LONGEST = 80


@page(permission=READ, kind="read")
def of_customer(request: Request, customer_id: int) -> HttpResponse:
    """Show one customer's timeline, one ledger or all; a part of it to who asks for more."""
    customer = get_object_or_404(visible(request.actor).filter(erased_at=None), pk=customer_id)
    context = timeline(request, customer)
    if request.htmx and request.GET.get("after"):
        return render(request, "journal/partials/items.html", context)
    if request.htmx:
        return render(request, "journal/partials/timeline.html", context)
    return render(request, "journal/customer.html", context)


def timeline(request: Request, customer: Customer) -> dict[str, Any]:
    """Return what a template of a customer's log needs."""
    section = next((one for one in Section if one.value == request.GET.get("section")), None)
    return {
        "customer": customer,
        "section": section,
        "sections": list(Section),
        "line": selectors.timeline(request.actor, customer, section=section, after=request.GET.get("after")),
        "today": timezone.localdate(),
    }


def card(request: Request, customer: Customer) -> SafeString:
    """Return the log as a part of the customer page: the form, what is open, the newest items."""
    context = timeline(request, customer)
    context |= {
        "pinned": selectors.pinned(request.actor, customer),
        "total": selectors.entries(request.actor).filter(customer=customer).count(),
        "form": EntryForm(customer=customer) if request.actor.may("journal.write") else None,
    }
    return SafeString(render_to_string("journal/card.html", context, request))


def button(request: Request, customer: Customer) -> SafeString:
    """Return the button that leads to the form."""
    return SafeString(render_to_string("journal/button.html", {"customer": customer}, request))


@page(permission=READ, kind="read")
def journal(request: Request) -> HttpResponse:
    """Show the log of all customers that the person reaches: by ledger, text, colleague and day."""
    asked = _asked(request)
    found = selectors.log(request.actor, **asked["narrowed"])
    rows = keyset_page(found, ["-occurred_at", "-id"], after=request.GET.get("after"), before=request.GET.get("before"))
    lines = [(from_entry(entry), entry.customer) for entry in rows.rows]
    months, market = selectors.market(request.actor) if asked["section"] == Section.MARKET else ([], [])
    context = {**asked, "rows": rows, "lines": lines, "sections": _ledgers(), "months": months, "market": market}
    return render(request, "journal/journal.html", context)


def _ledgers() -> list[Section]:
    """Return the ledgers that hold entries of our own."""
    return [one for one in Section if one not in (Section.ORDERS, Section.RECORD)]


def _asked(request: Request) -> dict[str, Any]:
    section = request.GET.get("section", "")
    text = request.GET.get("q", "").strip()[:LONGEST]
    mine = request.GET.get("mine") == "1"
    since, until = _day(request.GET.get("since", "")), _day(request.GET.get("until", ""))
    narrowed = {
        "section": section if section in Section.values else "",
        "text": text,
        "user_id": request.actor.user_id if mine else None,
        "since": since,
        "until": until + timedelta(days=1) if until else None,
    }
    days = {
        "since": request.GET.get("since", "") if since else "",
        "until": request.GET.get("until", "") if until else "",
    }
    return {"narrowed": narrowed, "section": narrowed["section"], "text": text, "mine": mine, **days}


def _day(text: str) -> datetime | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime(day.year, day.month, day.day)) if day else None
