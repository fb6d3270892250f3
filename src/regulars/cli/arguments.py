"""How single arguments are read, with a message that says what to write instead."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from regulars.errors import InputError
from regulars.money import CURRENCIES
from regulars.periods import horizon_days
from regulars.words import T

Reader = Callable[..., Any]
"""Takes the text of an argument, and `flag`, the name of the option."""

_SIZE = re.compile(r"\s*[0-9]+(\.[0-9]+)?\s*([KMGT]i?)?B\s*", re.IGNORECASE)


def date_argument(text: str, *, flag: str) -> date:
    """Read ``2026-06-30``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            T(zh=f"{text!r} 不是日期", en=f"{text!r} is not a date"),
            where=flag,
            remedy=T(zh="写成 2026-06-30 这样。", en="Write it like 2026-06-30."),
        ) from None


def horizon_argument(text: str, *, flag: str) -> int:
    """Read ``52w`` as days."""
    try:
        return horizon_days(text)
    except InputError as error:
        raise InputError(error.what, where=flag, remedy=error.remedy) from None


def rate_argument(text: str, *, flag: str) -> float:
    """Read ``0.1`` or ``10%`` as a rate from 0 to below 1."""
    try:
        rate = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate < 1:
        raise InputError(
            T(zh=f"{text!r} 不是 0 到 1 之间的比率", en=f"{text!r} is not a rate from 0 to below 1"),
            where=flag,
            remedy=T(zh="写成 0.1 或 10% 这样。", en="Write it like 0.1 or 10%."),
        )
    return rate


def whole_argument(text: str, *, flag: str, least: int = 0) -> int:
    """Read a whole number, `least` or more."""
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise InputError(
            T(zh=f"{text!r} 不是 {least} 以上的整数", en=f"{text!r} is not a whole number from {least} on"),
            where=flag,
            remedy=T(zh="写成 8 这样。", en="Write it like 8."),
        )
    return number


def currency_argument(text: str, *, flag: str) -> str:
    """Read a currency code such as ``CNY``."""
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise InputError(
            T(zh=f"{text!r} 不是 ISO 4217 的币种代码", en=f"{text!r} is not a currency code of ISO 4217"),
            where=flag,
            remedy=T(zh="写成 CNY、USD 或 EUR 这样。", en="Write it like CNY, USD or EUR."),
        )
    return code


def size_argument(text: str, *, flag: str) -> str:
    """Read an amount of memory such as ``2GB``."""
    if not _SIZE.fullmatch(text):
        raise InputError(
            T(zh=f"{text!r} 不是内存的大小", en=f"{text!r} is not an amount of memory"),
            where=flag,
            remedy=T(zh="写成 2GB 或 500MB 这样。", en="Write it like 2GB or 500MB."),
        )
    return text


def number_argument(text: str, *, flag: str) -> float:
    """Read a finite number such as ``2.5`` or ``-1``."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(
            T(zh=f"{text!r} 不是数字", en=f"{text!r} is not a number"),
            where=flag,
            remedy=T(zh="写成 2.5 这样。", en="Write it like 2.5."),
        )
    return number


def named_argument(text: str, *, flag: str) -> tuple[str, float]:
    """Read ``mail=0.5`` as a name and a number."""
    name, sign, number = text.rpartition("=")
    if not sign or not name:
        raise InputError(
            T(zh=f"{text!r} 不是“名字=数字”", en=f"{text!r} is not a name and a number"),
            where=flag,
            remedy=T(zh="写成 mail=0.5 这样。", en="Write it like mail=0.5."),
        )
    return name, number_argument(number, flag=flag)
