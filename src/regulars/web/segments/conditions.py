"""Which customers a list shows, as its address says it, and what that means to the database and to the lake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from regulars.web.core.actor import Actor
from regulars.web.customers.selectors import tagged
from regulars.web.facts.selectors import Condition
from regulars.web.segments.parameters import PARAMETERS, Parameter, Side


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions by parameter, each as the text that stands in an address; all of them hold.

    `unread` names the parameters that were there but said nothing that can be read.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    @classmethod
    def read(cls, given: QueryDict | Mapping[str, Any]) -> Conditions:
        """Read conditions from an address or from what was saved; everything else in it is passed over."""
        texts, unread = dict[str, str](), list[str]()
        for key, parameter in PARAMETERS.items():
            parts = given.getlist(key) if isinstance(given, QueryDict) else [str(given[key])] if key in given else []
            text = ",".join(part.strip() for part in parts if part.strip())
            if not text:
                continue
            try:
                parameter.values(text)
            except ValueError:
                unread.append(key)
            else:
                texts[key] = text
        return cls(texts, tuple(unread))

    def __bool__(self) -> bool:
        return bool(self.texts)

    def address(self) -> str:
        """Return the conditions as the query of an address, in the grammar's order."""
        return urlencode(self.texts, safe=",:")

    def without(self, *keys: str) -> Conditions:
        """Return the others."""
        return Conditions({key: text for key, text in self.texts.items() if key not in keys})

    def readable(self, actor: Actor) -> Conditions:
        """Return those that `actor` may ask for: who may not read values gets no answers about them."""
        if actor.may("valuations.read"):
            return self
        return Conditions({key: text for key, text in self.texts.items() if PARAMETERS[key].side == "record"})

    def on(self, side: Side) -> Iterator[tuple[Parameter, list[Any]]]:
        """Yield the conditions that are looked up there, with their values."""
        for key, text in self.texts.items():
            if PARAMETERS[key].side == side:
                yield PARAMETERS[key], PARAMETERS[key].values(text)


def record_q(conditions: Conditions, actor: Actor) -> Q:
    """Return what is asked of the customers' records; a look-up (`q`) and the archive are asked elsewhere."""
    held = Q()
    for parameter, values in conditions.on("record"):
        if parameter.way == "in":
            meant: list[Any] = [actor.user_id if value == "me" else value for value in values]
            held &= tagged(meant) if parameter.key == "tag" else _one_of(parameter.column, meant)
    return held


def asked_of_values(conditions: Conditions, today: date) -> list[Condition]:
    """Return what is asked of the valuation's file, which knows every column of values."""
    return [one for parameter, values in conditions.on("value") for one in _of_value(parameter, values, today)]


def _one_of(column: str, values: list[Any]) -> Q:
    known = [value for value in values if value is not None]
    held = Q(**{f"{column}__in": known}) if len(known) != 1 else Q(**{column: known[0]})
    if len(known) == len(values):
        return held
    empty = Q(**{f"{column}__isnull": True})
    return held | empty if known else empty


def _of_value(parameter: Parameter, values: list[Any], today: date) -> list[Condition]:
    column, value = parameter.column, values[0]
    if column == "cohort":
        return _month(value)
    if parameter.way in ("from", "to"):
        return [Condition(column, "ge" if parameter.way == "from" else "le", value)]
    if parameter.way == "within":
        first, last = _window(parameter, value, today)
        return [Condition(column, "ge", first), Condition(column, "le", last)]
    return [Condition(column, "in", values)]


def _month(text: str) -> list[Condition]:
    first = date.fromisoformat(f"{text}-01")
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return [Condition("first_purchase", "ge", first), Condition("first_purchase", "lt", after)]


def _window(parameter: Parameter, days: int, today: date) -> tuple[date, date]:
    """Return the days meant: the last ones for what has been, from long ago on for what is due."""
    if parameter.column == "last_purchase":
        return today - timedelta(days=days), date.max
    return date.min, today + timedelta(days=days)
