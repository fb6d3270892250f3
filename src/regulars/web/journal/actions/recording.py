"""Adding an entry: from the quick form, from a task's outcome, from another program."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.customers.selectors import visible
from regulars.web.customers.taxonomy import Channel
from regulars.web.journal.models import Entry
from regulars.web.journal.taxonomy import Kind, State

if TYPE_CHECKING:
    from regulars.web.customers.models import Contact, Customer

SUBJECT = "journal.entry"
LONGEST_SUMMARY = 80  # characters of the first line that become the summary
USUAL_CHANNEL: dict[str, str] = {Kind.CALL: Channel.PHONE, Kind.VISIT: Channel.VISIT, Kind.EMAIL: Channel.EMAIL}
NEEDS_TEXT = _("Write what happened.")
NEEDS_DUE = _("Say until when this is promised.")


@transaction.atomic
def record(
    *,
    customer: Customer,
    kind: str,
    text: str,
    by: Actor,
    at: datetime | None = None,
    summary: str = "",
    resolution: str = "",
    topic: str = "",
    channel: str = "",
    minutes: int | None = None,
    amount: Decimal | None = None,
    contact: Contact | None = None,
    representative_id: int | None = None,
    due_on: date | None = None,
    promise: str = "",
    promise_due: date | None = None,
    about: Entry | None = None,
    origin: str = "",
) -> Entry:
    """Add an entry to a customer's log.

    A promise or complaint starts open. `promise` with `promise_due` adds a second entry: what was promised in this one.
    With an `origin` (such as ``tasks.task:12``) a second call changes nothing and returns the first entry.

    Raises
    ------
    PermissionDenied
        Without the right, or where `by` does not reach the customer.
    ValidationError
        When there is no text, a promise has no date, or the customer was erased.
    """
    by.require("journal.write")
    _reached(customer, by)
    known: Entry | None = Entry.objects.filter(origin=origin).first() if origin else None
    if known is not None:
        return known
    entry = Entry(
        customer=customer,
        contact=contact,
        kind=kind,
        topic=topic,
        channel=channel or USUAL_CHANNEL.get(kind, ""),
        occurred_at=at or timezone.now(),
        minutes=minutes,
        summary=summary.strip() or shortened(text),
        event=text.strip(),
        resolution=resolution.strip(),
        amount=amount,
        representative_id=representative_id or by.user_id or 0,
        author_id=by.user_id or 0,
        state=State.OPEN if kind in (Kind.PROMISE, Kind.COMPLAINT) else "",
        due_on=due_on,
        about=about,
        origin=origin,
    )
    checked(entry).save()
    audit.record(
        actor=by, verb="create", subject_type=SUBJECT, subject_id=entry.pk,
        details={"customer": customer.pk, "kind": kind},
    )  # fmt: skip
    if promise.strip():
        record(
            customer=customer, kind=Kind.PROMISE, text=promise, by=by, at=entry.occurred_at, contact=contact,
            representative_id=representative_id, due_on=promise_due, about=entry,
        )  # fmt: skip
    return entry


def checked(entry: Entry) -> Entry:
    """Return `entry` if it may be saved as it is.

    Raises
    ------
    ValidationError
        Field → what is wrong with it.
    """
    wrong: dict[str, object] = {}
    if not entry.event and not entry.summary:
        wrong["text"] = NEEDS_TEXT
    if entry.kind == Kind.PROMISE and entry.due_on is None:
        wrong["due_on"] = NEEDS_DUE
    if entry.contact is not None and entry.contact.customer_id != entry.customer_id:
        wrong["contact"] = _("This contact belongs to another customer.")
    if wrong:
        raise ValidationError(wrong)
    entry.full_clean(exclude=["customer", "representative", "author", "about", "event", "contact"])
    return entry


def shortened(text: str) -> str:
    """Return the first line of `text`, cut where it is long."""
    first = text.strip().splitlines()[0] if text.strip() else ""
    return Truncator(first).chars(LONGEST_SUMMARY)


def _reached(customer: Customer, by: Actor) -> None:
    if not visible(by).filter(pk=customer.pk).exists():
        raise PermissionDenied("journal.write")
    if customer.erased_at is not None:
        raise ValidationError(_("This person was erased: nothing is added any more."))
