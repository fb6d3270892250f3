"""Which column of a file is which: by the name in its header, held against what the column contains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw
import pyarrow as pa

from regulars.ingest import moments, numerals
from regulars.ingest.headers import SYNONYMS, compact
from regulars.words import T

How = Literal["map", "name", "content"]
NUMBERS = ("quantity", "unit_price", "net_amount", "cost_amount", "unit_cost")
_MONEY = ("net_amount", "unit_price")


@dataclass(frozen=True, slots=True)
class Found:
    """One recognised column: the canonical name, the source's name, how it was recognised, and what to say of it."""

    canonical: str
    column: str
    how: How
    note: T | None = None

    def as_dict(self) -> dict[str, str]:
        """Return the form that reports carry."""
        return {"canonical": self.canonical, "column": self.column, "how": self.how}


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of one column before it is read: its type and the texts of a sample."""

    dtype: nw.dtypes.DType | type[nw.dtypes.DType]
    texts: list[str]


def look(sample: pa.Table, schema: Mapping[str, Any]) -> dict[str, Look]:
    """Return a look at each column of a sample."""
    looks = {}
    for name in sample.column_names:
        is_text = schema[name] == nw.String or schema[name].is_integer()
        texts = [str(v) for v in sample[name].to_pylist() if v is not None] if is_text else []
        looks[name] = Look(schema[name], [t for t in texts if t.strip()])
    return looks


def _share(texts: Sequence[str], reads: Callable[[str], bool]) -> float:
    few = texts[:500]
    return sum(map(reads, few)) / len(few) if few else 0.0


def is_moment(column: Look) -> bool:
    """Tell whether a column holds dates."""
    if column.dtype == nw.Date or isinstance(column.dtype, nw.Datetime):
        return True
    return bool(column.texts) and _share(column.texts, lambda t: moments.sniff([t])[0].known) >= 0.5


def is_number(column: Look) -> bool:
    """Tell whether a column holds numbers."""
    if column.dtype != nw.String:
        return bool(column.dtype.is_numeric())
    style = numerals.sniff(column.texts[:500])
    return bool(column.texts) and _share(column.texts, lambda t: numerals.reads(t, style)) >= 0.5


def _is_currency(column: Look) -> bool:
    return column.dtype == nw.String and _share(column.texts, lambda t: not any(c.isdigit() for c in t)) > 0.9


def _is_key(column: Look) -> bool:
    dtype = column.dtype
    return bool(dtype == nw.String or dtype.is_numeric()) or isinstance(dtype, nw.Categorical | nw.Enum)


_FITS: dict[str, Callable[[Look], bool]] = {
    "ordered_at": is_moment,
    "currency": _is_currency,
    "customer_id": _is_key,
    **dict.fromkeys(NUMBERS, is_number),
}


def _fits(canonical: str, column: Look) -> bool:
    test = _FITS.get(canonical)
    if test is None:
        return True
    if column.dtype == nw.String and not column.texts:
        return canonical not in ("ordered_at", *NUMBERS, "currency")
    return test(column)


def recognise(looks: Mapping[str, Look], given: Mapping[str, str]) -> list[Found]:
    """Return the columns found: those `given` first, then by name (the more telling name wins), then by content.

    Parameters
    ----------
    looks
        A look at each column of the source.
    given
        Canonical name → source column from the user's map; an empty column means "there is none".
    """
    found = {canonical: Found(canonical, column, "map") for canonical, column in given.items()}
    taken = set(given.values())
    names = {column: compact(column) for column in looks}
    for canonical, synonyms in SYNONYMS.items():
        if canonical in found:
            continue
        rank = {name: i for i, name in enumerate(synonyms)}
        candidates = sorted((c for c in looks if names[c] in rank and c not in taken), key=lambda c: rank[names[c]])
        chosen = next((c for c in candidates if _fits(canonical, looks[c])), None)
        if chosen is not None:
            found[canonical] = Found(canonical, chosen, "name")
            taken.add(chosen)
    _by_content(looks, found, taken)
    _by_name_alone(looks, found, taken, names)
    return [found[c] for c in SYNONYMS if c in found and found[c].column]


def _by_content(looks: Mapping[str, Look], found: dict[str, Found], taken: set[str]) -> None:
    """Add the one column that can be the date, and the one that can be the amount, where no name told."""
    if "ordered_at" not in found:
        dates = [c for c in looks if c not in taken and not looks[c].dtype.is_numeric() and is_moment(looks[c])]
        if len(dates) == 1:
            found["ordered_at"] = Found("ordered_at", dates[0], "content")
            taken.add(dates[0])
    if not any(c in found for c in _MONEY):
        amounts = [c for c in looks if c not in taken and _has_fraction(looks[c])]
        if len(amounts) == 1:
            found["net_amount"] = Found("net_amount", amounts[0], "content")
            taken.add(amounts[0])


def _by_name_alone(looks: Mapping[str, Look], found: dict[str, Found], taken: set[str], names: dict[str, str]) -> None:
    """Add a date or amount whose name is right and whose texts do not read: the refusal shows what stands there."""
    for canonical, instead in (("ordered_at", ("ordered_at",)), ("net_amount", _MONEY)):
        if any(c in found for c in instead):
            continue
        rank = {name: i for i, name in enumerate(SYNONYMS[canonical])}
        texts = [c for c in looks if names[c] in rank and c not in taken and looks[c].texts]
        texts = [c for c in texts if looks[c].dtype == nw.String]
        if texts:
            column = min(texts, key=lambda c: rank[names[c]])
            found[canonical] = Found(canonical, column, "name")
            taken.add(column)


def _has_fraction(column: Look) -> bool:
    """Tell whether a column looks like money: numbers, some with a fraction."""
    if column.dtype != nw.String:
        return bool(column.dtype.is_decimal() or column.dtype.is_float())
    return is_number(column) and any(not t.strip().lstrip("+-").isdigit() for t in column.texts)


def missing(found: Sequence[Found]) -> list[str]:
    """Return the required columns that were not found."""
    have = {f.canonical for f in found}
    lacking = [c for c in ("customer_id", "ordered_at") if c not in have]
    return lacking if have & set(_MONEY) else [*lacking, "net_amount"]
