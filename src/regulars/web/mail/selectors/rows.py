"""Single messages, of customers whom somebody reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regulars.web.core.actor import Actor
from regulars.web.mail.models import Outgoing
from regulars.web.mail.models.outgoing import OutgoingQuerySet
from regulars.web.mail.taxonomy import State

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign

READ = "campaigns.read"


def messages(actor: Actor, campaign: Campaign) -> OutgoingQuerySet:
    """Return the messages of a campaign to customers that `actor` reaches."""
    if not actor.may(READ):
        return Outgoing.objects.none()
    found: OutgoingQuerySet = Outgoing.objects.visible_to(actor).filter(campaign=campaign.pk)
    return found.select_related("customer")


def received(actor: Actor, customer_id: int) -> Any:
    """Return what was sent to a customer, or may have been, newest first."""
    if not actor.may(READ):
        return Outgoing.objects.none()
    gone = Outgoing.objects.visible_to(actor).filter(customer=customer_id, gone_at__isnull=False)
    return gone.filter(state__in=(State.SENT, State.UNCERTAIN)).order_by("-gone_at", "-id")
