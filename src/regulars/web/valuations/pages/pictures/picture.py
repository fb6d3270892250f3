"""What every picture is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from regulars.report.formats import words
from regulars.web.core.words import current_lang
from regulars.web.valuations.pages.figures import Shown
from regulars.words import T


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with something to show.

    Parameters
    ----------
    kind
        The chart's builder.
    head, rows
        The same figures as a table; cells may be links.
    left
        Columns of text, beside the first.
    """

    finding: str
    kind: str
    data: Any
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    size: str = ""
    notes: Sequence[str] = ()
    left: Sequence[int] = ()
    more: str = ""
    links: Sequence[tuple[str, str]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Picture:
    """One page of value: `draw` returns None, or why, where the data do not carry it; `says` its finding alone."""

    key: str
    title: str | Promise
    icon: str
    definition: str | Promise
    draw: Callable[[Shown], Drawn | str]
    says: Callable[[Shown], str]


def said(text: T | None) -> str:
    """Return a sentence of the report in the language of the moment; empty where there is none."""
    return text[current_lang()] if text else ""


def why_not(shown: Shown) -> str:
    """Return why the valuation has no value to come; empty where it has."""
    reason = shown.figures.get("not_enough")
    return words(reason)[current_lang()] if reason else ""
