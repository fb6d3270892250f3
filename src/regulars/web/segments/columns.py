"""The columns that a list can show and a file can hold: people choose among them, roles hide some."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.customers.fields import sees
from regulars.web.valuations.selectors import interval_level

if TYPE_CHECKING:
    from regulars.web.segments.rows import Row

Plain = Callable[["Row"], Any]
"""What a file holds of a row: text, number, date, yes or no; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Parameters
    ----------
    group
        What it takes to read it: ``record`` (the field of the same name), ``value`` (values).
    style
        How it stands in a table and on a phone: classes of the cell.
    sort
        The declared order that its head leads to.
    """

    key: str
    title: str | Promise
    group: str
    plain: Plain
    style: str = "h-s"
    sort: str = ""

    def shown_to(self, actor: Actor) -> bool:
        """Return whether `actor` may read it."""
        return actor.may("valuations.read") if self.group == "value" else sees(actor, self.key)


def _record(key: str, title: str | Promise, plain: Plain, style: str = "h-s", sort: str = "") -> Column:
    return Column(key, title, "record", plain, style, sort)


def _value(key: str, title: str | Promise, style: str = "h-s", *, sort: bool = False) -> Column:
    def plain(row: Row) -> Any:
        return getattr(row.figure, key, None)

    return Column(key, title, "value", plain, style, key if sort else "")


def _words(name: str) -> Plain:
    def plain(row: Row) -> Any:
        return str(getattr(row.customer, f"get_{name}_display")()) or None

    return plain


def _name_of(name: str) -> Plain:
    def plain(row: Row) -> Any:
        found = getattr(row.customer, name)
        return None if found is None else str(found) or None

    return plain


def _day_of(name: str) -> Plain:
    def plain(row: Row) -> Any:
        return getattr(row.customer, name).date()

    return plain


def _interval_title() -> str:
    return gettext("Interval, %(level)s") % {"level": interval_level()}


_ALL = (
    _record("name", _("Customer"), _name_of("pk"), "k-name", "name"),
    _value("matrix", _("Value class"), "nowrap k-cls"),
    _value("current_value", _("Value now"), "r h-s", sort=True),
    _value("future_value", _("Value to come"), "r b k-fv", sort=True),
    _value("interval", lazy(_interval_title, str)(), "h-s"),
    _value("customer_value", _("Customer value"), "r h-s", sort=True),
    _value("value_at_risk", _("Value at risk"), "r h-s", sort=True),
    _value("p_alive", _("P(alive)"), "h-s"),
    _value("last_purchase", _("Last purchase"), "nowrap h-s", sort=True),
    _value("next_order_due", _("Next order due"), "nowrap k-strip", sort=True),
    _value("tier", _("Tier"), "h-s"),
    _value("visit_class", _("Visit class"), "h-s"),
    _value("rfm", _("RFM"), "h-s"),
    _value("n_purchases", _("Purchases"), "r h-s"),
    _record("owner", _("Owner"), _name_of("owner"), "h-s"),
    _record("team", _("Team"), _name_of("team"), "h-s"),
    _record("stage", _("Stage"), _words("stage"), "h-s"),
    _record("tags", _("Tags"), lambda row: ", ".join(row.tags) or None, "h-s"),
    _record("kind", _("Person or organisation"), _words("kind"), "h-s"),
    _record("seniority", _("Customer since"), _words("seniority"), "h-s"),
    _record("dealing", _("Business"), _words("dealing"), "h-s"),
    _record("nature", _("Nature"), _words("nature"), "h-s"),
    _record("source_channel", pgettext_lazy("of a customer", "Source"), _words("source_channel"), "h-s"),
    _record("region", pgettext_lazy("of a customer", "Region"), _name_of("region"), "h-s"),
    _record("store", _("Store"), _name_of("store"), "h-s"),
    _record("preferred_channel", _("Preferred channel"), _words("preferred_channel"), "h-s"),
    _record("created_at", _("Added on"), _day_of("created_at"), "nowrap h-s", "newest"),
)

COLUMNS: dict[str, Column] = {column.key: column for column in _ALL}
"""Key → column, in the order in which a table shows them."""

USUAL = (
    "name", "matrix", "current_value", "future_value", "interval", "p_alive", "last_purchase", "next_order_due",
    "owner",
)  # fmt: skip
WITHOUT_VALUES = ("name", "stage", "kind", "seniority", "region", "owner", "team", "created_at")
"""What a list shows before anybody has chosen: with a valuation, and without."""


def columns_of(keys: Iterable[str], actor: Actor, *, valued: bool) -> list[Column]:
    """Return the columns chosen that `actor` may read, in the table's order; the usual ones where none is left.

    Parameters
    ----------
    valued
        Whether there are values to show.
    """
    open_to = {key: one for key, one in COLUMNS.items() if one.shown_to(actor) and (valued or one.group == "record")}
    chosen = set(keys) & set(open_to) or {*(USUAL if valued and actor.may("valuations.read") else WITHOUT_VALUES)}
    chosen |= {"name"}
    return [one for key, one in open_to.items() if key in chosen]


def open_columns(actor: Actor, *, valued: bool) -> list[Column]:
    """Return every column that `actor` may choose."""
    return columns_of(COLUMNS, actor, valued=valued)
