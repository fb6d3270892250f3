"""What becomes of messages when records are merged, erased or handed out."""

from __future__ import annotations

from typing import Any

from regulars.web.core.actor import Actor
from regulars.web.mail.models import Letter, Outgoing
from regulars.web.mail.taxonomy import WAITING


def move(from_id: int, to_id: int) -> None:
    """Let the record that stays have got what the other got. Where both are in a campaign, none gets it twice.

    Both rows stay where both were sent something: as a step of their own, so that the link in each still works.
    """
    there = Outgoing.objects.filter(customer=to_id)
    both = Outgoing.objects.filter(customer=from_id, campaign__in=list(there.values_list("campaign", flat=True)))
    waiting = both.filter(state__in=WAITING)
    waiting.delete()
    for row in both:
        sent = there.filter(campaign=row.campaign_id)
        sent.filter(state__in=WAITING).delete()
        taken = set(sent.values_list("step", flat=True))
        row.step = next(n for n in range(1, len(taken) + 2) if n not in taken)
        row.customer_id = to_id
        row.save(update_fields=["step", "customer"])
    Outgoing.objects.filter(customer=from_id).update(customer=to_id)


def erase(customer_id: int) -> None:
    """Forget what a person was written; that they were written to, and the keyed hash of the address, stay."""
    mine = Outgoing.objects.filter(customer=customer_id)
    mine.filter(state__in=WAITING).delete()
    mine.update(subject="", said="")


def disclose(actor: Actor, customer_id: int) -> dict[str, Any]:
    """Return what a person was sent: when, which subject, what became of it."""
    rows = Outgoing.objects.filter(customer=customer_id).order_by("id")
    names = dict(Letter.objects.filter(pk__in=rows.values("campaign")).values_list("pk", "campaign__name"))
    return {
        "e_mails": [
            {
                "campaign": names.get(row.campaign_id, ""), "subject": row.subject,
                "state": str(row.get_state_display()), "why": str(row.get_why_display()) if row.why else "",
                "at": row.gone_at.isoformat() if row.gone_at else None,
            }
            for row in rows
        ]
    }  # fmt: skip
