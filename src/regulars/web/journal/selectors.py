"""Reads of the log. The first argument is who asks."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from regulars.web.core.actor import Actor
from regulars.web.customers.selectors import visible
from regulars.web.journal.models import Entry, EntryQuerySet
from regulars.web.journal.taxonomy import SECTION_OF, Kind, Section, State, Topic
from regulars.web.journal.timeline import Page, read

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer

__all__ = ["entries", "log", "market", "open_promises", "pinned", "recent_customers", "timeline", "waiting"]


def timeline(actor: Actor, customer: Customer, *, section: Section | None = None, after: str | None = None) -> Page:
    """Return one page of a customer's timeline: the log with what other apps add to it."""
    return read(actor, customer, section=section, after=after)


def entries(actor: Actor) -> EntryQuerySet:
    """Return the entries that `actor` may read."""
    return Entry.objects.visible_to(actor)


def pinned(actor: Actor, customer: Customer) -> QuerySet[Entry]:
    """Return what stands at the head of a customer's log: open promises and complaints by due date, then pins."""
    head = entries(actor).filter(customer=customer).filter(Q(state=State.OPEN) | Q(pinned=True))
    return head.select_related("representative").order_by("due_on", "occurred_at", "pk")


def open_promises(actor: Actor, *, user_id: int | None = None) -> EntryQuerySet:
    """Return promises that wait to be kept; those to the customers of one colleague, if one is named."""
    found = entries(actor).filter(kind=Kind.PROMISE, state=State.OPEN)
    return found if user_id is None else found.filter(customer__owner_id=user_id)


def log(
    actor: Actor,
    *,
    section: str = "",
    kind: str = "",
    text: str = "",
    user_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> EntryQuerySet:
    """Return the entries of all customers that `actor` reaches, narrowed down."""
    found = entries(actor).select_related("customer", "representative", "contact")
    if section:
        found = found.filter(kind__in=[kind for kind, ledger in SECTION_OF.items() if ledger == section])
    if kind:
        found = found.filter(kind=kind)
    if user_id is not None:
        found = found.filter(representative_id=user_id)
    if since is not None:
        found = found.filter(occurred_at__gte=since)
    if until is not None:
        found = found.filter(occurred_at__lt=until)
    for word in text.split():
        of_customer = Q(customer__in=visible(actor).named(word))
        found = found.filter(
            Q(summary__icontains=word) | Q(event__icontains=word) | Q(resolution__icontains=word) | of_customer
        )
    return found


def waiting(actor: Actor) -> QuerySet[Entry]:
    """Return open promises and complaints that are the person's own business: theirs, or of customers they own."""
    mine = Q(representative_id=actor.user_id) | Q(customer__owner_id=actor.user_id)
    found = entries(actor).filter(mine, state=State.OPEN).select_related("customer", "representative")
    return found.order_by(F("due_on").asc(nulls_last=True), "occurred_at", "pk")


def recent_customers(actor: Actor, *, limit: int) -> list[Customer]:
    """Return the customers that the person wrote about last, then others of theirs."""
    written = Entry.objects.filter(author_id=actor.user_id).order_by("-pk").values_list("customer_id", flat=True)
    ids = list(dict.fromkeys(written[: limit * 10]))
    mine = visible(actor).active()
    found = mine.in_bulk(ids)
    recent = [found[pk] for pk in ids if pk in found][:limit]
    others = mine.filter(owner_id=actor.user_id).exclude(pk__in=[one.pk for one in recent])
    return [*recent, *others.order_by("-changed_at", "pk")[: limit - len(recent)]]


def market(actor: Actor, *, months: int = 6) -> tuple[list[date], list[tuple[str, list[int], int]]]:
    """Return what was heard on the market: the months, newest first; for each topic its entries a month, and in all."""
    news = entries(actor).filter(kind=Kind.MARKET)
    first = month_back(timezone.localdate(), months - 1)
    counted = (
        news.filter(occurred_at__gte=timezone.make_aware(datetime(first.year, first.month, 1)))
        .annotate(month=TruncMonth("occurred_at"))
        .order_by()
        .values_list("topic", "month")
        .annotate(n=Count("pk"))
    )
    table: dict[str, dict[tuple[int, int], int]] = {}
    for topic, month, n in counted:
        table.setdefault(topic, {})[month.year, month.month] = n
    columns = [month_back(timezone.localdate(), back) for back in range(months)]
    rows = [
        (str(Topic(topic).label) if topic else "", [counts.get((one.year, one.month), 0) for one in columns])
        for topic, counts in table.items()
    ]
    return columns, sorted(((topic, counts, sum(counts)) for topic, counts in rows), key=lambda row: (-row[2], row[0]))


def month_back(day: date, months: int) -> date:
    """Return the first day of the month that lies `months` before the one of `day`."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
