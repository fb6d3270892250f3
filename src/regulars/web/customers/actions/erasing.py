"""Erasing one person: who they were is gone for good, what they bought stays under a number that names nobody."""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from regulars.web import audit
from regulars.web.core import jobs
from regulars.web.core.actor import Actor
from regulars.web.core.kept import forget_typed
from regulars.web.customers.actions.merging import strip
from regulars.web.customers.actions.trail import SUBJECT
from regulars.web.customers.holdings import all_holdings
from regulars.web.customers.models import (
    Card,
    Change,
    Consent,
    Contact,
    ContactPoint,
    Customer,
    ExternalIdentity,
    Tag,
)
from regulars.web.customers.selectors.reach import visible
from regulars.web.customers.suppression import suppress

ERASE = "customers.erase"
LIST = "erased.jsonl"
"""In the workspace folder: numbers of erased customers, so that a restored backup can be cleaned again."""


@transaction.atomic
def erase(*, customer: Customer, by: Actor) -> None:
    """Erase a person: identity fields, identities, addresses, contacts, free text of their log; for good.

    What remains is a number with codes and amounts. Keyed hashes of what named them are kept, so that an import does
    not bring them back. The audit trail says that number so-and-so was erased. A job then wipes what the database still
    has on the disk, and removes exported files. Nothing happens to who is erased already.

    Raises
    ------
    PermissionDenied
        Without the right, or where `by` does not reach the person.
    """
    by.require(ERASE)
    if not visible(by).filter(pk=customer.pk).exists():
        raise PermissionDenied(ERASE)
    if customer.erased_at is not None:
        return
    hashes = wipe(customer)
    audit.record(actor=by, verb="erase", subject_type=SUBJECT, subject_id=customer.pk, details={"hashes": hashes})
    jobs.start(kind="customers.forget", by=by)
    transaction.on_commit(lambda: _remember(customer.pk))


@transaction.atomic
def erase_again() -> int:
    """Erase in a restored workspace whoever had been erased since the backup was made; return how many."""
    path = _list()
    if not path.exists():
        return 0
    numbers = {json.loads(line)["customer"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()}
    back = list(Customer.objects.filter(pk__in=numbers, erased_at=None))
    for customer in back:
        wipe(customer)
    return len(back)


def wipe(customer: Customer) -> int:
    """Empty every table of what tells who `customer` was; return how many hashes stay."""
    _overwrite_deleted()
    hashes = suppress(customer)
    for holding in all_holdings():
        holding.erase(customer.pk)
    for model in (ContactPoint, Contact, Card, Consent, Change, ExternalIdentity):
        model._default_manager.filter(customer=customer).delete()
    Contact.objects.filter(person=customer).delete()
    forget_typed()
    strip(customer)
    Tag.objects.filter(customers=None).delete()  # a tag may have been a name
    customer.erased_at = customer.archived_at = timezone.now()
    customer.version += 1
    customer.save()
    return hashes


def _overwrite_deleted() -> None:
    """Let SQLite overwrite what this transaction deletes; PostgreSQL's vacuum follows in the job."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _list() -> Path:
    return Path(settings.REGULARS_HOME) / LIST


def _remember(customer_id: int) -> None:
    line = json.dumps({"customer": customer_id, "at": timezone.now().isoformat(timespec="seconds")})
    with _list().open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
