"""One timeline of many sources: entries of the log, changes of the record, and what other apps add (orders, tasks).

An app calls `register` in its `shell.py`; its provider takes who asks, so that nothing appears here that the app's own
pages hide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from django.core import signing
from django.core.exceptions import BadRequest
from django.utils.functional import Promise

from regulars.web.core.access import SIGNED_IN
from regulars.web.core.actor import Actor
from regulars.web.journal.models import Entry
from regulars.web.journal.taxonomy import Section

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer

PAGE = 20
SALT = "journal.timeline"

Words = str | Promise
Position = tuple[datetime, int | str]
"""Where a source stands: time and id of its last item shown; the next ones are strictly older (ids descending)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the timeline.

    Parameters
    ----------
    id
        Distinguishes items of the same source and time; later ones are larger.
    title, text
        The line itself and what stands below it.
    who
        The representative, or what made it.
    """

    at: datetime
    id: int | str
    section: Section
    icon: str
    title: Words
    text: Words = ""
    who: Words = ""
    url: str = ""
    chips: Sequence[tuple[str, Words]] = ()
    tone: str = ""
    has_time: bool = True
    entry: Entry | None = None


type Provider = Callable[[Actor, Customer, Position | None, int], Sequence[Item]]
"""Returns the newest items before a position, newest first, at most as many as asked for."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source of items: which sections it may fill, and what one must hold to see them."""

    key: str
    sections: frozenset[Section]
    permission: str
    provide: Provider


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the timeline, newest first, and the key that leads on to older items."""

    items: list[Item]
    older: str | None = None
    totals: Mapping[Section, int] = field(default_factory=dict)


_sources: dict[str, Source] = {}


def register(key: str, sections: Collection[Section], provide: Provider, *, permission: str = SIGNED_IN) -> None:
    """Add a source; the same key replaces."""
    _sources[key] = Source(key, frozenset(sections), permission, provide)


def read(
    actor: Actor, customer: Customer, *, section: Section | None = None, after: str | None = None, size: int = PAGE
) -> Page:
    """Return one page of the timeline that `actor` may see."""
    positions = _read_key(after) if after else {}
    sources = [
        source
        for source in _sources.values()
        if (section is None or section in source.sections)
        and (source.permission == SIGNED_IN or actor.may(source.permission))
    ]
    streams = [_stream(source, actor, customer, section, positions.get(source.key), size) for source in sources]
    merged = list(islice(merge(*streams, key=lambda pair: (pair[1].at, pair[0]), reverse=True), size + 1))
    shown = merged[:size]
    for key, item in shown:
        positions[key] = (item.at, item.id)
    return Page([item for _, item in shown], _write_key(positions) if len(merged) > size else None)


def _stream(
    source: Source, actor: Actor, customer: Customer, section: Section | None, position: Position | None, size: int
) -> list[tuple[str, Item]]:
    """Return up to one page and one item of a source, only those of the wanted section."""
    wanted: list[tuple[str, Item]] = []
    while len(wanted) <= size:
        items = source.provide(actor, customer, position, size + 1)
        wanted += [(source.key, item) for item in items if section is None or item.section == section]
        if len(items) <= size:
            break
        position = (items[-1].at, items[-1].id)
    return wanted


def _write_key(positions: Mapping[str, Position]) -> str:
    """Return the positions as text that only we can have written: providers need not doubt them."""
    plain = {key: [at.isoformat(), item_id] for key, (at, item_id) in positions.items()}
    return signing.dumps(plain, salt=SALT, compress=True)


def _read_key(text: str) -> dict[str, Position]:
    try:
        plain = signing.loads(text, salt=SALT)
    except signing.BadSignature as error:
        raise BadRequest("this key belongs to no timeline") from error
    return {key: (datetime.fromisoformat(at), item_id) for key, (at, item_id) in plain.items()}
