"""Lists of other apps that may leave as files: each app says whose customers its own hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

Members = Callable[[str], QuerySet[Any]]
"""From what follows the colon of a list's name to a query of the numbers of its customers, whoever reaches them."""
Points = Callable[[str], Sequence[str]]

_lists: dict[str, tuple[Members, Points]] = {}


def register(key: str, members: Members, points: Points) -> None:
    """Let lists called ``key:argument`` be exported; `points` are the kinds of contact points that they are for."""
    _lists[key] = members, points


def members_of(name: str) -> QuerySet[Any]:
    """Return the numbers of a list's customers; the file holds those whom its reader reaches.

    Raises
    ------
    Http404
        When there is no such list.
    """
    key, _, argument = name.partition(":")
    if key not in _lists:
        raise Http404
    return _lists[key][0](argument)


def points_of(name: str) -> Sequence[str]:
    """Return the kinds of contact points that a list is for."""
    key, _, argument = name.partition(":")
    return _lists[key][1](argument) if key in _lists else ()
