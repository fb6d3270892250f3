"""Finding a customer by name, phone or card. What a person may not read cannot be searched by, either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched, islice
from typing import Any

from django.db.models import Q, QuerySet

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.customers.fields import sees
from regulars.web.customers.keys import SHORTEST_NUMBER, card_key, digits, mail_key, name_key
from regulars.web.customers.models import Card, Contact, ContactPoint, Customer, CustomerQuerySet, ExternalIdentity
from regulars.web.customers.models.ends import backwards
from regulars.web.customers.selectors.reach import one_by_one, visible

MOST = 20
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Match:
    """One customer that was found, and by what: name, contact, phone, email, card or identity."""

    customer: Customer
    by: str


def find(actor: Actor, text: str, *, limit: int = MOST) -> list[Match]:
    """Return the customers that `text` names: by name, people in organisations, phone, e-mail, card or other id.

    Names match anywhere, those that begin with the text first. Phones match by their digits anywhere, four at least.
    A search that finds somebody by a sensitive field leaves a trail.
    """
    text = text.strip()
    within = visible(actor).active()
    found: dict[int, Match] = {}
    for by, ids in _ways(actor, within, text, limit):
        fresh = [customer_id for customer_id in ids if customer_id not in found]
        found |= {row.pk: Match(row, by) for row in _in_order(within, fresh[: limit - len(found)])}
        if len(found) >= limit:
            break
    sensitive = sorted({match.by for match in found.values()} - {"name", "contact"})
    if sensitive:
        audit.record(
            actor=actor, verb="look-up", subject_type="customers.customer", subject_id="",
            details={"by": sensitive, "found": [match.customer.pk for match in found.values()]},
        )  # fmt: skip
    return list(found.values())


def _ways(actor: Actor, within: CustomerQuerySet, text: str, limit: int) -> Iterable[tuple[str, Iterable[int]]]:
    """Yield each way to be found with the ids that it finds; the next way is only asked while there is room.

    Indexes answer first; "anywhere" reads the keys alone, and each id found is then asked whether it is within reach.
    """

    def reached(rows: QuerySet[Any], column: str = "customer_id") -> Iterable[int]:
        return islice(_within(within, rows.values_list(column, flat=True).iterator(CHUNK)), limit)

    number, card = digits(text), card_key(text)
    like_a_number = len(number) >= SHORTEST_NUMBER and len(number) * 2 > len(card)
    if like_a_number and sees(actor, "points"):
        phones = ContactPoint.objects.filter(kind__in=("mobile", "phone")).order_by()
        yield "phone", reached(phones.filter(end__begins=_end(ContactPoint, number), key__endswith=number))
        holding = ContactPoint.objects.filter(key__contains=number).order_by().values_list("pk", flat=True)
        yield "phone", islice(_phones_within(within, holding.iterator(CHUNK)), limit)
    if len(card) >= SHORTEST_NUMBER and sees(actor, "cards"):
        yield "card", reached(Card.objects.filter(end__begins=_end(Card, card), key__endswith=card).order_by())
    if len(text) >= SHORTEST_NUMBER and sees(actor, "identities"):
        yield "identity", reached(ExternalIdentity.objects.filter(external_id=text).order_by())
    if "@" in text and sees(actor, "points"):
        yield "email", reached(ContactPoint.objects.filter(kind="email", key=mail_key(text)).order_by())
    if key := name_key(text):
        for names in (Q(name_key__begins=key), Q(name_key__contains=key)):
            if actor.scope == "own":  # few: their own names are read
                mine = within.filter(names).order_by("name_key", "pk")
                yield "name", mine.values_list("pk", flat=True)[:limit]
            else:
                yield "name", reached(Customer.objects.filter(names).order_by("name_key", "pk"), "pk")
        yield "contact", reached(Contact.objects.filter(name__icontains=text, left_on=None).order_by())


def _end(model: type[ContactPoint | Card], text: str) -> str:
    """Return a number as the model holds it from its end."""
    return backwards(text, model._meta.get_field("end").max_length)


def _within(within: CustomerQuerySet, numbers: Iterable[int]) -> Iterator[int]:
    """Yield those of `numbers` that are among `within`, each once, in their order."""
    seen, each = set[int](), one_by_one(within)
    for part in batched(numbers, CHUNK):
        there = set(each.filter(pk__in=part).values_list("pk", flat=True)) - seen
        seen |= there
        yield from dict.fromkeys(number for number in part if number in there)


def _phones_within(within: CustomerQuerySet, points: Iterable[int]) -> Iterator[int]:
    for part in batched(points, CHUNK):
        phones = ContactPoint.objects.filter(pk__in=part, kind__in=("mobile", "phone")).order_by("pk")
        yield from _within(within, phones.values_list("customer_id", flat=True))


def _in_order(within: CustomerQuerySet, ids: list[int]) -> list[Customer]:
    rows = one_by_one(within).select_related("owner").in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]
