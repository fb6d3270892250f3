"""What fills the timeline: the log's own entries, changes of the record, orders and returns from the lake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.report import formats
from regulars.web.core.actor import Actor
from regulars.web.customers.selectors import ChangeLine, changes
from regulars.web.facts.selectors import Order, orders_of
from regulars.web.journal.models import Entry
from regulars.web.journal.taxonomy import Section, State
from regulars.web.journal.timeline import Item, Position
from regulars.web.journal.wording import text_of, title_of

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer

MOST_PRODUCTS = 4
ONE_SITTING = timedelta(hours=1)


def from_log(actor: Actor, customer: Customer, before: Position | None, limit: int) -> Sequence[Item]:
    """Return entries of the log."""
    rows = Entry.objects.visible_to(actor).filter(customer=customer)
    if before is not None:
        at, pk = before
        rows = rows.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lt=pk))
    rows = rows.select_related("representative", "contact", "about").order_by("-occurred_at", "-pk")
    return [from_entry(entry) for entry in rows[:limit]]


def from_record(actor: Actor, customer: Customer, before: Position | None, limit: int) -> Sequence[Item]:
    """Return changes of the record."""
    position = (before[0], int(before[1])) if before is not None else None
    groups: list[list[ChangeLine]] = []
    while len(groups) <= limit:
        lines = changes(actor, customer, before=position, limit=limit)
        for line in lines:
            if groups and _together(groups[-1][-1], line):
                groups[-1].append(line)
            else:
                groups.append([line])
        if len(lines) < limit:
            break
        position = (lines[-1].at, lines[-1].pk)
    return [_change(group) for group in groups[:limit]]


def from_orders(actor: Actor, customer: Customer, before: Position | None, limit: int) -> Sequence[Item]:
    """Return orders and returns: by business day, the day's last first."""
    until = timezone.localdate(before[0]) if before is not None else None
    found: list[Item] = []
    # Orders of the last day shown come again; as many as they are, that many more are read.
    for more in (limit, limit * 5, limit * 25):
        orders = orders_of(actor, customer, until=until, limit=more)
        found = [item for item in map(_order, orders) if before is None or (item.at, item.id) < before]
        if len(found) >= limit or len(orders) < more:
            break
    return sorted(found, key=lambda item: (item.at, str(item.id)), reverse=True)[:limit]


def from_entry(entry: Entry) -> Item:
    """Return an entry as a line of the timeline."""
    chips: list[tuple[str, str]] = []
    if entry.state:
        late = {State.OPEN: "warn", State.DONE: "ok"}
        chips.append((late.get(State(entry.state), ""), str(entry.get_state_display())))
    if entry.topic:
        chips.append(("", str(entry.get_topic_display())))
    who = str(entry.representative)
    return Item(
        at=entry.occurred_at,
        id=entry.pk,
        section=entry.section,
        icon=entry.icon,
        title=title_of(entry),
        text=text_of(entry),
        who=f"{who} ← {entry.contact}" if entry.contact else who,
        chips=chips,
        tone="bad" if entry.kind == "complaint" else "",
        entry=entry,
    )


def _together(later: ChangeLine, line: ChangeLine) -> bool:
    """Return whether two changes are one piece of work: the same kind by the same person within the hour."""
    return (later.title, later.who) == (line.title, line.who) and later.at - line.at < ONE_SITTING


def _change(group: list[ChangeLine]) -> Item:
    """Return changes made in one sitting as one line, which stands where the oldest of them stands."""
    oldest = group[-1]
    said = dict.fromkeys(text for line in group for text in (_fields(line), line.note) if text)
    return Item(
        at=oldest.at,
        id=oldest.pk,
        section=Section.RECORD,
        icon="history",
        title=oldest.title,
        text="\n".join(said),
        who=oldest.who,
    )


def _fields(line: ChangeLine) -> str:
    return pgettext("list", "; ").join(_field(*one) for one in line.fields)


def _field(name: str, before: str, after: str) -> str:
    if before and after:
        return _("%(name)s: %(before)s → %(after)s") % {"name": name, "before": before, "after": after}
    if before or after:
        return _("%(name)s: %(value)s") % {"name": name, "value": after or _("nothing")}
    return name


def _order(order: Order) -> Item:
    returned = order.kind == "return"
    amount = formats.full(float(order.net_amount), order.currency)
    title = _("Return %(number)s · %(amount)s") if returned else _("Order %(number)s · %(amount)s")
    return Item(
        at=timezone.make_aware(datetime.combine(order.business_date, time.max)),
        id="\0".join((order.source, order.order_id, order.kind)),  # sorts as the orders are read
        section=Section.RETURNS if returned else Section.ORDERS,
        icon="truck-return" if returned else "package",
        title=title % {"number": order.order_id, "amount": amount},
        text=_products(order),
        who=order.store or order.source,
        tone="" if returned else "ok",
        has_time=False,
    )


def _products(order: Order) -> str:
    lines = [line for line in order.lines if line.is_product]
    names = [
        f"{line.product_name or line.product_id or line.category or '–'} × {abs(line.quantity).normalize():f}"
        for line in lines
    ]
    text = pgettext("list", ", ").join(names[:MOST_PRODUCTS])
    more = len(names) - MOST_PRODUCTS
    return text if more <= 0 else _("%(products)s and %(n)d more") % {"products": text, "n": more}
