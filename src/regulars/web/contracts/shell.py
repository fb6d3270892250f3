"""Contracts in the navigation and on the customer's page."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from regulars.web.contracts import selectors
from regulars.web.contracts.shown import on_customer
from regulars.web.core import shell
from regulars.web.core.actor import Actor
from regulars.web.core.request import Request
from regulars.web.customers import holdings, sections

shell.add(
    shell.Entry("contracts", _("Contracts"), "refresh", "contracts", selectors.READ, group="value", order=29),
)


def _section(request: Request, customer: object) -> SafeString | None:
    """Return what is known of a customer's contracts; nothing for who has none."""
    rows = selectors.of_customer(request.actor, customer)
    run = selectors.current()
    if not rows or run is None:
        return None
    context = {"run": run, "contracts": [on_customer(row, run) for row in rows]}
    return render_to_string("contracts/customer.html", context, request)


def _disclose(actor: Actor, customer_id: int) -> list[dict[str, str]]:
    if not actor.may(selectors.READ):
        return []
    rows = selectors.of_customer(actor, customer_id)
    return [{name: str(value) for name, value in row.items() if value is not None} for row in rows]


sections.register("contract", 12, selectors.READ, _section)
holdings.register("contracts", move=holdings.nothing, erase=holdings.nothing, disclose=_disclose)
