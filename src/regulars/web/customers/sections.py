"""The customer page's regions: apps register what they show there, the page asks nobody in particular.

An app calls `register` in its `shell.py`. `render` takes the request and the customer and returns HTML; nothing (None
or an empty text) leaves the section out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from regulars.web.core.access import SIGNED_IN
from regulars.web.core.request import Request
from regulars.web.customers.models import Customer

Place = Literal["chips", "acts", "lead", "main", "side"]
"""Chips beside the name, buttons at the right of it, the line under the head, the wide and the narrow column."""

Render = Callable[[Request, Customer], SafeString | None]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the customer page."""

    key: str
    order: int
    permission: str
    render: Render
    place: Place
    style: str = ""


_sections: dict[str, Section] = {}


def register(key: str, order: int, permission: str, render: Render, *, place: Place = "main", style: str = "") -> None:
    """Add a section; the same key replaces. It is shown to who holds `permission`.

    Parameters
    ----------
    style
        The section's own static style sheet, such as ``journal/journal.css``.
    """
    _sections[key] = Section(key, order, permission, render, place, style)


def styles() -> list[str]:
    """Return the style sheets that the sections need."""
    return sorted({section.style for section in _sections.values() if section.style})


def rendered(request: Request, customer: Customer, place: Place) -> list[tuple[str, SafeString]]:
    """Return the sections at `place` that the person may see and that have something to say, in order."""
    mine = [
        section
        for section in _sections.values()
        if section.place == place and (section.permission == SIGNED_IN or request.actor.may(section.permission))
    ]
    texts = ((s.key, s.render(request, customer)) for s in sorted(mine, key=lambda s: (s.order, s.key)))
    return [(key, text) for key, text in texts if text]
