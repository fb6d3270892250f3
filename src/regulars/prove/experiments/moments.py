"""The few sums that an experiment is read from: counts, totals and cross-products by arm and stratum.

They are taken in the engine, as whole numbers: every value is written in steps fine enough that nine figures of the
largest one are kept, so that no order of rows and no number of threads changes a sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from regulars import engine
from regulars.engine import Frame
from regulars.prove.experiments.survey import ARM, MISSING, SIZE, STRATUM, UNIT, Survey

Floats = NDArray[np.float64]

FIGURES = 9
"""Decimal figures of the largest value that are kept: a product of two fits 64 bits."""
WHOLE = nw.Decimal(38, 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """The sums of one arm in one stratum, over units: customers, or households where these were assigned together.

    `sums` has one element a column, the first being the number of customers; `products` the sums over units of the
    products of their totals, column by column, NaN for two different outcomes: nothing asks for these. All columns but
    the first are measured from `Moments.reference`.
    """

    units: int
    sums: Floats
    products: Floats
    nonzero: tuple[int, ...]

    @property
    def customers(self) -> int:
        """Number of customers."""
        return round(float(self.sums[0]))

    def __add__(self, other: Cell) -> Cell:
        return Cell(
            self.units + other.units,
            self.sums + other.sums,
            self.products + other.products,
            tuple(a + b for a, b in zip(self.nonzero, other.nonzero, strict=True)),
        )

    @property
    def means(self) -> Floats:
        """Mean per customer of each column, from its reference."""
        return np.asarray(self.sums / self.sums[0], dtype=np.float64)

    @property
    def scatter(self) -> Floats:
        """Sums of products of what units deviate from the mean per customer: the middle of every variance here."""
        m = self.means
        lean = np.outer(m, self.products[0])
        spread: Floats = self.products - lean - lean.T + np.outer(m, m) * self.products[0, 0]
        return spread


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums by arm and stratum of the columns `outcomes` and `covariates`, in this order after the customers' own."""

    outcomes: tuple[str, ...]
    covariates: tuple[str, ...]
    reference: Floats
    cells: Mapping[tuple[str, str], Cell]

    @property
    def arms(self) -> tuple[str, ...]:
        """Arms that have anybody, in order of their names."""
        return tuple(sorted({arm for arm, _ in self.cells}))

    @property
    def strata(self) -> tuple[str, ...]:
        """Strata that have anybody, in order of their names."""
        return tuple(sorted({stratum for _, stratum in self.cells}))

    def arm(self, name: str) -> Cell:
        """Return the sums of one arm over all strata."""
        return total(cell for (arm, _), cell in self.cells.items() if arm == name)

    def by_stratum(self) -> dict[str, Cell]:
        """Return the sums of each stratum over all arms, in order of their names."""
        found: dict[str, Cell] = {}
        for (_, stratum), cell in self.cells.items():
            found[stratum] = found[stratum] + cell if stratum in found else cell
        return dict(sorted(found.items()))

    def merged(self, groups: Mapping[str, str]) -> Moments:
        """Return the same sums with strata put together under new names."""
        cells: dict[tuple[str, str], Cell] = {}
        for (arm, stratum), cell in self.cells.items():
            place = (arm, groups.get(stratum, stratum))
            cells[place] = cells[place] + cell if place in cells else cell
        return Moments(self.outcomes, self.covariates, self.reference, cells)


def total(cells: Iterable[Cell]) -> Cell:
    """Return the sum of at least one cell."""
    first, *rest = cells
    for cell in rest:
        first = first + cell
    return first


@dataclass(frozen=True, slots=True)
class Prepared:
    """A table whose columns are whole numbers of steps, one row a customer."""

    table: Frame
    outcomes: tuple[str, ...]
    covariates: tuple[str, ...]
    digits: tuple[int, ...]
    by_household: bool


def prepare(
    looked: Survey,
    *,
    outcomes: Sequence[str],
    covariates: Sequence[str] = (),
    strata: str | None = None,
    household: str | None = None,
    keep: Sequence[str] = (),
) -> Prepared:
    """Write the columns of a surveyed table as whole numbers.

    A covariate that some customers do not have is 0 for these, with an indicator ``…__missing`` beside it, so that
    nobody falls out. The columns `keep` come along as text.
    """
    table = looked.table
    group = nw.lit("") if strata is None else nw.col(strata).cast(nw.String).fill_null("")
    unit = [] if household is None else [nw.col(household).cast(nw.String).alias(UNIT)]
    figures = FIGURES if household is None else FIGURES - _figures_of(_largest_household(table, household))
    names, digits, whole = [], [], []
    for name in [*outcomes, *covariates]:
        column = looked.columns[name]
        value = nw.col(name).cast(nw.Float64)
        digits.append(figures - _figures_of(column.largest))
        known = nw.when(value.is_finite()).then(value).otherwise(nw.lit(0.0)) if name in covariates else value
        whole.append((known * 10.0 ** digits[-1] + 0.5).floor().cast(nw.Int64))
        names.append(name)
        if name in covariates and column.nulls:
            names.append(MISSING.format(name))
            digits.append(0)
            whole.append(nw.when(value.is_finite()).then(nw.lit(0)).otherwise(nw.lit(1)).cast(nw.Int64))
    columns = [each.alias(f"_{at}") for at, each in enumerate(whole, 1)]
    kept = [nw.col(name).cast(nw.String).alias(f"_keep_{at}") for at, name in enumerate(keep)]
    shaped = table.select(ARM, group.alias(STRATUM), *unit, *columns, *kept)
    n = len(outcomes)
    return Prepared(shaped, tuple(names[:n]), tuple(names[n:]), tuple(digits), household is not None)


def _figures_of(largest: float) -> int:
    """Return how many figures stand before the point: 3 for 250.0, 0 for nothing at all, −1 for 0.02."""
    return math.floor(math.log10(largest)) + 1 if largest > 0 else 0


def _largest_household(table: Frame, household: str) -> int:
    sizes = table.filter(~nw.col(household).is_null()).group_by(household).agg(nw.len().alias("n"))
    largest = engine.to_arrow(sizes.select(nw.col("n").max().alias("n")))["n"][0].as_py()
    return int(largest or 1)


def whole_moments(prepared: Prepared) -> Moments:
    """Return the sums over everybody."""
    return _collect(prepared, prepared.table, [])[None]


def moments_by(prepared: Prepared, keep: int) -> dict[str, Moments]:
    """Return the sums of each value of the column that was kept at this place; null is the value ""."""
    column = f"_keep_{keep}"
    named = prepared.table.with_columns(nw.col(column).fill_null("").alias(column))
    return {str(value): found for value, found in _collect(prepared, named, [column]).items()}


def _collect(prepared: Prepared, table: Frame, by: list[str]) -> dict[str | None, Moments]:
    n = len(prepared.digits)
    values = [f"_{at}" for at in range(1, n + 1)]
    keys = [ARM, STRATUM, *by]
    units = table.select(*keys, *values, nw.lit(1).cast(nw.Int64).alias(SIZE))
    if prepared.by_household:
        units = _households(table, keys, values)
    pairs = [(SIZE if i == 0 else f"_{i}", f"_{j}" if j else SIZE) for i, j in _wanted(prepared)]
    products = [(nw.col(a) * nw.col(b)).cast(WHOLE).alias(f"{a}x{b}") for a, b in pairs]
    outcomes = values[: len(prepared.outcomes)]
    bought = [nw.when(nw.col(name) != 0).then(nw.lit(1)).otherwise(nw.lit(0)).alias(f"{name}b") for name in outcomes]
    sums = units.with_columns(*products, *bought).group_by(*keys).agg(
        nw.len().cast(nw.Int64).alias("_units"),
        *[nw.col(name).sum().cast(WHOLE) for name in [SIZE, *values]],
        *[nw.col(f"{a}x{b}").sum() for a, b in pairs],
        *[nw.col(f"{name}b").sum().cast(nw.Int64) for name in outcomes],
    )  # fmt: skip
    rows: dict[str | None, list[dict[str, Any]]] = {}
    for row in engine.to_arrow(sums).to_pylist():
        rows.setdefault(row[by[0]] if by else None, []).append(row)
    return {value: _exact(prepared, found, [SIZE, *values]) for value, found in sorted(rows.items(), key=_first)}


def _wanted(prepared: Prepared) -> list[tuple[int, int]]:
    """Return the pairs of columns whose products are taken: all but those of two different outcomes."""
    k, outcomes = 1 + len(prepared.digits), range(1, 1 + len(prepared.outcomes))
    every = combinations_with_replacement(range(k), 2)
    return [(i, j) for i, j in every if i == j or i not in outcomes or j not in outcomes]


def _first(item: tuple[str | None, Any]) -> str:
    return item[0] or ""


def _households(table: Frame, keys: list[str], values: list[str]) -> Frame:
    """Return one row a household with its totals; who has none is a household of one."""
    one = nw.lit(1).cast(nw.Int64).alias(SIZE)
    alone = table.filter(nw.col(UNIT).is_null()).select(*keys, *values, one)
    together = (
        table.filter(~nw.col(UNIT).is_null())
        .group_by(*keys, UNIT)
        .agg(*[nw.col(name).sum().cast(nw.Int64) for name in values], nw.len().cast(nw.Int64).alias(SIZE))
    )
    return nw.concat([alone, together.select(*keys, *values, SIZE)], how="vertical")


def _exact(prepared: Prepared, rows: list[dict[str, Any]], names: list[str]) -> Moments:
    """Turn whole numbers into sums measured from the mean of all, exactly, before anything is rounded."""
    k, pairs = len(names), _wanted(prepared)
    scale = [1.0, *[10.0**-d for d in prepared.digits]]
    n = sum(int(row[SIZE]) for row in rows)
    whole = [0, *[sum(int(row[name]) for row in rows) for name in names[1:]]]  # customers are counted from 0
    cells = {}
    for row in rows:
        s = [int(row[name]) for name in names]
        raw = {pair: int(row[f"{names[pair[0]]}x{names[pair[1]]}"]) for pair in pairs}
        moved = np.full((k, k), np.nan)
        for i, j in pairs:
            # n² times Σ (v_i − m·mean_i)(v_j − m·mean_j), in whole numbers
            about = n * (n * raw[i, j] - whole[i] * raw[0, j] - whole[j] * raw[0, i]) + whole[i] * whole[j] * raw[0, 0]
            moved[i, j] = moved[j, i] = about / n**2 * scale[i] * scale[j]
        sums = np.array([(n * s[i] - whole[i] * s[0]) / n * scale[i] for i in range(k)])
        nonzero = tuple(int(row[f"{name}b"]) for name in names[1 : 1 + len(prepared.outcomes)])
        cells[row[ARM], row[STRATUM]] = Cell(int(row["_units"]), sums, moved, nonzero)
    reference = np.array([whole[i] / n * scale[i] for i in range(k)])
    return Moments(prepared.outcomes, prepared.covariates, reference, dict(sorted(cells.items())))
