"""Customers from a source of data with what it knows about them: new ones are made, known ones brought up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from regulars.web.core.actor import Actor
from regulars.web.core.bulk import insert, update
from regulars.web.customers.actions.customer_rows import POINTS, CustomerRow, Imported
from regulars.web.customers.actions.editing import EDITABLE
from regulars.web.customers.actions.identities import (
    CHUNK,
    add_new,
    blank_customer,
    find_erased,
    find_known,
    new_customer,
    note_import,
)
from regulars.web.customers.actions.points_brought import add_points
from regulars.web.customers.fields import sees
from regulars.web.customers.keys import name_key
from regulars.web.customers.models import Change, Customer
from regulars.web.customers.selectors.reach import visible
from regulars.web.customers.suppression import add as suppress_also
from regulars.web.customers.suppression import erased, identity_digest, naming_digests
from regulars.web.customers.taxonomy import Kind, Nature

NAMES = {field.name for field in Customer._meta.fields}


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
    note_import(by, source, created=done.created, updated=done.updated)
    return done


def _take(source: str, rows: Mapping[str, CustomerRow], by: Actor, done: Imported) -> None:
    _allowed(rows.values(), by)
    known = find_known(source, rows)
    gone = _gone(source, [row for row in rows.values() if row.external_id not in known])
    done.erased += len(gone)
    mine = visible(by).in_bulk(set(known.values()))
    blank, fresh = blank_customer(by), dict[str, Customer]()
    old: list[tuple[CustomerRow, Customer]] = []
    before: dict[int, dict[str, Any]] = {}
    for external_id, row in rows.items():
        if external_id in gone:
            continue
        customer = mine.get(known[external_id]) if external_id in known else new_customer(blank, external_id)
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
    add_new(source, fresh)
    done.created += len(fresh)
    changed = _save({customer.pk: customer for _, customer in old}, before, by)
    changed |= add_points([(row, customer.pk) for row, customer in old])
    add_points([(rows[external_id], customer.pk) for external_id, customer in fresh.items()], new=True)
    done.updated += len(changed)
    done.same += len(old) - len(changed)


def _allowed(rows: Iterable[CustomerRow], by: Actor) -> None:
    brought = {name for row in rows for name in row.fields}
    brought |= {where for row in rows for name, where in POINTS.items() if getattr(row, name)}
    if unknown := brought - {*EDITABLE, *POINTS.values()}:
        raise ValueError(f"customers have no {', '.join(sorted(unknown))} to import")
    if hidden := [name for name in sorted(brought) if not sees(by, name)]:
        raise PermissionDenied(f"customers.write {', '.join(hidden)}")


def _gone(source: str, rows: Sequence[CustomerRow]) -> dict[str, int]:
    """Return which of these unknown rows are erased persons, by their id or by what else names them."""
    gone = find_erased(source, [row.external_id for row in rows])
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
