"""What stands in addresses of campaigns: plans and counts are the company's, names are those of one's own customers."""

from __future__ import annotations

from datetime import date


def campaign(cast):
    from regulars.web.campaigns.models import Campaign

    found = Campaign.objects.filter(name="Planned").first()
    if found is None:
        found = Campaign.objects.create(
            name="Planned", channel="email", starts_on=date(2026, 7, 1), owner=cast.owners["team"],
            audience=[{"list": "segment:1", "called": "Everybody"}],
        )  # fmt: skip
    return found.pk


def lesson(cast):
    from regulars.web.campaigns.models import Lesson

    return Lesson.objects.create(campaign_id=campaign(cast), text="Again", by=cast.owners["team"]).pk


def proof(cast):
    from decimal import Decimal

    from django.utils import timezone

    from regulars.web.campaigns.models import Proof
    from regulars.web.tasks.models import Holdout

    split = {"list_kind": "segment", "seed": "s", "share": Decimal("0.1"), "started_at": timezone.now()}
    holdout = Holdout.objects.get_or_create(experiment_id="segment-y", defaults=split)[0]
    return Proof.objects.get_or_create(holdout=holdout)[0].pk


SUBJECTS = {
    "campaign_id": campaign,  # who is in one is asked of each customer: tests/web/campaigns
    "lesson_id": lesson,
    "proof_id": proof,
}

OPEN = {
    "campaigns.Campaign": "plans and counts, read through campaigns.selectors by the right campaigns.read; no names",
    "campaigns.Lesson": "what was learned, read with its campaign",
    "campaigns.Proof": "sums over a whole experiment, read through campaigns.selectors.proofs",
    "campaigns.UniversalHoldout": "one row, a setting",
}
