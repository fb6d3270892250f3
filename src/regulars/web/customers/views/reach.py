"""Numbers, addresses, contacts, cards and consent of a customer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request
from regulars.web.customers import actions
from regulars.web.customers.fields import sees
from regulars.web.customers.forms.reach import CardForm, ConsentForm, ContactForm, NewContactForm, PointForm
from regulars.web.customers.models import Card, Consent, Contact, ContactPoint, Customer
from regulars.web.customers.views.one import WRITE, living

CONTACT, PERSONAL = "fields.contact", "fields.personal"
"""Who may not read such a field does not get to its page; to write it takes the right to write customers, too."""


@page(permission=CONTACT, kind="write")
def point_new(request: Request, customer_id: int) -> HttpResponse:
    """Add a number or an address, of the customer or of one contact."""
    found = living(request, customer_id)
    request.actor.require(WRITE)
    contact_id = request.GET.get("contact", "")
    contact = (
        get_object_or_404(Contact, customer=found, pk=contact_id) if contact_id.isdecimal() and contact_id else None
    )
    form = PointForm(typed(request))
    if done(
        request,
        form,
        lambda: actions.add_point(customer=found, contact=contact, **form.values(), by=request.actor),
    ):
        return _back(request, found)
    title = _("Number or address of %(name)s") % {"name": contact or found}
    return render(request, "customers/form.html", {"form": form, "customer": found, "title": title})


@page(permission=CONTACT, kind="write")
def point(request: Request, customer_id: int, point_id: int) -> HttpResponse:
    """Change or drop a number or an address."""
    found = living(request, customer_id)
    request.actor.require(WRITE)
    mine = get_object_or_404(ContactPoint, customer=found, pk=point_id)
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_point(point=mine, by=request.actor)
        return _back(request, found)
    form = PointForm(typed(request), of=mine)
    if done(request, form, lambda: actions.change_point(point=mine, **form.values(), by=request.actor)):
        return _back(request, found)
    context = {"form": form, "customer": found, "title": _("Number or address"), "removable": True}
    return render(request, "customers/form.html", context)


@page(permission=WRITE, kind="write")
def contact_new(request: Request, customer_id: int) -> HttpResponse:
    """Add a person in an organisation."""
    found = living(request, customer_id)
    form = NewContactForm(typed(request), reaches=sees(request.actor, "points"))
    if done(request, form, lambda: actions.add_contact(customer=found, **form.cleaned_data, by=request.actor)):
        return _back(request, found)
    context = {"form": form, "customer": found, "title": _("New contact")}
    return render(request, "customers/form.html", context)


@page(permission=WRITE, kind="write")
def contact(request: Request, customer_id: int, contact_id: int) -> HttpResponse:
    """Change or forget a contact."""
    found = living(request, customer_id)
    mine = get_object_or_404(Contact, customer=found, pk=contact_id)
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_contact(contact=mine, by=request.actor)
        return _back(request, found)
    form = ContactForm(typed(request), of=mine)
    if done(
        request,
        form,
        lambda: actions.change_contact(contact=mine, version=form.opened_on(), **form.values(), by=request.actor),
    ):
        return _back(request, found)
    context = {"form": form, "customer": found, "title": _("Contact"), "removable": True}
    return render(request, "customers/form.html", context)


@page(permission=PERSONAL, kind="write")
def card_new(request: Request, customer_id: int) -> HttpResponse:
    """Give the customer a card."""
    found = living(request, customer_id)
    request.actor.require(WRITE)
    form = CardForm(typed(request))
    if done(request, form, lambda: actions.add_card(customer=found, **form.cleaned_data, by=request.actor)):
        return _back(request, found)
    return render(request, "customers/form.html", {"form": form, "customer": found, "title": _("New card")})


@page(permission=PERSONAL, kind="write")
def card_remove(request: Request, customer_id: int, card_id: int) -> HttpResponse:
    """Take a card away."""
    found = living(request, customer_id)
    request.actor.require(WRITE)
    mine = get_object_or_404(Card, customer=found, pk=card_id)
    if request.method == "POST":
        actions.remove_card(card=mine, by=request.actor)
    return _back(request, found)


@page(permission=WRITE, kind="write")
def consent(request: Request, customer_id: int) -> HttpResponse:
    """Add what the customer said, and show everything they ever said."""
    found = living(request, customer_id)
    form = ConsentForm(typed(request))
    if done(request, form, lambda: actions.say_consent(customer=found, **form.cleaned_data, by=request.actor)):
        return _back(request, found)
    said = Consent.objects.filter(customer=found).select_related("recorded_by")
    return render(request, "customers/consent.html", {"form": form, "customer": found, "said": said})


def _back(request: Request, customer: Customer) -> HttpResponse:
    flash.say(request, _("Saved"))
    return redirect("customer", customer_id=customer.pk)
