"""Keyed hashes of what named a person. Without the key, which lies outside of the database, they say nothing."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from django.conf import settings

from regulars.web.customers.keys import card_key, point_key
from regulars.web.customers.models import Card, ContactPoint, Customer, ExternalIdentity, Suppression
from regulars.web.customers.taxonomy import PointKind

CHUNK = 500
NAMING = (PointKind.MOBILE, PointKind.EMAIL, PointKind.WECHAT)
"""Addresses that are one person's own; a landline or a street is shared."""


def digest(kind: str, key: str) -> str:
    """Return the hash of one naming detail: `kind` keeps a card apart from a phone with the same digits."""
    return hmac.digest(settings.SUPPRESSION_KEY.encode(), f"{kind}\x1f{key}".encode(), "sha256").hex()


def identity_digest(source: str, external_id: str) -> str:
    """Return the hash of a customer's id in a source of data."""
    return digest(f"identity\x1f{source}", external_id)


def naming_digests(*, phone: str = "", email: str = "", card: str = "", id_number: str = "") -> set[str]:
    """Return the hashes of what a row of data names a person by."""
    parts = (
        (PointKind.MOBILE, point_key(PointKind.MOBILE, phone)),
        (PointKind.EMAIL, point_key(PointKind.EMAIL, email)),
        ("card", card_key(card)),
        ("id_number", card_key(id_number)),
    )
    return {digest(kind, key) for kind, key in parts if key}


def suppress(customer: Customer) -> int:
    """Keep the hashes of everything that names `customer`; return how many."""
    found = naming_digests(id_number=customer.id_number)
    points = ContactPoint.objects.filter(customer=customer, contact=None, kind__in=NAMING)
    found |= {digest(kind, key) for kind, key in points.values_list("kind", "key")}
    found |= {digest("card", key) for key in Card.objects.filter(customer=customer).values_list("key", flat=True)}
    known = ExternalIdentity.objects.filter(customer=customer).values_list("source", "external_id")
    found |= {identity_digest(source, external_id) for source, external_id in known}
    add(found, customer.pk)
    return len(found)


def add(digests: Iterable[str], customer_id: int) -> None:
    """Keep hashes of an erased person."""
    rows = [Suppression(digest=one, customer_id=customer_id) for one in sorted(digests)]
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)


def erased(digests: Iterable[str]) -> dict[str, int]:
    """Return which of these hashes belong to erased persons: hash → what remains of them."""
    wanted, found = sorted(set(digests)), dict[str, int]()
    if len(wanted) > CHUNK:  # most workspaces have erased fewer people than an import asks for
        some = dict(Suppression.objects.values_list("digest", "customer_id")[: CHUNK + 1])
        if len(some) <= CHUNK:
            return {one: some[one] for one in wanted if one in some}
    for start in range(0, len(wanted), CHUNK):
        part = Suppression.objects.filter(digest__in=wanted[start : start + CHUNK])
        found |= dict(part.values_list("digest", "customer_id"))
    return found
