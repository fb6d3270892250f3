"""What a customer said about being contacted and judged. A statement is added; none is ever changed."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.customers.actions.trail import SUBJECT, reached
from regulars.web.customers.models import Change, Consent, Customer
from regulars.web.customers.taxonomy import ConsentState, Purpose


@transaction.atomic
def say_consent(
    *,
    customer: Customer,
    purpose: str,
    state: str,
    evidence: str,
    by: Actor,
    channel: str = "",
    at: datetime | None = None,
) -> Consent:
    """Note that a customer agreed, refused or took an agreement back; without a channel it holds for all.

    Raises
    ------
    ValidationError
        When nothing says how we know, or it lies in the future.
    """
    reached(customer, by, "customers.write")
    said = Consent(
        customer=customer,
        purpose=purpose,
        channel="" if purpose == Purpose.PROFILING else channel,
        state=state,
        at=at or timezone.now(),
        evidence=evidence.strip(),
        recorded_by_id=by.user_id,
    )
    said.full_clean(exclude=["customer", "recorded_by"])
    if said.at > timezone.now():
        raise ValidationError({"at": _("This lies in the future.")})
    said.save()
    fields = {"purpose": [None, purpose], "channel": [None, said.channel], "state": [None, state]}
    Change.objects.create(customer=customer, by_id=by.user_id, verb="consent", fields=fields)
    audit.record(
        actor=by, verb="consent", subject_type=SUBJECT, subject_id=customer.pk,
        details={"purpose": purpose, "channel": said.channel, "state": ConsentState(state).value},
    )  # fmt: skip
    return said
