"""The map that a user writes, and the one that we write back: canonical name = "source column", in TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from regulars.errors import InputError
from regulars.ingest.columns import Found
from regulars.ingest.headers import CANONICAL
from regulars.ingest.options import ReadOptions
from regulars.money import CURRENCIES
from regulars.words import T

_OPTIONS = ("as_of", "date_order", "timezone", "currency", "max_rejected")


@dataclass(frozen=True, slots=True)
class MapFile:
    """What a map file says."""

    columns: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    rates: dict[str, Decimal] = field(default_factory=dict)


def _wrong(path: Path, what: T, remedy: T) -> InputError:
    return InputError(what, where=path.name, remedy=remedy)


def read_map(file: Path | str, names: Collection[str] = CANONICAL) -> MapFile:
    """Read a map file whose section [columns] may speak of `names`.

    Raises
    ------
    InputError
        When it cannot be read, is no TOML, or names what does not exist.
    """
    path = Path(file)
    try:
        said = tomllib.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise _wrong(
            path,
            T(zh="读不到列映射文件", en="the map cannot be read"),
            T(zh="检查 --map 的路径。", en="Check the path after --map."),
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(
            path,
            T(zh=f"不是合法的 TOML：{error}", en=f"this is not TOML: {error}"),
            T(
                zh='写成 [columns] 一行，再写 customer_id = "列名"。',
                en='Write [columns], then customer_id = "column".',
            ),
        ) from error
    columns, options, rates = (_table(path, said, name) for name in ("columns", "options", "rates"))
    unknown = [*(c for c in columns if c not in names), *(o for o in options if o not in _OPTIONS)]
    unknown += [t for t in said if t not in ("columns", "options", "rates")]
    astray = [t for t in said if t in names and not isinstance(said[t], dict)]
    if astray:
        raise _wrong(
            path,
            T(zh=f"{astray[0]} 不在 [columns] 下面", en=f"{astray[0]} does not stand under [columns]"),
            T(zh="在它上面加一行 [columns]。", en="Write a line [columns] above it."),
        )
    if unknown:
        raise _wrong(
            path,
            T(zh=f"不认识的名字 {unknown[0]}", en=f"unknown name {unknown[0]}"),
            T(zh=f"列名可用：{', '.join(names)}", en=f"Names of columns: {', '.join(names)}"),
        )
    if not all(isinstance(c, str) for c in columns.values()):
        raise _wrong(
            path,
            T(zh="[columns] 里等号右边要写列名", en="[columns] takes names of columns"),
            T(zh='如 customer_id = "客户编号"', en='For example customer_id = "Customer ID"'),
        )
    return MapFile(dict(columns), _options(path, options), _rates(path, rates))


def _table(path: Path, said: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = said.get(name, {})
    if not isinstance(found, dict):
        raise _wrong(
            path,
            T(zh=f"{name} 要写成一节", en=f"{name} is a section"),
            T(zh=f"先单独写一行 [{name}]。", en=f"Write [{name}] on a line of its own."),
        )
    return found


def _rates(path: Path, rates: Mapping[str, Any]) -> dict[str, Decimal]:
    try:
        worth = {str(c).upper(): Decimal(str(r)) for c, r in rates.items()}
    except ArithmeticError:
        worth = {"": Decimal("NaN")}
    if not all(rate.is_finite() and rate > 0 for rate in worth.values()):
        raise _wrong(
            path,
            T(zh="[rates] 里要写大于 0 的数字", en="[rates] takes numbers above 0"),
            T(zh="如 USD = 7.2", en="For example USD = 7.2"),
        )
    return worth


def _options(path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options in their types."""
    read = dict(options)
    for name, value in options.items():
        try:
            if name == "as_of":
                read[name] = value if type(value) is date else date.fromisoformat(value)
            elif name == "max_rejected":
                read[name] = float(value)
            elif not isinstance(value, str):
                raise TypeError
            elif name == "currency":
                read[name] = _currency(value)
        except (TypeError, ValueError):
            raise _wrong(
                path,
                T(zh=f"[options] 里的 {name} 不能是 {value}", en=f"{name} under [options] cannot be {value}"),
                T(
                    zh='如 as_of = 2026-06-30、date_order = "dmy"、currency = "CNY"、max_rejected = 0.05。',
                    en='For example as_of = 2026-06-30, date_order = "dmy", currency = "CNY", max_rejected = 0.05.',
                ),
            ) from None
    return read


def _currency(code: str) -> str:
    if code.upper() not in CURRENCIES:
        raise ValueError(code)
    return code.upper()


def apply(file: MapFile, options: ReadOptions) -> ReadOptions:
    """Return `options` completed by what the map says; what was given on the command line wins."""
    unset = ReadOptions()
    changes = {k: v for k, v in file.options.items() if getattr(options, k) == getattr(unset, k)}
    if file.rates and options.rates is None:
        changes["rates"] = file.rates
    return replace(options, **changes)


def check_columns(given: Mapping[str, str], columns: Sequence[str], path: Path | str) -> dict[str, str]:
    """Return the map with the source's own spelling of its columns.

    Raises
    ------
    InputError
        When a column does not exist; the columns that do are named.
    """
    spelled = {c.strip().lower(): c for c in columns}
    absent = [c for c in given.values() if c and c.strip().lower() not in spelled]
    if absent:
        shown = ", ".join(columns[:15])
        raise InputError(
            T(zh=f"数据里没有列 {absent[0]!r}", en=f"the data has no column {absent[0]!r}"),
            where=Path(path).name,
            remedy=T(zh=f"有的列是：{shown}", en=f"The columns are: {shown}"),
        )
    return {k: spelled[c.strip().lower()] if c else "" for k, c in given.items()}


def as_toml(found: Sequence[Found]) -> str:
    """Return the mapping found as a map file that `--map` takes back."""
    lines = ["[columns]", *(f"{f.canonical} = {json.dumps(f.column, ensure_ascii=False)}" for f in found)]
    return "\n".join(lines) + "\n"
