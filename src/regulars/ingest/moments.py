"""Dates and times: which formats a column is written in, and the order of day and month, from its content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import narwhals as nw

from regulars import engine
from regulars.errors import InputError
from regulars.ingest.options import DateOrder
from regulars.words import T

_ZONE = re.compile(r"\s?(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})$")
_TIME = re.compile(
    r"[T\s]\s*(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?P<s>:[0-9]{2}(?P<f>\.[0-9]{1,6})?)?\s?(?P<p>[AaPp][Mm])?$"
)
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})$")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})$")
_CHINESE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日$")
_DAY_NAME = re.compile(r"([0-9]{1,2})([-/ ])([A-Za-z]{3,9})\2([0-9]{4}|[0-9]{2})$")
_NAME_DAY = re.compile(r"([A-Za-z]{3,9}) ([0-9]{1,2}), ?([0-9]{4})$")
_SERIAL = re.compile(r"[1-9][0-9]{4}(\.[0-9]+)?$")

SERIAL_START = {False: date(1899, 12, 30), True: date(1904, 1, 1)}


@dataclass(frozen=True, slots=True)
class MomentStyle:
    """How a column of moments is written.

    Parameters
    ----------
    formats
        strftime formats, most frequent first; those with day and month as numbers are in `order`.
    offsets
        Endings such as ``Z`` or ``+08:00`` that occur.
    serial
        Whether Excel's day numbers occur.
    order
        Day and month, where the column needs it.
    """

    formats: tuple[str, ...] = ()
    offsets: tuple[str, ...] = ()
    serial: bool = False
    order: DateOrder | None = None

    @property
    def known(self) -> bool:
        """Whether anything in the sample reads as a date."""
        return bool(self.formats) or self.serial


def _clock(text: str) -> tuple[str, str] | None:
    """Split a text into its date and the format of its time of day."""
    found = _TIME.search(text)
    if not found:
        return (text.strip(), "")
    gap = text[found.start()]
    hour = "%I" if found["p"] else "%H"
    form = f"{gap}{hour}:%M" + (":%S" if found["s"] else "") + (".%f" if found["f"] else "")
    if found["p"]:
        form += " %p" if text[found.start("p") - 1] == " " else "%p"
    return (text[: found.start()], form)


def _named_month(day: str) -> str | None:
    """Return the format of a date that spells its month."""
    if found := _DAY_NAME.match(day):
        name = "%b" if len(found[3]) == 3 else "%B"
        return f"%d{found[2]}{name}{found[2]}{'%Y' if len(found[4]) == 4 else '%y'}"
    if found := _NAME_DAY.match(day):
        comma = ", " if ", " in day else ","
        return f"{'%b' if len(found[1]) == 3 else '%B'} %d{comma}%Y"
    return None


def _day_format(day: str) -> tuple[str, tuple[int, int] | None] | None:
    """Return the format of a date, with ``{0}{1}`` for day and month still to be ordered, and the two numbers."""
    if found := _YEAR_FIRST.match(day):
        return f"%Y{found[2]}%m{found[2]}%d", None
    if _CHINESE.match(day):
        return "%Y年%m月%d日", None
    if found := _NUMERIC.match(day):
        year = "%Y" if len(found[4]) == 4 else "%y"
        return f"{{0}}{found[2]}{{1}}{found[2]}{year}", (int(found[1]), int(found[3]))
    if re.match(r"(19|20)[0-9]{6}$", day) and 1 <= int(day[4:6]) <= 12 and 1 <= int(day[6:8]) <= 31:
        return "%Y%m%d", None
    named = _named_month(day)
    return None if named is None else (named, None)


def sniff(texts: Iterable[str], *, order: DateOrder | None = None) -> tuple[MomentStyle, tuple[int, int], int]:
    """Return the style of a sample, the evidence (day first, month first), and how many texts fit no style.

    The formats keep ``{0}`` and ``{1}`` where day and month wait for `ordered`.
    """
    formats: dict[str, int] = {}
    offsets: set[str] = set()
    first = second = unread = serial = 0
    for text in texts:
        bare = unicodedata.normalize("NFKC", text).strip()
        zone = _ZONE.search(bare) if ":" in bare else None
        if zone:
            offsets.add(zone[0])
            bare = bare[: zone.start()]
        split = _clock(bare)
        form = _day_format(split[0]) if split else None
        if form is None:
            if _SERIAL.match(bare):
                serial += 1
            else:
                unread += 1
            continue
        if form[1] is not None:
            first += form[1][0] > 12
            second += form[1][1] > 12
        assert split is not None
        formats[form[0] + split[1]] = formats.get(form[0] + split[1], 0) + 1
    ranked = tuple(sorted(formats, key=lambda f: (-formats[f], f)))
    return MomentStyle(ranked, tuple(sorted(offsets)), serial > 0, order), (first, second), unread


def needs_order(style: MomentStyle) -> bool:
    """Tell whether day and month are still open."""
    return any("{0}" in f for f in style.formats) and style.order is None


def ordered(style: MomentStyle) -> MomentStyle:
    """Fill day and month into the formats by the style's order."""
    day, month = ("%m", "%d") if style.order == "mdy" else ("%d", "%m")
    return replace(style, formats=tuple(f.format(day, month) for f in style.formats))


def order_evidence(table: engine.Frame, column: str) -> tuple[int, int]:
    """Count in the whole column the dates whose first, and whose second, number can only be a day."""
    text = nw.col(column).str.strip_chars()
    big = "(1[3-9]|2[0-9]|3[01])"
    first = text.str.contains(rf"^{big}[-/.][0-9]{{1,2}}[-/.]")
    second = text.str.contains(rf"^[0-9]{{1,2}}[-/.]{big}[-/.]")
    counted = table.select(
        first.fill_null(False).cast(nw.Int64).sum().alias("first"),
        second.fill_null(False).cast(nw.Int64).sum().alias("second"),
    )
    row = engine.to_arrow(counted).to_pylist()[0]
    return int(row["first"] or 0), int(row["second"] or 0)


def decide_order(evidence: tuple[int, int], column: str, source: str, example: str) -> DateOrder:
    """Return the order that the evidence tells.

    Raises
    ------
    InputError
        When no date in the column tells day from month.
    """
    first, second = evidence
    if first == second:
        raise InputError(
            T(
                zh=f"分不清 {example} 这样的日期哪个是日、哪个是月",
                en=f"dates such as {example} do not tell day from month",
            ),
            where=T(zh=f"{source}，列 {column}", en=f"{source}, column {column}"),
            remedy=T(
                zh="加上 --date-order dmy（日在前）或 --date-order mdy（月在前）。",
                en="Add --date-order dmy (day first) or --date-order mdy (month first).",
            ),
        )
    return "dmy" if first > second else "mdy"


def _offset_minutes(ending: str) -> int:
    bare = ending.strip()
    if bare in ("Z", "UTC", "GMT"):
        return 0
    digits = bare[1:].replace(":", "")
    return (-1 if bare[0] == "-" else 1) * (int(digits[:2]) * 60 + int(digits[2:]))


def _zone_sql(table: engine.Frame, name: str, sql: str) -> engine.Frame:
    """Replace column `name` by an expression in the engine's own SQL: Narwhals does not convert zones on either."""
    native = table.to_native()
    mark = '"' if table.implementation.is_duckdb() else "`"
    others = [f"{mark}{c}{mark}" for c in native.columns if c != name]
    chosen = [*others, f"{sql} as {mark}{name}{mark}"]
    return engine.frame(native.project(", ".join(chosen)) if mark == '"' else native.selectExpr(*chosen))


def to_zone(table: engine.Frame, name: str, zone: str) -> engine.Frame:
    """Replace a moment, with zone or without zone in UTC, by the local time of `zone`."""
    aware = table.collect_schema()[name].time_zone is not None  # type: ignore[attr-defined]
    if table.implementation.is_duckdb():
        moment = f'"{name}"' if aware else f"timezone('UTC', \"{name}\")"
        return _zone_sql(table, name, f"timezone('{zone}', {moment})")
    if table.implementation.is_polars():
        moment_ = nw.col(name) if aware else nw.col(name).dt.replace_time_zone("UTC")
        local = moment_.dt.convert_time_zone(zone).dt.replace_time_zone(None)
        return table.with_columns(local.cast(nw.Datetime("us")).alias(name))
    here = "current_timezone()" if aware else "'UTC'"
    return _zone_sql(table, name, f"convert_timezone({here}, '{zone}', cast(`{name}` as timestamp_ntz))")


def _from_days(days: nw.Expr, mac: bool) -> nw.Expr:
    """Return the moment of an Excel day number."""
    start = datetime.combine(SERIAL_START[mac], datetime.min.time())
    seconds = nw.when((days >= 10_000) & (days < 100_000)).then((days * 86_400).round(0).cast(nw.Int64))
    midnight = nw.lit(start, dtype=nw.Datetime("us")) + nw.lit(timedelta(days=1)) * (seconds // 86_400)
    return midnight + nw.lit(timedelta(seconds=1)) * (seconds % 86_400)


def _add_text(table: engine.Frame, name: str, style: MomentStyle, zone: str | None, mac: bool) -> engine.Frame:
    """Add `name`, read from the text `_when`."""
    text = nw.col("_when")
    bare = text
    for ending in style.offsets:
        bare = bare.str.replace_all(re.escape(ending) + "$", "")
    formats = style.formats
    if any(f.startswith("%Y%m%d") for f in formats):  # Spark does not read numbers without anything between them
        apart = nw.concat_str([bare.str.slice(0, 4), bare.str.slice(4, 2), bare.str.slice(6)], separator="-")
        bare = nw.when(bare.str.contains("^[0-9]{8}([^0-9]|$)")).then(apart).otherwise(bare)
        formats = tuple(dict.fromkeys(f.replace("%Y%m%d", "%Y-%m-%d") for f in formats))
    table = table.with_columns(bare.alias("_bare"))
    if formats:
        table = engine.parse_time(table, "_bare", formats, name=name)
    else:
        table = table.with_columns(nw.lit(None, dtype=nw.Datetime("us")).alias(name))
    if style.serial:
        table = engine.try_cast(table, "_bare", "float", name="_days")
        shaped = nw.when(nw.col("_bare").str.contains(r"^[1-9][0-9]{4}([.][0-9]+)?$")).then(nw.col("_days"))
        table = table.with_columns(nw.coalesce(nw.col(name), _from_days(shaped, mac)).alias(name)).drop("_days")
    if zone is not None and style.offsets:
        utc = nw.col(name)
        for ending in style.offsets:
            shifted = nw.col(name) - timedelta(minutes=_offset_minutes(ending))
            utc = nw.when(text.str.ends_with(ending)).then(shifted).otherwise(utc)
        table = to_zone(table.with_columns(utc.alias(name)), name, zone)
    return table.drop("_bare")


def add_moment(
    table: engine.Frame, raw: str, name: str, style: MomentStyle, *, zone: str | None, mac: bool
) -> engine.Frame:
    """Add column `raw` as a local date or time without zone; what does not read as one becomes null.

    Parameters
    ----------
    table, raw, name
        The frame, the column to read and the column to add.
    style
        How the text is written (`sniff`, `ordered`); not used for columns that are dates already.
    zone
        The zone of the business, for moments that carry a zone of their own; without it they stay as written (text)
        or in UTC.
    mac
        Whether Excel's day numbers count from 1904.
    """
    dtype = table.collect_schema()[raw]
    if dtype == nw.Date:
        return table.with_columns(nw.col(raw).alias(name))
    if isinstance(dtype, nw.Datetime):
        table = table.with_columns(nw.col(raw).alias(name))
        if dtype.time_zone is not None:
            return to_zone(table, name, zone or "UTC")
        return table.with_columns(nw.col(name).cast(nw.Datetime("us")))
    text = nw.col(raw).str.strip_chars() if dtype == nw.String else nw.col(raw).cast(nw.String)
    table = _add_text(table.with_columns(text.alias("_when")), name, style, zone, mac)
    return table.drop("_when")
