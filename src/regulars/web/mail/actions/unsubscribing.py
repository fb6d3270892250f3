"""Unsubscribing: by whoever holds the link of a message, without signing in, as often as they like."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.web.core.models import Workspace
from regulars.web.customers.actions import withdraw_by_themselves
from regulars.web.customers.taxonomy import Channel, Purpose
from regulars.web.mail.models import Outgoing, Suppressed
from regulars.web.mail.selectors import campaign_name
from regulars.web.mail.taxonomy import Suppressing
from regulars.web.mail.tokens import unseal


def known(token: str) -> Outgoing | None:
    """Return the message that a link came with."""
    number = unseal(token)
    return Outgoing.objects.filter(pk=number).first() if number is not None and number < 2**63 else None


@transaction.atomic
def unsubscribe(*, token: str) -> bool:
    """Take consent to offers by e-mail back, close the address that the message went to; return whether it was ours.

    Only the receiver of that message is touched, and who they were merged into. Doing it twice is doing it once.
    """
    row = known(token)
    if row is None:
        return False
    if row.digest:
        Suppressed.objects.get_or_create(digest=row.digest, defaults={"why": Suppressing.UNSUBSCRIBED})
    with translation.override(Workspace.current().language):
        evidence = _("Unsubscribed by the link in “%(campaign)s”") % {"campaign": campaign_name(row)}
    withdraw_by_themselves(
        customer_id=row.customer_id, purpose=Purpose.MARKETING, channel=Channel.EMAIL, evidence=evidence
    )
    return True
