"""The outbox of a campaign: filled in the transaction that launches it, emptied when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, Value

from regulars.prove.control import TREATED
from regulars.web.core import tables
from regulars.web.mail.models import Outgoing
from regulars.web.mail.taxonomy import WAITING, State, Why
from regulars.web.tasks.selectors import in_group

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign


def fill_outbox(campaign: Campaign) -> int:
    """Write a row for each treated customer, inside the caller's transaction; return how many."""
    assert campaign.holdout_id is not None
    treated = in_group(campaign.holdout_id, TREATED).order_by("customer_id")
    rows = treated.values_list(Value(campaign.pk, output_field=BigIntegerField()), "customer_id")
    return tables.fill(Outgoing, ("campaign_id", "customer_id"), rows)


def drop_waiting(campaign: Campaign, why: Why) -> int:
    """Send nothing more of a campaign; return how many still waited. What is on its way arrives."""
    waiting = Outgoing.objects.filter(campaign=campaign.pk, state__in=WAITING)
    return waiting.update(state=State.REFUSED, why=why)
