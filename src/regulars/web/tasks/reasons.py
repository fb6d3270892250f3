"""Why there is a task: a code and its figures are stored, the sentence is made when somebody reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from regulars.decide import DEFAULT, strategy, strategy_line
from regulars.segment.names import month_name
from regulars.segment.reasons import rhythm_line
from regulars.web.core.words import current_lang, short_day

OF_VALUE = frozenset({"strategy"})
"""Reasons that tell a customer's value: not for who may not read values."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code of `say` and the figures that it needs, as JSON holds them."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what a task stores."""
        return asdict(self)


def say(reason: Reason) -> str:
    """Return the sentence in the language of the moment; empty for a code that this version does not know."""
    sentence = _SENTENCES.get(reason.code)
    return sentence(**reason.values) if sentence else ""


def _visit_drop(now: str, month: str, before: str = "") -> str:
    name = month_name(date.fromisoformat(month))[current_lang()]
    if not before:
        return _("Visit class down to {now} in {month}").format(now=now, month=name)
    return _("Visit class {before}→{now} in {month}").format(before=before, now=now, month=name)


def _late(days: int, usual: float) -> str:
    return rhythm_line(days, usual)[current_lang()]


def _silent(days: int, due: str = "") -> str:
    if not due:
        return _("No order for {days} days").format(days=days)
    return _("No order for {days} days; the next was due on {due}").format(days=days, due=_day(due))


def _first_order(on: str) -> str:
    return _("First order on {on}").format(on=_day(on))


def _lapse(month: str, last: str) -> str:
    name = month_name(date.fromisoformat(month))[current_lang()]
    return _("Nothing bought in {month}; last order on {last}").format(month=name, last=_day(last))


def _strategy(matrix: str) -> str:
    row = {"strategy": strategy(matrix, playbook=DEFAULT).code, "strategy_reason": f"class_{matrix}"}
    return strategy_line(row)[current_lang()]


def _no_order() -> str:
    return _("No order yet")


def _bought_again() -> str:
    return _("They have bought again by themselves")


_SENTENCES: dict[str, Callable[..., str]] = {
    "visit_drop": _visit_drop,
    "late": _late,
    "silent": _silent,
    "first_order": _first_order,
    "lapse": _lapse,
    "strategy": _strategy,
    "no_order": _no_order,
    "bought_again": _bought_again,
}


def _day(text: str) -> str:
    return short_day(date.fromisoformat(text))
