"""The customer page: who they are, what other apps know about them, what one does next."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.customers import sections, selectors
from regulars.web.customers.models import Customer
from regulars.web.customers.taxonomy import Channel, ConsentState, Purpose

READ, WRITE = "customers.read", "customers.write"


def one(request: Request, customer_id: int) -> Customer:
    """Return the customer if the person reaches them.

    Raises
    ------
    Http404
        Else: whether they exist is not told.
    """
    found: Customer | None = (
        selectors.visible(request.actor).select_related("owner", "team").filter(pk=customer_id).first()
    )
    if found is None:
        raise Http404
    return found


def living(request: Request, customer_id: int) -> Customer:
    """Return the customer if the person reaches them and they have not been erased."""
    found = one(request, customer_id)
    if found.erased_at is not None:
        raise Http404
    return found


@page(permission=READ, kind="read")
def customer(request: Request, customer_id: int) -> HttpResponse:
    """Show one customer; a merged record leads to what it became."""
    if successor := selectors.successor(request.actor, customer_id):
        return redirect("customer", customer_id=successor.pk)
    found = one(request, customer_id)
    if found.erased_at is not None:
        return render(request, "customers/erased.html", {"customer": found})
    profile = selectors.profile(request.actor, found)
    context = {
        "customer": found,
        "profile": profile,
        "offers": _offers(profile),
        "consents": _consents(profile),
        "styles": sections.styles(),
        "places": {
            place: sections.rendered(request, found, place) for place in ("chips", "acts", "lead", "main", "side")
        },
    }
    return render(request, "customers/customer.html", context)


def _offers(profile: selectors.Profile) -> str:
    """Return in one line by which channels the customer wants offers, and by which not."""
    yes, no = list[str](), list[str]()
    for (purpose, channel), consent in sorted(profile.consents.items()):
        if purpose == Purpose.MARKETING:
            words = str(Channel(channel).label) if channel else _("every channel")
            (yes if consent.state == ConsentState.GRANTED else no).append(words)
    comma = pgettext("list", ", ")
    said = [_("offers by %(channels)s") % {"channels": comma.join(yes)}] if yes else []
    said += [_("no offers by %(channels)s") % {"channels": comma.join(no)}] if no else []
    return capfirst(pgettext("list", "; ").join(said)) if said else _("Offers: never asked")


def _consents(profile: selectors.Profile) -> list[tuple[str, list[tuple[str, str, object]]]]:
    """Return for each purpose what was said: a chip's colour, its words, the statement."""
    rows: dict[str, list[tuple[str, str, object]]] = {}
    order = list(Channel.values)
    for (purpose, channel), consent in sorted(
        profile.consents.items(), key=lambda item: order.index(item[0][1]) if item[0][1] else -1
    ):
        style = "ok" if consent.state == ConsentState.GRANTED else "bad"
        words = str(Channel(channel).label) if channel else ""
        rows.setdefault(purpose, []).append((style, words, consent))
    return [(str(purpose.label), rows[purpose]) for purpose in Purpose if purpose in rows]
