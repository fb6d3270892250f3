"""Whom the ids of a source name, without changing anything: an import looks before it writes. For jobs, not pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import batched

from regulars.web.core.actor import Actor
from regulars.web.customers.models import ExternalIdentity
from regulars.web.customers.selectors.reach import visible
from regulars.web.customers.suppression import erased, identity_digest

CHUNK = 5_000


@dataclass(slots=True)
class Recognised:
    """Ids of a source, by what they stand for."""

    known: dict[str, int] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    """Known, but of customers whom the person does not reach."""
    gone: dict[str, int] = field(default_factory=dict)
    """Of erased persons; what remains of them."""
    new: list[str] = field(default_factory=list)


def recognise(source: str, external_ids: Iterable[str], actor: Actor) -> Recognised:
    """Return what each id stands for, and whether `actor` reaches it."""
    found = Recognised()
    for part in batched(external_ids, CHUNK):
        rows = ExternalIdentity.objects.filter(source=source, external_id__in=part)
        known = dict(rows.values_list("external_id", "customer_id"))
        digests = {identity_digest(source, one): one for one in part if one not in known}
        gone = {digests[digest]: number for digest, number in erased(digests).items()}
        found.known |= known
        found.gone |= gone
        found.new += [one for one in part if one not in known and one not in gone]
    if actor.scope != "all":
        found.foreign = _foreign(found.known, actor)
    return found


def _foreign(known: dict[str, int], actor: Actor) -> set[str]:
    mine: set[int] = set()
    for part in batched(set(known.values()), CHUNK):
        mine.update(visible(actor).filter(pk__in=part).values_list("pk", flat=True))
    return {one for one, number in known.items() if number not in mine}
