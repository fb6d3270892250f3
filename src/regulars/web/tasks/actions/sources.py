"""Lists of other apps that can be acted on as a whole, however long: each app says how its own are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404

from regulars.web.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Listed:
    """Who is in a list now, what it is called, which kind of list it is (selection or segment), what more is kept."""

    numbers: Sequence[int]
    called: str
    kind: str = "selection"
    subject: Mapping[str, Any] = field(default_factory=dict)


Read = Callable[[Actor, str], Listed]
Name = Callable[[Actor, str], str]
_sources: dict[str, tuple[Read, Name]] = {}


def register(key: str, read: Read, name: Name) -> None:
    """Let lists called ``key:argument`` be acted on; the same key replaces.

    `read` takes who acts and the argument; `name` says what such a list is called without reading it, and raises
    Http404 where there is none.
    """
    _sources[key] = read, name


def read_list(actor: Actor, name: str) -> Listed:
    """Return who is in a list.

    Raises
    ------
    Http404
        When there is no such list, or none that `actor` reaches.
    """
    key, _, argument = name.partition(":")
    if key not in _sources:
        raise Http404
    return _sources[key][0](actor, argument)


def name_of_list(actor: Actor, name: str) -> str:
    """Return what a list is called, without reading it.

    Raises
    ------
    Http404
        When there is no such list, or none that `actor` reaches.
    """
    key, _, argument = name.partition(":")
    if key not in _sources:
        raise Http404
    return _sources[key][1](actor, argument)
