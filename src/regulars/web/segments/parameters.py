"""The grammar of the customer list's address: every condition is a parameter, named after its column.

Several classes are joined by commas (``matrix=IV,III``), ``none`` stands for "not known", ranges end in ``_from`` and
``_to``. What is not declared here is no condition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.segment.names import MATRIX_CLASSES, TIERS, VISIT_CLASSES
from regulars.web.customers.taxonomy import Dealing, Kind, Nature, Partner, Seniority, SourceChannel, Stage

Side = Literal["record", "value"]
"""Where a condition is looked up: the customer's record, or the valuation's file."""
Way = Literal["in", "from", "to", "within", "is"]

NONE = "none"
LONGEST, MOST_PARTS, MOST_DAYS = 200, 40, 3_660


@dataclass(frozen=True, slots=True)
class Parameter:
    """One condition that an address may carry.

    Parameters
    ----------
    column
        Field of the customer's record, or column of `customer_value`.
    way
        ``in`` (one of several), ``from`` and ``to`` (both ends belong to it), ``within`` (days from today on),
        ``is`` (yes or no).
    read
        Reads one part of the text; raises ValueError.
    """

    key: str
    title: str | Promise
    side: Side
    column: str
    way: Way
    read: Callable[[str], Any]

    def values(self, text: str) -> list[Any]:
        """Return what `text` says; None among them stands for "not known".

        Raises
        ------
        ValueError
            When it says nothing that can be read.
        """
        if len(text) > LONGEST:
            raise ValueError(self.key)
        if self.way != "in":
            return [self.read(text)]
        parts = [part.strip() for part in text.split(",") if part.strip()][:MOST_PARTS]
        if not parts or (NONE in parts and len(parts) > 1 and self.key == "tag"):
            raise ValueError(self.key)
        return [None if part == NONE else self.read(part) for part in parts]


def _one_of(choices: Iterable[str]) -> Callable[[str], str]:
    known = frozenset(choices)

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(text)
        return text

    return read


def _code(text: str) -> str:
    if not re.fullmatch(r"[\w-]{1,40}", text):
        raise ValueError(text)
    return text


def _text(text: str) -> str:
    if not text.strip() or "\0" in text:
        raise ValueError(text)
    return text.strip()


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ValueError(text)
    return int(text)


def _days(text: str) -> int:
    return min(_number(text), MOST_DAYS)


def _amount(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 13:
        raise ValueError(text)
    return value.quantize(Decimal("0.0001"))


def _chance(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _month(text: str) -> str:
    date.fromisoformat(f"{text}-01")
    return text


def _yes(text: str) -> bool:
    if text not in ("1", "0"):
        raise ValueError(text)
    return text == "1"


def _whose(text: str) -> str | int:
    return text if text == "me" else _number(text)


def _span(column: str, title: str | Promise, read: Callable[[str], Any]) -> list[Parameter]:
    return [
        Parameter(f"{column}_from", title, "value", column, "from", read),
        Parameter(f"{column}_to", title, "value", column, "to", read),
    ]


def _of_record(key: str, title: str | Promise, read: Callable[[str], Any], column: str = "") -> Parameter:
    return Parameter(key, title, "record", column or key, "in", read)


def _of_value(key: str, title: str | Promise, read: Callable[[str], Any]) -> Parameter:
    return Parameter(key, title, "value", key, "in", read)


_ALL = (
    Parameter("q", _("Name, phone, card"), "record", "q", "is", _text),
    _of_record("owner", _("Owner"), _whose, "owner_id"),
    _of_record("team", _("Team"), _number, "team_id"),
    _of_record("stage", _("Stage"), _one_of(Stage.values)),
    _of_record("tag", _("Tag"), _text, "tags__name"),
    _of_record("kind", _("Person or organisation"), _one_of(Kind.values)),
    _of_record("seniority", _("Customer since"), _one_of(Seniority.values)),
    _of_record("dealing", _("Business"), _one_of(Dealing.values)),
    _of_record("nature", _("Nature"), _one_of(Nature.values)),
    _of_record("partner", _("Partner as"), _one_of(Partner.values)),
    _of_record("source_channel", pgettext_lazy("of a customer", "Source"), _one_of(SourceChannel.values)),
    _of_record("region", pgettext_lazy("of a customer", "Region"), _text),
    _of_record("store", _("Store"), _text),
    Parameter("archived", _("In the archive"), "record", "archived_at", "is", _yes),
    _of_value("matrix", _("Value class"), _one_of(MATRIX_CLASSES)),
    _of_value("tier", _("Tier"), _one_of(TIERS)),
    _of_value("visit_class", _("Visit class"), _one_of(VISIT_CLASSES)),
    _of_value("visit_change", _("Change of visit class"), _one_of(("up", "down", "same"))),
    _of_value("rfm", _("RFM"), _code),
    Parameter("at_risk", _("At risk"), "value", "at_risk", "is", _yes),
    *_span("customer_value", _("Customer value"), _amount),
    *_span("current_value", _("Value now"), _amount),
    *_span("future_value", _("Value to come"), _amount),
    *_span("value_at_risk", _("Value at risk"), _amount),
    *_span("p_alive", _("P(alive)"), _chance),
    *_span("n_purchases", _("Purchases"), _number),
    *_span("last_purchase", _("Last purchase"), _day),
    *_span("next_order_due", _("Next order due"), _day),
    Parameter("bought_within", _("Bought within days"), "value", "last_purchase", "within", _days),
    Parameter("due_within", _("Due within days"), "value", "next_order_due", "within", _days),
    Parameter("cohort", _("Month of the first purchase"), "value", "cohort", "is", _month),
    _of_value("r_score", _("Recency score"), _number),
    _of_value("f_score", _("Frequency score"), _number),
    _of_value("m_score", _("Money score"), _number),
    _of_value("visit_class_before", _("Visit class the month before"), _one_of(VISIT_CLASSES)),
    _of_value("strategy", _("Strategy"), _code),
    _of_value("resource_grade", _("Grade of resources"), _code),
)

PARAMETERS: dict[str, Parameter] = {one.key: one for one in _ALL}
"""Parameter → what it means, in the order in which people read them."""
