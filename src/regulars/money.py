"""Money is DECIMAL: 38 digits, four of them after the point; people see it rounded and in their own units."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal

from regulars.words import Lang

PRECISION = 38
SCALE = 4
_STEP = Decimal(1).scaleb(-SCALE)

SYMBOLS = {"CNY": "¥", "RMB": "¥", "GBP": "£", "USD": "$", "EUR": "€", "JPY": "¥"}


def money(value: Decimal | int | str | float) -> Decimal:
    """Return `value` as money: four decimals, half to even. Floats pass through their shortest text."""
    return Decimal(str(value)).quantize(_STEP, rounding=ROUND_HALF_EVEN)


def short(value: float | Decimal | None, lang: Lang, currency: str | None = None) -> str:
    """Return money as people read it: 万 / 亿 in Chinese, k / M in English, three figures, a true minus sign.

    Examples
    --------
    >>> short(17_000_000, "zh", "CNY")
    '¥1,700 万'
    >>> short(-86_400, "en")
    '−86.4k'
    """
    if value is None or not math.isfinite(float(value)):
        return "–"
    number = abs(float(value))
    steps = ((1e8, " 亿"), (1e4, " 万")) if lang == "zh" else ((1e9, "B"), (1e6, "M"), (1e4, "k"))
    size, unit = next(((s, u) for s, u in steps if number >= s), (1.0, ""))
    if unit == "k":
        size = 1e3
    scaled = number / size
    digits = 0 if scaled >= 100 or not unit else 1 if scaled >= 10 else 2
    sign = "−" if float(value) < 0 and round(scaled, digits) else ""
    symbol = SYMBOLS.get(currency or "", f"{currency} " if currency else "")
    return f"{sign}{symbol}{scaled:,.{digits}f}{unit}"
