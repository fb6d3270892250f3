"""How a row's cells look in the table: figures as everywhere, and "not enough data" where there is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.segment.names import TIER_NAMES
from regulars.web.core.templatetags.figures import chance, class_chip, interval, meter, money, no_interval, not_enough
from regulars.web.core.words import current_lang, short_day

if TYPE_CHECKING:
    from regulars.web.segments.columns import Column
    from regulars.web.segments.rows import Row

STYLES = {"IV": "pt", "III": "au", "II": "fe", "I": "pb"}
"""Value class → the name of its look."""


class Cells:
    """The cells of one page: they share a scale, a currency and the day from which they are seen."""

    def __init__(self, *, currency: str, most: Decimal, as_of: date) -> None:
        self.currency, self.most, self.as_of = currency, most, as_of

    def __call__(self, row: Row, column: Column) -> SafeString:
        """Return the cell's content."""
        draw: Callable[[Row], SafeString] | None = getattr(self, f"_{column.key}", None)
        if draw is not None:
            return draw(row)
        value = column.plain(row)
        if value is None:
            return SafeString("") if column.group == "record" else self._nothing(row)
        return self._said(value)

    def _said(self, value: Any) -> SafeString:
        if isinstance(value, Decimal):
            return money(value, self.currency)
        if isinstance(value, date):
            return format_html("<time>{}</time>", short_day(value))
        return format_html("{}", value)

    def _nothing(self, row: Row) -> SafeString:
        return not_enough(_("no order yet") if row.figure is None else _("too few orders"))

    def _name(self, row: Row) -> SafeString:
        customer = row.customer
        facts = [customer.get_kind_display(), customer.region]
        return format_html(
            '<a class="plain b" href="{}">{}</a><span class="s2">{}</span>',
            reverse("customer", args=[customer.pk]), customer, " · ".join(str(fact) for fact in facts if fact),
        )  # fmt: skip

    def _matrix(self, row: Row) -> SafeString:
        figure = row.figure
        if figure is None:
            return format_html('<span class="chip">{}</span>', _("No order yet"))
        late = _("Value at risk: unusually late")
        mark = format_html(' <span class="delta down" title="{0}"><span class="vh">{0}</span>▼</span>', late)
        return format_html("{}{}", class_chip(STYLES.get(figure.matrix or "")), mark if figure.at_risk else "")

    def _interval(self, row: Row) -> SafeString:
        figure = row.figure
        if figure is None or figure.future_low is None:
            return no_interval()
        return interval(figure.future_low, figure.future_value, figure.future_high, most=self.most, scale="sqrt")

    def _p_alive(self, row: Row) -> SafeString:
        figure = row.figure
        if figure is None or figure.p_alive is None:
            return self._nothing(row)
        return format_html(
            '<span class="row-f pal-n">{}<span class="num">{}</span></span>',
            meter(figure.p_alive),
            chance(figure.p_alive),
        )

    def _next_order_due(self, row: Row) -> SafeString:
        due = row.figure.next_order_due if row.figure else None
        if due is None:
            return self._nothing(row)
        late = (self.as_of - due).days
        if late <= 0:
            return self._said(due)
        words = ngettext("%(n)s day late", "%(n)s days late", late) % {"n": late}
        return format_html('{}<span class="s2">{}</span>', self._said(due), words)

    def _tier(self, row: Row) -> SafeString:
        tier = row.figure.tier if row.figure else None
        return format_html("{}", TIER_NAMES[tier][current_lang()]) if tier in TIER_NAMES else self._nothing(row)

    def _visit_class(self, row: Row) -> SafeString:
        figure = row.figure
        if figure is None or figure.visit_class is None:
            return SafeString('<span class="mut">–</span>')
        change = {"up": "▲", "down": "▼"}.get(figure.visit_change or "", "")
        words = {"up": _("up"), "down": _("down")}.get(figure.visit_change or "", "")
        mark = format_html(
            ' <span class="delta {}"><span aria-hidden="true">{}</span><span class="vh">{}</span></span>',
            figure.visit_change or "", change, words,
        )  # fmt: skip
        return format_html('<span class="chip">{}</span>{}', figure.visit_class, mark if change else "")

    def _tags(self, row: Row) -> SafeString:
        return format_html_join(" ", '<span class="chip">{}</span>', ((tag,) for tag in row.tags))

    def _created_at(self, row: Row) -> SafeString:
        return self._said(row.customer.created_at)
