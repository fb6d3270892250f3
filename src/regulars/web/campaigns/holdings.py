"""What becomes of a customer's place in campaigns when records are merged, erased or handed out.

Groups are experiments and move with those of tasks; here is who fell out and why.
"""

from __future__ import annotations

from typing import Any

from regulars.web.campaigns.models import Skipped
from regulars.web.core.actor import Actor


def move(from_id: int, to_id: int) -> None:
    """Let the record that stays have fallen out where the other did; nobody does twice."""
    there = Skipped.objects.filter(customer=to_id).values_list("campaign", flat=True)
    Skipped.objects.filter(customer=from_id, campaign__in=list(there)).delete()
    Skipped.objects.filter(customer=from_id).update(customer=to_id)


def erase(customer_id: int) -> None:
    """Forget why a person fell out: it may say what they refused."""
    Skipped.objects.filter(customer=customer_id).delete()


def disclose(actor: Actor, customer_id: int) -> dict[str, Any]:
    """Return the campaigns that a person is not in, and why."""
    found = Skipped.objects.filter(customer=customer_id).select_related("campaign").order_by("id")
    return {"campaigns": [{"name": one.campaign.name, "why": str(one.get_why_display())} for one in found]}
