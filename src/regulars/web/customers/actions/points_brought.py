"""The phones, addresses and cards that a source brings: those that are not there yet are added."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.web.core.bulk import insert
from regulars.web.customers.actions.customer_rows import CustomerRow
from regulars.web.customers.actions.editing import phone_kind
from regulars.web.customers.keys import SHORTEST_NUMBER, card_key, point_key
from regulars.web.customers.models import Card, ContactPoint
from regulars.web.customers.taxonomy import PointKind


def add_points(rows: Sequence[tuple[CustomerRow, int]], *, new: bool = False) -> set[int]:
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
