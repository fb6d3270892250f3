"""Whom a new customer might already be. Only those are named whom the person may see, by what they may read."""

from __future__ import annotations

from regulars.web.core.actor import Actor
from regulars.web.customers.fields import sees
from regulars.web.customers.keys import SHORTEST_NUMBER, card_key, digits, mail_key, name_key
from regulars.web.customers.models import Customer
from regulars.web.customers.selectors.lookup import Match
from regulars.web.customers.selectors.reach import visible
from regulars.web.customers.suppression import erased, naming_digests

MOST = 5


def duplicates(
    actor: Actor, *, name: str = "", phone: str = "", email: str = "", card: str = "", but: Customer | None = None
) -> list[Match]:
    """Return customers with the same phone, e-mail, card or name, the surest first."""
    within = visible(actor).filter(erased_at=None)
    if but is not None:
        within = within.exclude(pk=but.pk)
    ways = []
    if sees(actor, "cards") and card_key(card):
        ways.append(("card", within.filter(cards__key=card_key(card))))
    if sees(actor, "points") and len(digits(phone)) >= SHORTEST_NUMBER:
        ways.append(("phone", within.filter(points__key=digits(phone))))
    if sees(actor, "points") and email.strip():
        ways.append(("email", within.filter(points__kind="email", points__key=mail_key(email))))
    if name_key(name):
        ways.append(("name", within.filter(name_key=name_key(name))))
    found: dict[int, Match] = {}
    for by, rows in ways:
        for row in rows.select_related("owner").distinct()[:MOST]:
            found.setdefault(row.pk, Match(row, by))
    return list(found.values())[:MOST]


def was_erased(actor: Actor, *, phone: str = "", email: str = "", card: str = "") -> bool:
    """Return whether somebody with this phone, e-mail or card asked to be erased; told to who may read such fields."""
    if not (sees(actor, "points") and sees(actor, "cards")):
        return False
    return bool(erased(naming_digests(phone=phone, email=email, card=card)))
