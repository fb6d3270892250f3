"""Conditions in people's words: what a chip, a view or a segment says that it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from regulars.report import formats
from regulars.segment.names import MATRIX_CLASSES, TIER_NAMES, TIERS, VISIT_CLASSES, matrix_name
from regulars.web.accounts.selectors import colleagues, teams
from regulars.web.core.actor import Actor
from regulars.web.core.words import current_lang, short_day
from regulars.web.customers.taxonomy import Dealing, Kind, Nature, Partner, Seniority, SourceChannel, Stage
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.parameters import PARAMETERS, Parameter

TAXONOMY: dict[str, Any] = {
    "stage": Stage, "kind": Kind, "seniority": Seniority, "dealing": Dealing, "nature": Nature, "partner": Partner,
    "source_channel": SourceChannel,
}  # fmt: skip

MOST_OWNERS = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One condition in words, and the conditions without it."""

    key: str
    title: str | Promise
    text: str
    rest: Conditions


def said(conditions: Conditions, actor: Actor) -> list[Said]:
    """Return what the conditions ask for, in the grammar's order; people and teams by their names."""
    return [
        Said(key, PARAMETERS[key].title, words(PARAMETERS[key], text, actor), conditions.without(key))
        for key, text in conditions.texts.items()
    ]


def sentence(conditions: Conditions, actor: Actor) -> str:
    """Return the conditions in one line; everybody where there are none."""
    comma = pgettext("list", "; ")
    parts = [_("%(what)s: %(text)s") % {"what": one.title, "text": one.text} for one in said(conditions, actor)]
    return comma.join(parts) or _("Every customer")


def choices(key: str, actor: Actor) -> list[tuple[str, str]]:
    """Return what can be chosen for a condition: value and words; empty where anything can be typed."""
    if key in TAXONOMY:
        return [(str(value), str(label)) for value, label in TAXONOMY[key].choices]
    return _CHOICES[key](actor) if key in _CHOICES else []


def _owners(actor: Actor) -> list[tuple[str, str]]:
    people = [(str(user.pk), str(user)) for user in colleagues(actor).exclude(pk=actor.user_id or 0)[:MOST_OWNERS]]
    return [("me", _("Me")), ("none", _("Nobody")), *people]


def _teams(actor: Actor) -> list[tuple[str, str]]:
    return [*((str(team.pk), str(team)) for team in teams(actor)), ("none", _("No team"))]


def _classes(actor: Actor) -> list[tuple[str, str]]:
    return [(one, matrix_name(one)[current_lang()]) for one in MATRIX_CLASSES] + [("none", _("Too new"))]


def _yes_or_no(actor: Actor) -> list[tuple[str, str]]:
    return [("1", _("Yes")), ("0", _("No"))]


_CHOICES: dict[str, Callable[[Actor], list[tuple[str, str]]]] = {
    "owner": _owners,
    "team": _teams,
    "matrix": _classes,
    "tier": lambda _actor: [(one, TIER_NAMES[one][current_lang()]) for one in TIERS],
    "visit_class": lambda _actor: [(one, one) for one in VISIT_CLASSES],
    "visit_change": lambda _actor: [("down", _("down")), ("up", _("up")), ("same", _("same"))],
    "at_risk": _yes_or_no,
    "archived": _yes_or_no,
}


def words(parameter: Parameter, text: str, actor: Actor) -> str:
    """Return what one condition asks for."""
    known = dict(choices(parameter.key, actor))
    if parameter.way == "in":
        known = {"none": _("not known"), **known}
        return pgettext("list", ", ").join(known.get(part.strip(), part.strip()) for part in text.split(","))
    if parameter.way == "is":
        return known.get(text, text)
    value = parameter.values(text)[0]
    if parameter.way == "within":
        return ngettext("%(n)s day", "%(n)s days", value) % {"n": value}
    return _BOUND[parameter.way](_figure(parameter, value))


def _figure(parameter: Parameter, value: Any) -> str:
    if hasattr(value, "isoformat"):
        return short_day(value)
    return formats.percent(value, 0) if parameter.column == "p_alive" else f"{value:,.4f}".rstrip("0").rstrip(".")


_BOUND: dict[str, Callable[[str], str]] = {
    "from": lambda figure: _("from %(figure)s") % {"figure": figure},
    "to": lambda figure: _("up to %(figure)s") % {"figure": figure},
}
