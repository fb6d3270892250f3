"""What the lake is told of customers: surrogate ids and codes, nothing that names anybody. For jobs, not for pages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched
from typing import Any

from regulars.web.customers.models import Customer

CHUNK = 10_000
CODES = ("partner", "seniority", "dealing", "stage")
"""Coded attributes without a column of their own in the lake."""
_PLAIN = ("kind", "nature", "source_channel", "acquired_on", "region", "store", "owner_id")


def coded_rows() -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of the lake's `customers`, in chunks; records that were merged into others are left out."""
    found = Customer.objects.filter(merged_into=None).order_by("pk").values("pk", *_PLAIN, *CODES)
    for part in batched(found.iterator(chunk_size=CHUNK), CHUNK):
        yield [_row(one) for one in part]


def merged_numbers() -> dict[int, int]:
    """Return the number of every record that was merged into another, with the number that it counts under now."""
    gone = Customer.objects.exclude(merged_into=None)
    return {old: kept for old, kept in gone.values_list("pk", "merged_into_id") if kept is not None}


def numbers_of(customer_id: int) -> list[int]:
    """Return the numbers under which the lake knows a customer: their own, and those of records merged into it."""
    return [customer_id, *Customer.objects.filter(merged_into_id=customer_id).values_list("pk", flat=True)]


def _row(found: dict[str, Any]) -> dict[str, Any]:
    attributes = [f"{name}={found[name]}" for name in CODES if found[name]]
    return {"customer_id": found["pk"], **{name: found[name] or None for name in _PLAIN}, "attributes": attributes}
