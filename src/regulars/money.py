"""Money is DECIMAL: 38 digits, four of them after the point; people see it rounded and in their own units."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal

from regulars.words import Lang

PRECISION = 38
SCALE = 4
_STEP = Decimal(1).scaleb(-SCALE)

SYMBOLS = {"CNY": "¥", "RMB": "¥", "GBP": "£", "USD": "$", "EUR": "€", "JPY": "¥", "KRW": "₩", "INR": "₹"}

_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB "
    "RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
    "UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
CURRENCIES = frozenset(_CODES.split())
"""The codes of ISO 4217 for money that is spent: no metals, no units of account, none that has been withdrawn."""


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
