"""Customers among the answers of the search."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regulars.web.core import shell
from regulars.web.core.actor import Actor
from regulars.web.customers.selectors import find

FEW = 8


def _customers(actor: Actor, text: str) -> Iterable[shell.Found]:
    for match in find(actor, text, limit=FEW) if text else ():
        icon = "building" if match.customer.is_organisation else "user"
        yield shell.Found(
            str(match.customer), reverse("customer", args=[match.customer.pk]), icon, str(match.customer.owner or "")
        )


def _new(actor: Actor, text: str) -> Iterable[shell.Found]:
    title = str(_("New customer"))
    if text.lower() in title.lower():
        yield shell.Found(title, reverse("customer_new"), "user-plus")


shell.add(
    shell.Search("customers", _("Customers"), _customers, "customers.read", order=10),
    shell.Search("customers-new", _("Add"), _new, "customers.write", order=80),
    shell.Entry(
        "owners", _("Owners of customers"), "user-share", "customer_owners", "customers.assign",
        group=shell.SETTINGS, order=25, note=_("Hand the customers of a colleague over to another"),
    ),
)  # fmt: skip
