"""The queue: mine, my team's, nobody's; what is most at stake stands first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from regulars.web.accounts.selectors import colleagues
from regulars.web.core.access import page
from regulars.web.core.actor import Actor
from regulars.web.core.paging import keyset_page
from regulars.web.core.request import Request
from regulars.web.tasks import selectors
from regulars.web.tasks.business_days import today
from regulars.web.tasks.forms.queue import QueueForm
from regulars.web.tasks.selectors.queue import EVERYONE, ME, NOBODY_YET


@page(permission="tasks.read", kind="read")
def tasks(request: Request) -> HttpResponse:
    """Show a queue."""
    actor, day = request.actor, today()
    form = QueueForm(request.GET, by=actor)
    filters = form.filters()
    found = selectors.queue(actor, filters, today=day).select_related("customer", "owner", "team")
    listed = keyset_page(
        found,
        selectors.order_of(actor, filters),
        after=request.GET.get("after"),
        before=request.GET.get("before"),
    )
    context: dict[str, Any] = {
        "form": form,
        "filters": filters,
        "listed": listed,
        "rows": selectors.rows(actor, listed.rows, today=day),
        "total": found.count(),
        "counts": selectors.counts(actor, filters, today=day),
        "whose": _whose(actor, filters, day),
        "others": _others(actor),
        "sees_values": selectors.sees_values(actor),
        "may_change": actor.may("tasks.write") and filters.state != "done",
        "today": day,
    }
    return render(request, "tasks/queue.html", context)


def _whose(actor: Actor, filters: selectors.Filters, day: Any) -> list[dict[str, Any]]:
    """Return the tabs: whose queues there are, with how much waits in each."""
    tabs = [(ME, _("Mine")), (NOBODY_YET, _("Nobody's yet"))]
    if actor.scope != "own":
        tabs.insert(1, (EVERYONE, _("My teams'") if actor.scope == "team" else _("Everyone's")))
    return [
        {
            "key": key,
            "title": title,
            "n": selectors.queue(actor, replace(filters, who=key, state="waiting"), today=day).count(),
            "here": filters.who == key,
        }
        for key, title in tabs
    ]


def _others(actor: Actor) -> list[Any]:
    """Return the colleagues whose queues can be looked at."""
    return [] if actor.scope == "own" else list(colleagues(actor).exclude(pk=actor.user_id or 0)[:200])
