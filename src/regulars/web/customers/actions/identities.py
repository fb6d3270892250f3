"""Customers by the ids of a source: known ones are recognised, new ones get a number, erased ones stay erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from itertools import batched
from typing import Any

from django.db import transaction

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.core.bulk import insert
from regulars.web.customers.actions.editing import team_of
from regulars.web.customers.actions.trail import SUBJECT
from regulars.web.customers.keys import name_key
from regulars.web.customers.models import Customer, ExternalIdentity, random_id
from regulars.web.customers.suppression import erased, identity_digest
from regulars.web.customers.taxonomy import Dealing, Seniority, SourceChannel

CHUNK = 2_500
BUYER = {"seniority": Seniority.NEW, "dealing": Dealing.CURRENT}
"""Whoever comes with orders has bought; the next valuation knows more."""


@transaction.atomic
def identify(*, source: str, external_ids: Iterable[str], by: Actor) -> dict[str, int]:
    """Return the customer of each id; an id never seen becomes a customer named by it.

    Ids of erased persons give what remains of them: their orders stay under the number they had.
    """
    by.require("customers.write")
    found, created, blank = dict[str, int](), 0, blank_customer(by, **BUYER)
    for part in batched(dict.fromkeys(external_ids), CHUNK):
        known = find_known(source, part)
        missing = [one for one in part if one not in known]
        gone = find_erased(source, missing)
        fresh = {one: new_customer(blank, one) for one in missing if one not in gone}
        add_new(source, fresh)
        created += len(fresh)
        found |= known | gone | {one: customer.pk for one, customer in fresh.items()}
    if created:
        note_import(by, source, created=created)
    return found


def find_known(source: str, external_ids: Iterable[str]) -> dict[str, int]:
    """Return the customers of those ids that are known."""
    rows = ExternalIdentity.objects.filter(source=source, external_id__in=list(external_ids))
    return dict(rows.values_list("external_id", "customer_id"))


def find_erased(source: str, external_ids: Iterable[str]) -> dict[str, int]:
    """Return what remains of the erased persons among these ids."""
    by_digest = {identity_digest(source, one): one for one in external_ids}
    return {by_digest[one]: customer_id for one, customer_id in erased(by_digest).items()}


def blank_customer(by: Actor, **fields: Any) -> Customer:
    """Return what new customers begin as: copying it costs a third of making each of them anew."""
    customer = Customer(source_channel=SourceChannel.IMPORTED, created_by_id=by.user_id, **fields)
    if by.scope != "all":  # whom nobody else reaches yet belongs to who brought them
        customer.owner_id, customer.team_id = by.user_id, team_of(by.user_id)
    return customer


def new_customer(blank: Customer, name: str) -> Customer:
    """Return a new customer of that name, not yet saved."""
    customer = copy(blank)
    customer.pk, customer.name, customer.name_key = random_id(), name, name_key(name)
    return customer


def add_new(source: str, fresh: Mapping[str, Customer]) -> None:
    """Save new customers with their ids at the source."""
    insert(list(fresh.values()))
    insert([ExternalIdentity(source=source, external_id=one, customer=customer) for one, customer in fresh.items()])


def note_import(by: Actor, source: str, **counts: int) -> None:
    """Leave in the trail what came from the source."""
    audit.record(
        actor=by, verb="import", subject_type=SUBJECT, subject_id="", details={"source": source, **counts}
    )  # fmt: skip
