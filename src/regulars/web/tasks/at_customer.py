"""Work on the customer's page: the next action, open tasks, the experiments they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regulars.web.core.request import Request
from regulars.web.tasks import selectors
from regulars.web.tasks.business_days import today
from regulars.web.tasks.next_action import next_action

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer

MOST = 20


def next_action_line(request: Request, customer: Customer) -> SafeString | None:
    """Return the proposal with the press that makes it a task; nothing where something is to be done already."""
    proposed = next_action(request.actor, customer)
    if proposed is None:
        return None
    context = {
        "suggestion": proposed,
        "customer": customer,
        "may_change": request.actor.may("tasks.write"),
        "control": bool(selectors.left_alone(request.actor, [customer.pk])),
    }
    return render_to_string("tasks/customer/next.html", context, request)


def open_tasks(request: Request, customer: Customer) -> SafeString | None:
    """Return what is to be done, what is due first on top."""
    found = selectors.tasks(request.actor).open().filter(customer=customer).select_related("customer", "owner", "team")
    context = {
        "rows": selectors.rows(request.actor, found.order_by("due_on", "id")[:MOST], today=today()),
        "customer": customer,
        "may_change": request.actor.may("tasks.write") and customer.is_active,
    }
    return render_to_string("tasks/customer/tasks.html", context, request)


def experiments(request: Request, customer: Customer) -> SafeString | None:
    """Return the experiments that the customer is or was in, and their group."""
    found = list(selectors.experiments_of(request.actor, customer.pk)[:MOST])
    if not found:
        return None
    return render_to_string("tasks/customer/experiments.html", {"experiments": found}, request)


def left_alone_chip(request: Request, customer: Customer) -> SafeString | None:
    """Return the mark of who is left alone as control."""
    if not selectors.left_alone(request.actor, [customer.pk]):
        return None
    return format_html(
        '<span class="chip info" title="{}">{}</span>', _("Control group: held out at random"), _("Left alone")
    )
