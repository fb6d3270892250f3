"""Finding a customer by name, phone or card. What a person may not read cannot be searched by, either."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.customers.fields import sees
from regulars.web.customers.keys import SHORTEST_NUMBER, card_key, digits, mail_key, name_key
from regulars.web.customers.models import Card, ContactPoint, Customer, CustomerQuerySet, ExternalIdentity
from regulars.web.customers.selectors.reach import visible

MOST = 20


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
    """Yield each way to be found with the ids that it finds; the next way is only asked while there is room."""
    number, card = digits(text), card_key(text)
    like_a_number = len(number) >= SHORTEST_NUMBER and len(number) * 2 > len(card)
    if like_a_number and sees(actor, "points"):
        phones = ContactPoint.objects.filter(kind__in=("mobile", "phone"))
        yield (
            "phone",
            phones.filter(key__endswith=number, customer__in=within).values_list("customer", flat=True)[:limit],
        )
        yield (
            "phone",
            phones.filter(key__contains=number, customer__in=within).values_list("customer", flat=True)[:limit],
        )
    if len(card) >= SHORTEST_NUMBER and sees(actor, "cards"):
        yield (
            "card",
            Card.objects.filter(key__endswith=card, customer__in=within).values_list("customer", flat=True)[:limit],
        )
    if len(text) >= SHORTEST_NUMBER and sees(actor, "identities"):
        same = ExternalIdentity.objects.filter(external_id=text, customer__in=within)
        yield "identity", same.values_list("customer", flat=True)[:limit]
    if "@" in text and sees(actor, "points"):
        mails = ContactPoint.objects.filter(kind="email", key=mail_key(text), customer__in=within)
        yield "email", mails.values_list("customer", flat=True)[:limit]
    if key := name_key(text):
        yield (
            "name",
            within.filter(name_key__startswith=key).order_by("name_key", "pk").values_list("pk", flat=True)[:limit],
        )
        yield (
            "name",
            within.filter(name_key__contains=key).order_by("name_key", "pk").values_list("pk", flat=True)[:limit],
        )
        people = within.filter(contacts__name__icontains=text, contacts__left_on=None)
        yield "contact", people.distinct().values_list("pk", flat=True)[:limit]


def _in_order(within: CustomerQuerySet, ids: list[int]) -> list[Customer]:
    rows = within.select_related("owner").in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]
