"""E-mails on the customer's timeline: subject and when, without the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.web.core.actor import Actor
from regulars.web.journal.taxonomy import Section
from regulars.web.journal.timeline import Item, Position
from regulars.web.mail.selectors import received
from regulars.web.mail.taxonomy import State

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer


def provide(actor: Actor, customer: Customer, before: Position | None, most: int) -> Sequence[Item]:
    """Return what the customer was sent, newest first."""
    found = received(actor, customer.pk)
    if before is not None:
        at, number = before
        found = found.filter(Q(gone_at__lt=at) | Q(gone_at=at, id__lt=number))
    return [_item(one) for one in found[:most]]


def _item(row: Any) -> Item:
    doubt = row.state == State.UNCERTAIN
    return Item(
        at=row.gone_at,
        id=row.pk,
        section=Section.TASKS,
        icon="mail",
        title=_("E-mail: %(subject)s") % {"subject": row.subject or _("erased")},
        url=reverse("campaign", args=[row.campaign_id]),
        chips=[("warn", row.get_state_display())] if doubt else [],
    )
