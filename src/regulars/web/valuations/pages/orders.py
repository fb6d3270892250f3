"""All orders and returns of one customer."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date

from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.customers import selectors as customers
from regulars.web.facts.selectors import Order, orders_of

PAGE = 50


@page(permission="customers.read", kind="read")
def customer_orders(request: Request, customer_id: int) -> HttpResponse:
    """List one customer's orders and returns, newest first; a page ends with a whole day."""
    customer = get_object_or_404(customers.visible(request.actor), pk=customer_id)
    try:
        until = parse_date(request.GET.get("until", ""))
    except ValueError:  # well formed, but no day of the calendar
        until = None
    found, older = _whole_days(orders_of(request.actor, customer, until=until, limit=PAGE + 1))
    context = {"customer": customer, "orders": found, "older": older, "until": until}
    return render(request, "valuations/customer/all_orders.html", context)


def _whole_days(found: list[Order]) -> tuple[list[Order], date | None]:
    """Return a page of orders and the day that the next page begins with; None where there is none."""
    if len(found) <= PAGE:
        return found, None
    last = found[-1].business_date
    whole = [order for order in found if order.business_date > last]
    return (whole, last) if whole else (found, None)
