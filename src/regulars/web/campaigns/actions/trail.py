"""The row of the trail that each write to a campaign leaves."""

from __future__ import annotations

from regulars.web import audit
from regulars.web.campaigns.models import Campaign
from regulars.web.core.actor import Actor

SUBJECT = "campaigns.campaign"


def trail(verb: str, campaign: Campaign, by: Actor, **details: object) -> None:
    """Leave the row for one write."""
    audit.record(actor=by, verb=verb, subject_type=SUBJECT, subject_id=campaign.pk, details=details)
