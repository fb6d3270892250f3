"""Numbers as people write them: decimal commas, thousands separators, currency signs, brackets for minus."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import narwhals as nw

from regulars import engine

STORED = nw.Decimal(18, 4)
"""How quantities and amounts are kept between passes: half the room of DECIMAL(38,4)."""

LIMIT = 10**14
"""Numbers at or beyond this are read as noise."""

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$")
_SIGNS = r"[\s\x{00a0}\x{202f}'’¥￥$£€₩₹元块]|(?:CNY|RMB|USD|GBP|EUR|JPY|HKD|TWD|AUD|CAD|CHF)"
_SIGNS_PYTHON = re.compile(_SIGNS.replace("x{00a0}", "xa0").replace(r"\x{202f}", "\u202f"), re.IGNORECASE)
_POINT = re.compile(
    r"[0-9]{1,3}(,[0-9]{3})+\.|,[0-9]{3},|^[^,]*\.[0-9]{1,2}$|^[^,]*\.[0-9]{4,}$|^0?\.[0-9]|^[0-9]{4,}\.[0-9]"
)
_COMMA = re.compile(
    r"[0-9]{1,3}(\.[0-9]{3})+,|\.[0-9]{3}\.|^[^.]*,[0-9]{1,2}$|^[^.]*,[0-9]{4,}$|^0?,[0-9]|^[0-9]{4,},[0-9]"
)
_WIDE = "０１２３４５６７８９．，－＋（）"
_NARROW = "0123456789.,-+()"


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How the numbers of a file are written.

    `plain` needs no cleaning; `decimal` is the decimal mark; `wide` says that full-width characters occur; `signs`
    are the currency signs of the amounts, an empty one where an amount carries none.
    """

    plain: bool = True
    decimal: str = "."
    wide: bool = False
    signs: frozenset[str] = frozenset()


def sniff(texts: Iterable[str], *, hint_comma: bool = False) -> NumberStyle:
    """Return the style in which all of `texts` are most likely written.

    Parameters
    ----------
    texts
        Cells of the number columns.
    hint_comma
        Whether the file gives reason to expect decimal commas where the numbers leave it open: fields separated by
        semicolons.
    """
    point = comma = open_ = 0
    plain, wide = True, False
    for text in texts:
        narrow = unicodedata.normalize("NFKC", text)
        wide = wide or narrow != text
        bare = _SIGNS_PYTHON.sub("", narrow).strip("()+-−")
        plain = plain and _PLAIN.match(text.strip()) is not None
        point += _POINT.search(bare) is not None
        comma += _COMMA.search(bare) is not None
        open_ += re.search(r"^[0-9]{1,3}\.[0-9]{3}$", bare) is not None
    mark = "," if comma > point or (point == comma == 0 and open_ and hint_comma) else "."
    return NumberStyle(plain=plain and mark == ".", decimal=mark, wide=wide)


def reads(text: str, style: NumberStyle) -> bool:
    """Tell whether `text` reads as a number in `style`, in Python, for samples."""
    return value(text, style) is not None


def value(text: str, style: NumberStyle) -> float | None:
    """Return the number that `text` reads as in `style`, in Python, for samples; None where it is none."""
    bare = unicodedata.normalize("NFKC", text).replace("−", "-")
    bare = _SIGNS_PYTHON.sub("", bare)
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]
    if bare.endswith("-"):
        bare = "-" + bare[:-1]
    group = "." if style.decimal == "," else ","
    if group in bare:
        if not re.match(rf"[+-]?[0-9]{{1,3}}(\{group}[0-9]{{3}})+($|\{style.decimal})", bare):
            return None
        bare = bare.replace(group, "")
    plain = bare.replace(style.decimal, ".")
    return float(plain) if _PLAIN.match(plain) else None


def _cleaned(raw: str, style: NumberStyle) -> nw.Expr:
    """Return the text of a number in the plain form, null where it is none."""
    text = nw.col(raw)
    if style.wide:
        for wide, narrow in zip(_WIDE, _NARROW, strict=True):
            text = text.str.replace_all(wide, narrow, literal=True)
    text = text.str.replace_all("−", "-", literal=True)
    for sign in ("CNY", "RMB", "USD", "GBP", "EUR", "JPY", "HKD", "TWD", "AUD", "CAD", "CHF"):
        text = text.str.replace_all(sign, "", literal=True)
    text = text.str.replace_all("[\\s\u00a0\u202f'’¥￥$£€₩₹元块]", "")
    negative = text.str.contains(r"^\(.*\)$") | text.str.contains(r"-$")
    text = text.str.replace_all("[()]", "").str.replace_all(r"-$", "")
    group, mark = (".", ",") if style.decimal == "," else (",", ".")
    group_class, mark_class = f"[{group}]", f"[{mark}]"
    grouped = text.str.contains(group, literal=True)
    well = text.str.contains(rf"^[+-]?[0-9]{{1,3}}({group_class}[0-9]{{3}})+({mark_class}[0-9]*)?$")
    text = text.str.replace_all(group, "", literal=True).str.replace_all(mark, ".", literal=True)
    signed = nw.when(negative).then(nw.concat_str([nw.lit("-"), text])).otherwise(text)
    fits = signed.str.contains(r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$") & (~grouped | well)
    return nw.when(fits).then(signed)


def _bounded(value: nw.Expr) -> nw.Expr:
    return nw.when((value < LIMIT) & (value > -LIMIT)).then(value).cast(STORED)


def add_number(table: engine.Frame, raw: str, name: str, style: NumberStyle) -> engine.Frame:
    """Add column `raw` as an exact number; what does not read as one, is not finite or beyond 10^14 becomes null."""
    dtype = table.collect_schema()[raw]
    if dtype == nw.String:
        if not style.plain:
            table = table.with_columns(_cleaned(raw, style).alias("_clean"))
            return (
                engine.try_cast(table, "_clean", "decimal", name=name)
                .with_columns(_bounded(nw.col(name)).alias(name))
                .drop("_clean")
            )
        return engine.try_cast(table, raw, "decimal", name=name).with_columns(_bounded(nw.col(name)).alias(name))
    value = nw.col(raw)
    if dtype.is_float():
        value = nw.when(value.is_finite()).then(value)
    if not dtype.is_numeric():
        return table.with_columns(nw.lit(None, dtype=STORED).alias(name))
    return table.with_columns(_bounded(value).alias(name))
