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
_sources: dict[str, Read] = {}


def register(key: str, read: Read) -> None:
    """Let lists called ``key:argument`` be acted on; `read` takes who acts and the argument. The same key replaces."""
    _sources[key] = read


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
    return _sources[key](actor, argument)
