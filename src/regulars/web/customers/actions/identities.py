"""Customers from a source of data: known ones are recognised, new ones get a number, erased ones stay erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.core.bulk import insert, update
from regulars.web.customers.actions.editing import EDITABLE, phone_kind, team_of
from regulars.web.customers.actions.trail import SUBJECT
from regulars.web.customers.fields import sees
from regulars.web.customers.keys import SHORTEST_NUMBER, card_key, name_key, point_key
from regulars.web.customers.models import Card, Change, ContactPoint, Customer, ExternalIdentity, random_id
from regulars.web.customers.selectors.reach import visible
from regulars.web.customers.suppression import add as suppress_also
from regulars.web.customers.suppression import erased, identity_digest, naming_digests
from regulars.web.customers.taxonomy import Dealing, Kind, Nature, PointKind, Seniority, SourceChannel

CHUNK = 2_500
NAMES = {field.name for field in Customer._meta.fields}
BUYER = {"seniority": Seniority.NEW, "dealing": Dealing.CURRENT}
"""Whoever comes with orders has bought; the next valuation knows more."""
POINTS = {"phone": "points", "email": "points", "address": "points", "card": "cards"}
"""What a row may bring beside the customer's own fields, and where it belongs."""


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer of a source: their id there, and what is known about them. What is not named stays as it is."""

    external_id: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    phone: str = ""
    email: str = ""
    address: str = ""
    card: str = ""


@dataclass(slots=True)
class Imported:
    """What came of the rows of a source."""

    created: int = 0
    updated: int = 0
    same: int = 0
    erased: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    """External id → why: ``not_yours`` or the name of a field that cannot be read."""


@transaction.atomic
def identify(*, source: str, external_ids: Iterable[str], by: Actor) -> dict[str, int]:
    """Return the customer of each id; an id never seen becomes a customer named by it.

    Ids of erased persons give what remains of them: their orders stay under the number they had.
    """
    by.require("customers.write")
    found, created, blank = dict[str, int](), 0, _blank(by, **BUYER)
    for part in batched(dict.fromkeys(external_ids), CHUNK):
        known = _known(source, part)
        missing = [one for one in part if one not in known]
        gone = _erased(source, missing)
        fresh = {one: _new(blank, one) for one in missing if one not in gone}
        _add(source, fresh)
        created += len(fresh)
        found |= known | gone | {one: customer.pk for one, customer in fresh.items()}
    if created:
        _trail(by, source, created=created)
    return found


@transaction.atomic
def take_in(*, source: str, rows: Iterable[CustomerRow], by: Actor) -> Imported:
    """Create and update customers from a source; the same rows twice change nothing.

    Raises
    ------
    PermissionDenied
        Without the right, or when the rows bring a sensitive field that `by` may not read.
    """
    by.require("customers.write")
    done = Imported()
    for part in batched(rows, CHUNK):
        _take(source, {row.external_id: row for row in part}, by, done)
    _trail(by, source, created=done.created, updated=done.updated)
    return done


def _take(source: str, rows: Mapping[str, CustomerRow], by: Actor, done: Imported) -> None:
    _allowed(rows.values(), by)
    known = _known(source, rows)
    gone = _gone(source, [row for row in rows.values() if row.external_id not in known])
    done.erased += len(gone)
    mine = visible(by).in_bulk(set(known.values()))
    blank, fresh = _blank(by), dict[str, Customer]()
    old: list[tuple[CustomerRow, Customer]] = []
    before: dict[int, dict[str, Any]] = {}
    for external_id, row in rows.items():
        if external_id in gone:
            continue
        customer = mine.get(known[external_id]) if external_id in known else _new(blank, external_id)
        if customer is None:
            done.refused[external_id] = "not_yours"
            continue
        was = {name: getattr(customer, name) for name in row.fields}
        if wrong := _put(customer, row.fields):
            done.refused[external_id] = wrong
        elif external_id in known:
            old.append((row, customer))
            before[customer.pk] = was | before.get(customer.pk, {})  # several ids may name one customer
        else:
            fresh[external_id] = customer
    _add(source, fresh)
    done.created += len(fresh)
    changed = _save({customer.pk: customer for _, customer in old}, before, by)
    changed |= _reach([(row, customer.pk) for row, customer in old])
    _reach([(rows[external_id], customer.pk) for external_id, customer in fresh.items()], new=True)
    done.updated += len(changed)
    done.same += len(old) - len(changed)


def _allowed(rows: Iterable[CustomerRow], by: Actor) -> None:
    brought = {name for row in rows for name in row.fields}
    brought |= {where for row in rows for name, where in POINTS.items() if getattr(row, name)}
    if unknown := brought - {*EDITABLE, *POINTS.values()}:
        raise ValueError(f"customers have no {', '.join(sorted(unknown))} to import")
    if hidden := [name for name in sorted(brought) if not sees(by, name)]:
        raise PermissionDenied(f"customers.write {', '.join(hidden)}")


def _known(source: str, external_ids: Iterable[str]) -> dict[str, int]:
    rows = ExternalIdentity.objects.filter(source=source, external_id__in=list(external_ids))
    return dict(rows.values_list("external_id", "customer_id"))


def _erased(source: str, external_ids: Iterable[str]) -> dict[str, int]:
    by_digest = {identity_digest(source, one): one for one in external_ids}
    return {by_digest[one]: customer_id for one, customer_id in erased(by_digest).items()}


def _gone(source: str, rows: Sequence[CustomerRow]) -> dict[str, int]:
    """Return which of these unknown rows are erased persons, by their id or by what else names them."""
    gone = _erased(source, [row.external_id for row in rows])
    names = {
        row.external_id: naming_digests(
            phone=row.phone, email=row.email, card=row.card, id_number=str(row.fields.get("id_number") or "")
        )
        for row in rows
        if row.external_id not in gone
    }
    suppressed = erased({one for digests in names.values() for one in digests})
    for external_id, digests in names.items():
        if hit := next((suppressed[one] for one in sorted(digests) if one in suppressed), None):
            gone[external_id] = hit
            suppress_also([identity_digest(source, external_id)], hit)
    return gone


def _blank(by: Actor, **fields: Any) -> Customer:
    """Return what new customers begin as: copying it costs a third of making each of them anew."""
    customer = Customer(source_channel=SourceChannel.IMPORTED, created_by_id=by.user_id, **fields)
    if by.scope != "all":  # whom nobody else reaches yet belongs to who brought them
        customer.owner_id, customer.team_id = by.user_id, team_of(by.user_id)
    return customer


def _new(blank: Customer, name: str) -> Customer:
    customer = copy(blank)
    customer.pk, customer.name, customer.name_key = random_id(), name, name_key(name)
    return customer


def _put(customer: Customer, fields: Mapping[str, Any]) -> str:
    """Set the fields; return the name of one that cannot be as it is."""
    for name, value in fields.items():
        setattr(customer, name, value.strip() if isinstance(value, str) else value)
    if not customer.nature and customer.kind == Kind.PERSON:
        customer.nature = Nature.INDIVIDUAL
    try:
        customer.clean_fields(exclude=NAMES - fields.keys())
    except ValidationError as error:
        return next(iter(error.message_dict))
    customer.name_key = name_key(customer.name)
    return ""


def _add(source: str, fresh: Mapping[str, Customer]) -> None:
    insert(list(fresh.values()))
    insert([ExternalIdentity(source=source, external_id=one, customer=customer) for one, customer in fresh.items()])


def _save(found: Mapping[int, Customer], before: Mapping[int, Mapping[str, Any]], by: Actor) -> set[int]:
    """Save what differs from what was there before and note it; return whose record changed."""
    differs = {
        pk: [name for name, value in was.items() if getattr(found[pk], name) != value] for pk, was in before.items()
    }
    changed = [found[pk] for pk, names in differs.items() if names]
    for customer in changed:
        customer.version, customer.changed_at = customer.version + 1, timezone.now()
    update(changed, sorted({"name_key", "version", "changed_at"}.union(*differs.values())))
    insert(
        [
            Change(customer=one, by_id=by.user_id, verb="import", fields=dict.fromkeys(differs[one.pk]))
            for one in changed
        ]
    )
    return {customer.pk for customer in changed}


def _reach(rows: Sequence[tuple[CustomerRow, int]], *, new: bool = False) -> set[int]:
    """Add the phones, addresses and cards that are not there yet; return whose record changed.

    Nothing is looked up of customers who are `new` themselves.
    """
    wanted = {
        (pk, kind, point_key(kind, value)): value
        for row, pk in rows
        for kind, value in (
            (phone_kind(row.phone), row.phone),
            (PointKind.EMAIL, row.email),
            (PointKind.ADDRESS, row.address),
        )
        if value.strip()
    }
    there = ContactPoint.objects.filter(customer__in=[] if new else [pk for _, pk in rows], contact=None)
    missing = {key: wanted[key] for key in wanted.keys() - set(there.values_list("customer_id", "kind", "key"))}
    insert(
        [
            ContactPoint(customer_id=pk, kind=kind, value=value.strip()[:300], key=key)
            for (pk, kind, key), value in sorted(missing.items())
        ]
    )
    return {pk for pk, _, _ in missing} | _cards(rows)


def _cards(rows: Sequence[tuple[CustomerRow, int]]) -> set[int]:
    wanted = {card_key(row.card): (pk, row.card) for row, pk in rows if len(card_key(row.card)) >= SHORTEST_NUMBER}
    taken = set(Card.objects.filter(key__in=wanted).values_list("key", flat=True))
    fresh = [
        Card(customer_id=pk, number=card.strip()[:60], key=key)
        for key, (pk, card) in wanted.items()
        if key not in taken
    ]
    insert(fresh)
    return {card.customer_id for card in fresh}


def _trail(by: Actor, source: str, **counts: int) -> None:
    audit.record(
        actor=by, verb="import", subject_type=SUBJECT, subject_id="", details={"source": source, **counts}
    )  # fmt: skip
