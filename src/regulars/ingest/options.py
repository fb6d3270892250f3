"""What a reader may be told: all that a file cannot say for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from regulars.errors import InputError
from regulars.words import Lang, T

DateOrder = Literal["dmy", "mdy", "ymd"]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read an orders file; every field has a default that lets the data speak.

    Parameters
    ----------
    map_file
        A TOML file: ``[columns]`` canonical name = "source column", ``[options]``, ``[rates]``.
    as_of
        The day to value at; default: the last date in the data, isolated future dates ignored.
    date_order
        The order of day, month and year in dates such as 03/04/2024.
    timezone
        The zone of the business' days, for times that carry a zone.
    currency
        The currency of the amounts; the target currency where `rates` are given.
    rates
        For each foreign currency, what one unit of it is worth in `currency`.
    max_rejected
        The share of unreadable rows above which the file is refused.
    lang
        The language of the texts in `rejected.csv`.
    without
        Which of `category, channel, store, currency` nobody will read: they stay null in the lines, which saves time.
    group
        A column by which customers are grouped, by its name in the source or by one of our own such as "store": the
        lines carry it as `group`.
    """

    map_file: Path | str | None = None
    as_of: date | None = None
    date_order: DateOrder | None = None
    timezone: str | None = None
    currency: str | None = None
    rates: Mapping[str, Decimal | float] | None = None
    max_rejected: float = 0.05
    lang: Lang = "en"
    without: frozenset[str] = frozenset()
    group: str | None = None

    def __post_init__(self) -> None:
        if self.timezone is not None:
            try:
                ZoneInfo(self.timezone)
            except Exception:
                raise InputError(
                    T(zh=f"不认识的时区 {self.timezone!r}", en=f"unknown time zone {self.timezone!r}"),
                    remedy=T(
                        zh="写成 Asia/Shanghai 或 Europe/London 这样。",
                        en="Write it like Asia/Shanghai or Europe/London.",
                    ),
                ) from None
        if self.date_order not in (None, "dmy", "mdy", "ymd"):
            raise InputError(
                T(zh=f"不认识的日期顺序 {self.date_order!r}", en=f"unknown date order {self.date_order!r}"),
                remedy=T(zh="可用 dmy、mdy、ymd。", en="Use dmy, mdy or ymd."),
            )
        if not 0 <= self.max_rejected <= 1:
            raise InputError(
                T(zh="可拒绝的行数比例须在 0 与 1 之间", en="the share of rows to reject lies between 0 and 1"),
                remedy=T(zh="如 0.05。", en="Give 0.05, say."),
            )
