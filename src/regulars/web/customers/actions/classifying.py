"""By time and by business: whoever has orders is classified by them, everybody else as people say."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from regulars.web import audit
from regulars.web.core.actor import NOBODY
from regulars.web.customers.actions.trail import SUBJECT
from regulars.web.customers.models import Classified, Customer
from regulars.web.customers.taxonomy import Dealing, Seniority

NEW_FOR = timedelta(days=90)
CURRENT_FOR = timedelta(days=365)
CHUNK = 2_000


def classify(valuation_id: int) -> int:
    """Set "customer since" and "business" from a valuation's purchases; return how many customers changed.

    New: one purchase, at most 90 days before the valuation date. Established: more, or earlier. Deals now: bought in
    the last 365 days, else past deals. In chunks, so that other writers get their turn; again does nothing.
    """
    if Classified.objects.filter(valuation_id=valuation_id).exists():
        return 0
    buyers = Customer.objects.filter(figures__valuation_id=valuation_id, figures__n_purchases__gte=1)
    columns = (
        "pk",
        "seniority",
        "dealing",
        "figures__n_purchases",
        "figures__last_purchase",
        "figures__valuation__as_of",
    )
    changed, after = 0, 0
    while rows := list(buyers.filter(pk__gt=after).order_by("pk").values_list(*columns)[:CHUNK]):
        changed += _set([row for row in rows if (row[1], row[2]) != classes(*row[3:])])
        after = rows[-1][0]
    _remember(valuation_id, changed)
    return changed


def classes(n_purchases: int, last_purchase: date, as_of: date) -> tuple[str, str]:
    """Return "customer since" and "business" of somebody with these purchases."""
    age = as_of - last_purchase
    seniority = Seniority.NEW if n_purchases == 1 and age <= NEW_FOR else Seniority.ESTABLISHED
    return seniority.value, (Dealing.CURRENT if age <= CURRENT_FOR else Dealing.PAST).value


@transaction.atomic
def _set(rows: list[tuple[int, str, str, int, date, date]]) -> int:
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for pk, _, _, n_purchases, last_purchase, as_of in rows:
        groups[classes(n_purchases, last_purchase, as_of)].append(pk)
    for (seniority, dealing), ids in groups.items():
        Customer.objects.filter(pk__in=ids).update(seniority=seniority, dealing=dealing, changed_at=timezone.now())
    return len(rows)


@transaction.atomic
def _remember(valuation_id: int, changed: int) -> None:
    Classified.objects.update_or_create(pk=1, defaults={"valuation_id": valuation_id})
    if changed:
        audit.record(
            actor=NOBODY, verb="classify", subject_type=SUBJECT, subject_id="",
            details={"valuation": valuation_id, "changed": changed},
        )  # fmt: skip
