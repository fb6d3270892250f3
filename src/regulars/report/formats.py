"""Numbers, money and dates as people read them, in both languages at once."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from regulars import money
from regulars.words import T

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NONE = "–"


def known(value: Any) -> bool:
    """Return whether a figure is there: neither None nor not-a-number."""
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))


def integer(value: float | None) -> str:
    """Return a count with thousands separators and a true minus sign."""
    if value is None or not known(value):
        return NONE
    return number(value, 0)


def number(value: float | None, digits: int = 2, *, sign: bool = False) -> str:
    """Return a number with `digits` decimals; `sign` puts a plus before a positive one."""
    if value is None or not known(value):
        return NONE
    rounded = round(value, digits) or 0.0
    mark = "−" if rounded < 0 else "+" if sign and rounded > 0 else ""
    return f"{mark}{abs(rounded):,.{digits}f}"


def percent(share: float | None, digits: int = 1, *, sign: bool = False) -> str:
    """Return a share (0–1) as a percentage."""
    return NONE if share is None or not known(share) else f"{number(share * 100, digits, sign=sign)}%"


def chance(p: float | None) -> str:
    """Return a probability in whole percent; no forecast is certain, so never 0 % or 100 %."""
    if p is None or not known(p):
        return NONE
    return ">99%" if p >= 0.995 else "<1%" if p < 0.005 else percent(p, 0)


def amount(value: float | None, currency: str | None) -> T:
    """Return money in its short form: 万 / 亿 in Chinese, k / M in English; what rounds to nothing is "under one"."""
    if value is not None and 0 < value < 0.5:
        return T(zh=f"<{symbol(currency)}1", en=f"<{symbol(currency)}1")
    return T(zh=money.short(value, "zh", currency), en=money.short(value, "en", currency))


def symbol(currency: str | None) -> str:
    """Return the sign that goes before an amount, empty where the currency is unknown."""
    return money.SYMBOLS.get(currency or "", f"{currency} " if currency else "")


def full(value: float | None, currency: str | None, digits: int = 0) -> str:
    """Return money in full, the same in both languages."""
    if value is None or not known(value):
        return NONE
    text = number(value, digits)
    return f"−{symbol(currency)}{text[1:]}" if text.startswith("−") else f"{symbol(currency)}{text}"


def between(low: float | None, high: float | None, currency: str | None) -> T:
    """Return a 90 % interval of money in words."""
    a, b = amount(low, currency), amount(high, currency)
    return T(zh="90% 在 {a} – {b}", en="90% in {a} – {b}").format(a=a, b=b)


def day(iso: str | None) -> T:
    """Return a date as 2026年7月2日 and 2 Jul 2026; what is no date comes back as it is."""
    if not iso:
        return T(zh=NONE, en=NONE)
    try:
        at = date.fromisoformat(str(iso)[:10])
    except ValueError:
        return T(zh=str(iso), en=str(iso))
    return T(zh=f"{at.year}年{at.month}月{at.day}日", en=f"{at.day} {MONTHS[at.month - 1]} {at.year}")


def month(text: str | None) -> T:
    """Return 2026-07 as 2026年7月 and Jul 2026."""
    parts = str(text or "").split("-")
    if len(parts) < 2 or not (parts[0].isdigit() and parts[1].isdigit() and 1 <= int(parts[1]) <= 12):
        return T(zh=str(text or NONE), en=str(text or NONE))
    return T(zh=f"{parts[0]}年{int(parts[1])}月", en=f"{MONTHS[int(parts[1]) - 1]} {parts[0]}")


def span(days: float | None) -> T:
    """Return a horizon in whole weeks where it is some, else in days."""
    if days is None:
        return T(zh=NONE, en=NONE)
    if days >= 14 and days % 7 == 0:
        return T(zh=f"{int(days // 7)} 周", en=f"{int(days // 7)} weeks")
    return T(zh=f"{number(days, 0)} 天", en=f"{number(days, 0)} days")


def words(value: Any) -> T:
    """Return a text of the figures, `{"zh": …, "en": …}` or plain, as `T`."""
    if isinstance(value, T):
        return value
    if isinstance(value, dict):
        zh, en = value.get("zh"), value.get("en")
        return T(zh=str(zh if zh is not None else en or ""), en=str(en if en is not None else zh or ""))
    return T(zh="" if value is None else str(value), en="" if value is None else str(value))


def clipped(value: Any, length: int = 80) -> str:
    """Return an identifier as text of at most `length` characters, control characters made visible spaces."""
    raw = "" if value is None else str(value)
    text = "".join(c if c.isprintable() else " " for c in raw[: length + 1])
    return text if len(raw) <= length else text[: length - 1] + "…"
