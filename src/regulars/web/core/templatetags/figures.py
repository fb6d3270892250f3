"""Figures as people read them: money, intervals, sparks and bars as SVG made here, so that they work without script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars import money as money_words
from regulars.report import formats
from regulars.web.core.words import current_lang, short_day

register = template.Library()

TICK = '<rect class="g" x="{}" y="{}" width=".8" height="6"/>'

Amount = Decimal | float | int | None


@register.filter
def money(value: Amount, currency: str | None = None) -> SafeString:
    """Return an amount in full: ¥412,600."""
    return format_html('<span class="num">{}</span>', formats.full(_number(value), currency))


@register.filter
def short_money(value: Amount, currency: str | None = None) -> SafeString:
    """Return an amount in its short form: ¥41.3 万, ¥412.6k."""
    if value is None:
        return format_html('<span class="num">{}</span>', formats.NONE)
    return format_html('<span class="num">{}</span>', money_words.short(float(value), current_lang(), currency))


@register.filter
def count(value: int | None) -> str:
    """Return a whole number with thousands separators."""
    return formats.integer(value)


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """Return a day without its year where that is this one; nothing for None."""
    return "" if value is None else short_day(value)


@register.filter
def share(value: float | None, digits: int = 0) -> str:
    """Return a share (0–1) in percent."""
    return formats.percent(value, digits)


@register.filter
def chance(value: float | None) -> str:
    """Return a probability in percent, never 0 % and never 100 %."""
    return formats.chance(value)


@register.simple_tag
def interval(
    low: Amount,
    estimate: Amount,
    high: Amount,
    *,
    least: Amount = 0,
    most: Amount = 1,
    width: int = 112,
    height: int = 10,
    scale: str = "",
    kind: str = "",
    ticks: Sequence[float] = (),
    label: str = "",
) -> SafeString:
    """Return an interval bar: tick = estimate, thick = interval, on the scale `least`…`most` of the whole column.

    `scale="sqrt"` for amounts spread over decades; `kind` is ``risk`` or ``z maybe`` (the interval includes zero).
    """
    if low is None or estimate is None or high is None:
        return no_interval(width)
    place = _scale(float(least or 0), float(most or 1), width, scale)
    x0, xm, x1, middle = place(float(low)), place(float(estimate)), place(float(high)), height / 2
    between = f"{formats.integer(float(low))} – {formats.integer(float(high))}"
    return format_html(
        '<svg class="iv {}" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<rect class="t" x="0" y="{}" width="{}" height="1.5"/>{}'
        '<rect class="r" x="{}" y="{}" width="{}" height="6" rx="1.5"/>'
        '<rect class="m" x="{}" y="0" width="2.4" height="{}"/></svg>',
        kind, width, height, width, height, label or between,
        middle - 0.75, width,
        format_html_join("", TICK, ((place(tick), middle - 3) for tick in ticks)),
        x0, middle - 3, max(1.5, round(x1 - x0, 1)), round(xm - 1.2, 1), height,
    )  # fmt: skip


@register.simple_tag
def no_interval(width: int = 112) -> SafeString:
    """Return the dashed empty bar of "not enough data"."""
    return format_html(
        '<svg class="iv" width="{}" height="10" aria-hidden="true">'
        '<rect class="iv-n" x=".5" y="2.5" width="{}" height="5" rx="2"/></svg>',
        width, width - 1,
    )  # fmt: skip


@register.simple_tag
def not_enough(why: str = "") -> SafeString:
    """Return "not enough data" with its reason: never 0, never a dash alone."""
    return format_html('<span class="nodata" title="{}">{}</span>', why, _("Not enough data"))


@register.simple_tag
def spark(values: Sequence[float], width: int = 120, height: int = 28) -> SafeString:
    """Return a small line without axes; its figures must stand beside it."""
    numbers = [float(value) for value in values]
    if len(numbers) < 2:
        return SafeString("")
    low, spread = min(numbers), (max(numbers) - min(numbers)) or 1
    points = " ".join(
        f"{i / (len(numbers) - 1) * 100:.1f},{height - 3 - (v - low) / spread * (height - 6):.1f}"
        for i, v in enumerate(numbers)
    )
    return format_html(
        '<svg class="spark" width="100%" height="{0}" viewBox="0 0 100 {0}" preserveAspectRatio="none" '
        'aria-hidden="true">'
        '<polygon class="a" points="0,{0} {1} 100,{0}"/><polyline points="{1}"/></svg>',
        height, points,
    )  # fmt: skip


@register.simple_tag
def meter(value: float | None, width: int = 30, style: str = "pa") -> SafeString:
    """Return a share (0–1) as a short bar."""
    if value is None:
        return SafeString("")
    level = "lo" if value < 0.6 else "mid" if value < 0.8 else ""
    return format_html(
        '<svg class="{} {}" width="{}" height="5" aria-hidden="true"><rect class="t" width="{}" height="5" rx="2.5"/>'
        '<rect class="v" width="{}" height="5" rx="2.5"/></svg>',
        style, level if style == "pa" else "", width, width, round(width * min(1.0, max(0.0, value))),
    )  # fmt: skip


@register.simple_tag
def progress(percent: int, label: str = "") -> SafeString:
    """Return a progress bar."""
    return format_html(
        '<svg class="prog" viewBox="0 0 100 6" preserveAspectRatio="none" role="progressbar" aria-valuemin="0" '
        'aria-valuemax="100" aria-valuenow="{0}" aria-label="{1}"><rect class="t" width="100" height="6"/>'
        '<rect class="v" width="{0}" height="6"/></svg>',
        percent, label or _("Progress"),
    )  # fmt: skip


@register.simple_tag
def delta(value: float | None, text: Any = "", *, good: str = "up") -> SafeString:
    """Return a change: the arrow is its direction, the colour says good or bad (`good="down"` where less is better)."""
    if value is None:
        return SafeString("")
    if value == 0:
        return format_html('<span class="delta flat">{}</span>', text or _("same"))
    direction = "up" if value > 0 else "down"
    words = {"up": _("up"), "down": _("down")}[direction]
    return format_html(
        '<span class="delta {}"><span aria-hidden="true">{}</span><span class="vh">{}</span> {}</span>',
        "up" if direction == good else "down", "▲" if value > 0 else "▼", words, text or formats.percent(abs(value)),
    )  # fmt: skip


@register.simple_tag
def chart(kind: str, data: Any, label: str, *, key: str = "", size: str = "", table: Any = None) -> SafeString:
    """Return a chart's place and its data; `label` is the finding.

    `table` (`{"head": […], "rows": [[…]]}`) holds the same figures for who reads without script; a button switches.
    """
    context = {"kind": kind, "data": data, "label": label, "key": key or f"data-{kind}", "size": size, "table": table}
    return render_to_string("core/partials/chart.html", context)


CLASSES = {
    "pt": ("Ⅳ", gettext_lazy("Platinum")),
    "au": ("Ⅲ", gettext_lazy("Gold")),
    "fe": ("Ⅱ", gettext_lazy("Iron")),
    "pb": ("Ⅰ", gettext_lazy("Lead")),
}
SHAPES = {
    "pt": '<path d="M5 0l5 5-5 5-5-5z"/>',
    "au": '<circle cx="5" cy="5" r="4.6"/>',
    "fe": '<rect x=".6" y=".6" width="8.8" height="8.8" rx="1"/>',
    "pb": '<path d="M5 .6l4.8 8.8H.2z"/>',
}


@register.simple_tag
def shape(style: str) -> SafeString:
    """Return the mark of a value class (`pt`, `au`, `fe`, `pb`): diamond, circle, square, triangle."""
    return format_html(
        '<svg class="mk {}" viewBox="0 0 10 10" aria-hidden="true">{}</svg>', style, SafeString(SHAPES[style])
    )


@register.simple_tag
def class_chip(style: str | None, *, popover: str = "") -> SafeString:
    """Return a value class with shape, numeral and name; "too new" where there is none; a button where it explains."""
    if style not in CLASSES:
        return format_html('<span class="cls na">{}</span>', _("Too new"))
    numeral, name = CLASSES[style]
    inside = format_html(
        '<svg viewBox="0 0 10 10" aria-hidden="true">{}</svg>{} {}', SafeString(SHAPES[style]), numeral, name
    )
    if not popover:
        return format_html('<span class="cls {}">{}</span>', style, inside)
    return format_html('<button type="button" class="cls {}" popovertarget="{}">{}</button>', style, popover, inside)


def _number(value: Amount) -> float | None:
    return None if value is None else float(value)


def _scale(least: float, most: float, width: int, scale: str) -> Any:
    bend = (lambda v: math.sqrt(max(0.0, v))) if scale == "sqrt" else (lambda v: v)
    low, high = bend(least), bend(most)

    def place(value: float) -> float:
        return round(min(width, max(0.0, (bend(value) - low) / ((high - low) or 1) * width)), 1)

    return place
