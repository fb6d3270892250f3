"""What a customer said about being contacted and judged. A statement is added; none is ever changed."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.core.actor import NOBODY, Actor
from regulars.web.customers.actions.trail import SUBJECT, reached
from regulars.web.customers.models import Change, Consent, Customer
from regulars.web.customers.selectors.consents import may_contact
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


@transaction.atomic
def withdraw_by_themselves(*, customer_id: int, purpose: str, channel: str, evidence: str) -> bool:
    """Note that a customer took consent back by themselves, through a link that only they got; no user of ours acts.

    Where their latest word is no already, nothing is added; return whether something was.
    """
    customer = Customer.objects.filter(pk=customer_id, erased_at=None).first()
    if customer is None or may_contact(customer, purpose, channel) is False:
        return False
    Consent.objects.create(
        customer=customer, purpose=purpose, channel=channel, state=ConsentState.WITHDRAWN, at=timezone.now(),
        evidence=evidence[:300],
    )  # fmt: skip
    fields = {"purpose": [None, purpose], "channel": [None, channel], "state": [None, ConsentState.WITHDRAWN.value]}
    Change.objects.create(customer=customer, verb="consent", fields=fields)
    audit.record(
        actor=NOBODY, verb="consent", subject_type=SUBJECT, subject_id=customer.pk,
        details={"purpose": purpose, "channel": channel, "state": ConsentState.WITHDRAWN.value},
    )  # fmt: skip
    return True
