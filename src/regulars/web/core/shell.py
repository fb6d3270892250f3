"""What apps show in the shell: entries of the navigation, sections of the home page, answers to a search.

Each app declares its own in its `shell.py`; nothing is shown to whom may not open it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.web.core.access import ANYONE, SIGNED_IN
from regulars.web.core.actor import Actor
from regulars.web.core.request import Request

Words = str | Promise

GROUPS: dict[str, Words] = {
    "": "",
    "value": _("Value"),
    "know": _("Know"),
    "act": _("Act"),
    "prove": _("Prove"),
    "foot": "",
}
SETTINGS = "settings"
"""Group of entries that stand on the page of settings instead of in the navigation."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation. `tab` puts it into the bar at the bottom of a phone, too; `note` says more."""

    key: str
    title: Words
    icon: str
    url: str
    permission: str = SIGNED_IN
    group: str = ""
    order: int = 50
    tab: bool = False
    note: Words = ""
    count: Callable[[Actor], int | None] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One card of the home page. `content` returns the template's context; None leaves the card out."""

    key: str
    template: str
    content: Callable[[Actor], Mapping[str, Any] | None]
    permission: str = SIGNED_IN
    place: str = "main"  # "top" (figures), "main", "side"
    order: int = 50


@dataclass(frozen=True, slots=True)
class Found:
    """One answer of the search."""

    title: Words
    url: str
    icon: str = "file-text"
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Search:
    """One app's answers: `find` takes the actor and the text, and returns a few that this actor may open."""

    key: str
    title: Words
    find: Callable[[Actor, str], Iterable[Found]]
    permission: str = SIGNED_IN
    order: int = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps of a new workspace; the home page shows them until `done` says so of each."""

    key: str
    title: Words
    text: Words
    icon: str
    url: str
    permission: str
    done: Callable[[Actor], bool]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old what one sees is, in the top bar: `state` is ok, warn or bad."""

    text: Words
    state: str = "ok"


_entries: dict[str, Entry] = {}
_sections: dict[str, Section] = {}
_searches: dict[str, Search] = {}
_steps: dict[str, Step] = {}
_freshness: list[Callable[[Actor], Freshness | None]] = []
_quick: list[Entry] = []


def add(*parts: Entry | Section | Search | Step) -> None:
    """Put an app's parts into the shell; the same key replaces."""
    for part in parts:
        if isinstance(part, Entry):
            _entries[part.key] = part
        elif isinstance(part, Section):
            _sections[part.key] = part
        elif isinstance(part, Step):
            _steps[part.key] = part
        else:
            _searches[part.key] = part


def add_freshness(tells: Callable[[Actor], Freshness | None]) -> None:
    """Let `tells` say in the top bar how old the data are."""
    _freshness.append(tells)


def set_quick(entry: Entry) -> None:
    """Put `entry` under the plus in the middle of the phone's bar."""
    _quick[:] = [entry]


def _open_to(actor: Actor, permission: str) -> bool:
    return permission in (ANYONE, SIGNED_IN) or actor.may(permission)


def entries(actor: Actor) -> list[Entry]:
    """Return the navigation of `actor`, in order."""
    mine = [entry for entry in _open_entries(actor) if entry.group != SETTINGS]
    return sorted(mine, key=lambda entry: (list(GROUPS).index(entry.group), entry.order, entry.key))


def settings_entries(actor: Actor) -> list[Entry]:
    """Return what `actor` may set up, in order."""
    mine = [entry for entry in _open_entries(actor) if entry.group == SETTINGS]
    return sorted(mine, key=lambda entry: (entry.order, entry.key))


def _open_entries(actor: Actor) -> list[Entry]:
    return [entry for entry in _entries.values() if _open_to(actor, entry.permission)]


def sections(actor: Actor, place: str) -> list[tuple[Section, Mapping[str, Any]]]:
    """Return the home page's cards at `place` with what they show."""
    mine = [s for s in _sections.values() if s.place == place and _open_to(actor, s.permission)]
    filled = ((s, s.content(actor)) for s in sorted(mine, key=lambda s: (s.order, s.key)))
    return [(section, content) for section, content in filled if content is not None]


def first_steps(actor: Actor) -> list[tuple[Step, bool]]:
    """Return the first steps that are `actor`'s to take and whether each is done; nothing once all are."""
    mine = sorted((s for s in _steps.values() if _open_to(actor, s.permission)), key=lambda s: (s.order, s.key))
    steps = [(step, step.done(actor)) for step in mine]
    return [] if all(done for _, done in steps) else steps


def search(actor: Actor, text: str) -> list[tuple[Search, list[Found]]]:
    """Return what the apps find for `text`, without the empty-handed."""
    mine = [s for s in _searches.values() if _open_to(actor, s.permission)]
    answers = ((s, list(s.find(actor, text))) for s in sorted(mine, key=lambda s: (s.order, s.key)))
    return [(one, found) for one, found in answers if found]


def _navigation(request: Request) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    for entry in entries(request.actor):
        if not groups or groups[-1]["key"] != entry.group:
            groups.append({"key": entry.group, "title": GROUPS[entry.group], "entries": []})
        groups[-1]["entries"].append(_line(entry, request))
    lines = [line for group in groups for line in group["entries"] if line["here"]]
    for line in sorted(lines, key=lambda line: len(line["url"]))[:-1]:  # a page is in the place that names it best
        line["here"] = False
    return groups


def _line(entry: Entry, request: Request) -> dict[str, Any]:
    url = reverse(entry.url)
    here = request.path == url if url == "/" else request.path.startswith(url)
    said = {"key": entry.key, "title": entry.title, "icon": entry.icon, "url": url, "here": here, "count": None}
    return {**said, "count": cache(partial(entry.count, request.actor))} if entry.count else said


def _tabs(request: Request) -> dict[str, Any]:
    """Return the bar at the bottom of a phone: two entries, the plus, one entry; the menu follows."""
    tabs = [_line(entry, request) for entry in entries(request.actor) if entry.tab][:3]
    quick = next((_line(e, request) for e in _quick if _open_to(request.actor, e.permission)), None)
    return {"before": tabs[:2], "quick": quick, "after": tabs[2:]}


def shell(request: Request) -> dict[str, Any]:
    """Give every page its frame. Reckoned when a page shows it, once however often."""
    workspace = getattr(request, "workspace", None)
    if not getattr(request, "actor", None) or request.actor.user_id is None:
        return {"workspace": workspace}
    return {
        "workspace": workspace,
        "actor": request.actor,
        "navigation": cache(lambda: _navigation(request)),
        "tabs": cache(lambda: _tabs(request)),
        "freshness": cache(lambda: next(filter(None, (tells(request.actor) for tells in _freshness)), None)),
    }
