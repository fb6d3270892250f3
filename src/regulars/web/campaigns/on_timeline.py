"""Campaigns on the customer's timeline: which one they were in, and whether they were addressed or left alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.prove.control import CONTROL
from regulars.web.campaigns.selectors import memberships
from regulars.web.core.actor import Actor
from regulars.web.journal.taxonomy import Section
from regulars.web.journal.timeline import Item, Position

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer


def provide(actor: Actor, customer: Customer, before: Position | None, most: int) -> Sequence[Item]:
    """Return the customer's campaigns by the moment of their launch, newest first."""
    found = memberships(actor, customer.pk)
    if before is not None:
        at, number = before
        found = found.filter(Q(assigned_at__lt=at) | Q(assigned_at=at, id__lt=number))
    return [_item(one) for one in found.order_by("-assigned_at", "-id")[:most]]


def _item(one: Any) -> Item:
    alone = one.arm == CONTROL
    return Item(
        at=one.assigned_at,
        id=one.pk,
        section=Section.TASKS,
        icon="speakerphone",
        title=_("Campaign: %(name)s") % {"name": one.holdout.called},
        text=_("In the control group: left alone by chance") if alone else one.holdout.detail,
        url=reverse("campaign", args=[one.holdout.subject["campaign"]]),
        chips=[("info" if alone else "", _("Left alone") if alone else _("Addressed"))],
    )
