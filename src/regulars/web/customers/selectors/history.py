"""What changed in a record, in words, without what the reader may not see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.customers.fields import sees
from regulars.web.customers.models import Change, Customer
from regulars.web.customers.taxonomy import Channel, ConsentState, Purpose

VERBS: dict[str, Any] = {
    "create": _("Customer added"),
    "update": _("Record changed"),
    "import": _("Record changed by an import"),
    "stage": _("Stage changed"),
    "assign": _("New owner"),
    "merge": _("Two records became one"),
    "archive": _("Put into the archive"),
    "unarchive": _("Taken out of the archive"),
    "consent": _("Consent"),
    "contact": _("Contacts changed"),
    "team": _("Account team changed"),
}
HANGING: dict[str, Any] = {"points": _("numbers and addresses"), "cards": _("cards"), "identities": _("ids")}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change: what was done, by whom, and for each field its name with what stood there before and after."""

    at: datetime
    pk: int
    title: str | Promise
    who: str
    note: str
    fields: tuple[tuple[str, str, str], ...]


def changes(
    actor: Actor, customer: Customer, *, before: tuple[datetime, int] | None = None, limit: int = 20
) -> list[ChangeLine]:
    """Return the newest changes of a record that `actor` may read, strictly before a time and number."""
    rows = Change.objects.filter(customer=customer).select_related("by")
    if before is not None:
        at, pk = before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    found = list(rows[:limit])
    names = _people(found)
    return [_line(actor, change, names) for change in found]


def _line(actor: Actor, change: Change, people: dict[int, str]) -> ChangeLine:
    shown = [(name, pair) for name, pair in change.fields.items() if sees(actor, name)]
    fields = tuple((_label(name), *_said(name, pair, people)) for name, pair in shown)
    title = VERBS.get(change.verb, change.verb)
    return ChangeLine(change.at, change.pk, title, str(change.by or ""), change.note, _consent(change) or fields)


def _consent(change: Change) -> tuple[tuple[str, str, str], ...]:
    """Return a statement about consent as one line: purpose, channel, what was said."""
    if change.verb != "consent":
        return ()
    purpose, channel, state = (change.fields[name][1] for name in ("purpose", "channel", "state"))
    about = [Purpose(purpose).label, *([Channel(channel).label] if channel else [])]
    return ((" · ".join(map(str, about)), "", str(ConsentState(state).label)),)


def _label(name: str) -> str:
    return str(HANGING.get(name) or Customer._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _said(name: str, pair: list[Any] | None, people: dict[int, str]) -> tuple[str, str]:
    if pair is None:
        return "", ""
    if name == "owner":
        before, after = (people.get(value or 0, "") for value in pair)
        return before, after
    words = dict(getattr(Customer._meta.get_field(name), "flatchoices", None) or [])
    before, after = (str(words.get(value, value if value is not None else "")) for value in pair)
    return before, after


def _people(found: list[Change]) -> dict[int, str]:
    ids = {value for change in found for value in change.fields.get("owner") or [] if value}
    return {pk: str(user) for pk, user in get_user_model()._default_manager.in_bulk(ids).items()} if ids else {}
