"""A margin rate: the share of revenue left after product cost, overall or by category, as the user states it."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, ClassVar

from regulars.errors import InputError
from regulars.words import T

OVERALL = ("*", "overall", "default", "其他", "总体")
"""Names under which a file gives the rate of every category it does not list."""

_REMEDY = T(
    zh="写一个比率，如 0.35 或 35%；或一个 TOML / CSV 文件，每行一个品类和它的比率，“*”代表其余。",
    en='Give a rate such as 0.35 or 35%, or a TOML or CSV file with a category and its rate a line, "*" for the rest.',
)


@dataclass(frozen=True, slots=True)
class Margin:
    """Margin rates: gross profit ÷ revenue.

    Parameters
    ----------
    overall
        The rate of every line whose category has none of its own; ``None``: unknown.
    by_category
        Rates of single categories.
    """

    overall: Decimal | None = None
    by_category: Mapping[str, Decimal] = field(default_factory=dict)

    @classmethod
    def read(cls, source: str | float | Decimal | Path) -> Margin:
        """Return the margin that `source` states: a rate ("0.35", "35%") or a TOML or CSV file of category → rate.

        A rate is at most 1 and may be negative (sold below cost), but not below −10. A TOML file is ``category =
        rate``, at its top or under ``[margin]``; a CSV file has two columns, with or without a header.

        Raises
        ------
        InputError
            When the file is absent or a rate does not read as one: names the file, the line or category.

        Examples
        --------
        >>> Margin.read("35%").overall
        Decimal('0.35')
        """
        text = str(source).strip()
        if not isinstance(source, Path):
            try:
                return cls(overall=_rate(text, None))
            except InvalidOperation:
                pass
        path = Path(text)
        try:
            content = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise InputError(
                T(
                    zh=f"毛利率读不懂，也不是能读的文件：{text!r}",
                    en=f"{text!r} is neither a margin rate nor a readable file",
                ),
                remedy=_REMEDY,
            ) from None
        rates = _from_toml(content, path) if path.suffix.lower() == ".toml" else _from_csv(content, path)
        if not rates:
            raise InputError(
                T(zh="文件里没有毛利率", en="the file has no margin rate"), where=str(path), remedy=_REMEDY
            )
        overall = next((rates.pop(name) for name in OVERALL if name in rates), None)
        return cls(overall=overall, by_category=rates)


CREDIBILITY = 4
"""After this many purchases of usual size in a year a customer's own margin weighs as much as the whole base's."""


@dataclass(frozen=True, slots=True)
class Margins:
    """What a unit of revenue leaves: the base's rate over the trailing year, and the size of one of its purchases."""

    rate: float
    purchase: float

    bounds: ClassVar[tuple[float, float]] = (-1.0, 1.0)

    @classmethod
    def of(cls, profit: float, revenue: float, purchase: float) -> Margins:
        """Return the margins of a base that left `profit` of `revenue`, in purchases of mean size `purchase`."""
        low, high = cls.bounds
        return cls(min(max(profit / revenue if revenue > 0 else 0.0, low), high), purchase)

    def blended(self, profit: Any, revenue: Any) -> Any:
        """Return a customer's own rate weighed against the base's; arrays or expressions, to be held in `bounds`."""
        weight = CREDIBILITY * self.purchase
        return (profit + weight * self.rate) / (revenue + weight)


def _rate(text: str, where: str | None) -> Decimal:
    """Return a rate from its text; not a number at all raises InvalidOperation, an impossible rate InputError."""
    percent = text.endswith(("%", "％"))
    rate = Decimal(text.rstrip("%％ ").strip())
    if percent:
        rate /= 100
    if not rate.is_finite() or not -10 <= rate <= 1:
        raise InputError(
            T(zh=f"毛利率不能是 {text}", en=f"a margin rate cannot be {text}"),
            where=where,
            remedy=T(zh="0.35 表示 35%；最大 1。", en="0.35 means 35%; 1 is the most."),
        )
    return rate


def _named_rate(name: str, value: object, where: str) -> Decimal:
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        return _rate(str(value).strip(), where)
    except InvalidOperation:
        raise InputError(
            T(zh=f"“{name}”的毛利率读不懂：{value}", en=f"cannot read the margin rate of {name!r}: {value}"),
            where=where,
            remedy=_REMEDY,
        ) from None


def _from_toml(content: str, path: Path) -> dict[str, Decimal]:
    try:
        table = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            T(zh=f"不是正确的 TOML：{error}", en=f"not valid TOML: {error}"),
            where=str(path),
            remedy=T(zh='中文品类名加引号："茶" = 0.35。', en='Quote the names: "fine tea" = 0.35.'),
        ) from None
    nested = table.get("margin", table)
    rates = nested if isinstance(nested, dict) else {"*": nested}
    return {name: _named_rate(name, value, str(path)) for name, value in rates.items()}


def _from_csv(content: str, path: Path) -> dict[str, Decimal]:
    delimiter = max(",;\t", key=content.count)
    rates: dict[str, Decimal] = {}
    for number, row in enumerate(csv.reader(io.StringIO(content), delimiter=delimiter), start=1):
        if not any(cell.strip() for cell in row):
            continue
        where = f"{path}:{number}"
        if len(row) < 2:
            raise InputError(T(zh="缺毛利率", en="there is no rate"), where=where, remedy=_REMEDY)
        name, value = row[0].strip(), row[1].strip()
        if number == 1 and not any(digit.isdigit() for digit in value):
            continue  # a header
        if name in rates:
            raise InputError(T(zh=f"“{name}”出现两次", en=f"{name!r} stands twice"), where=where, remedy=_REMEDY)
        rates[name] = _named_rate(name, value, where)
    return rates
