"""What the models read of a base: repeat purchases x, time of the last one t_x, age T; grouped, never coarsened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from regulars.errors import InputError
from regulars.periods import unit_days
from regulars.words import T as Words

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Triples:
    """Distinct (x, t_x, T) with counts, sorted by x, then T, then t_x; sums over them have one fixed order."""

    x: Floats
    t_x: Floats
    T: Floats
    count: Floats

    @cached_property
    def distinct_x(self) -> tuple[Floats, Ints]:
        """Distinct x and each triple's position among them."""
        return _codes(self.x)

    @cached_property
    def distinct_t(self) -> tuple[Floats, Ints]:
        """Distinct t_x and each triple's position among them."""
        return _codes(self.t_x)

    @cached_property
    def distinct_T(self) -> tuple[Floats, Ints]:
        """Distinct T and each triple's position among them."""
        return _codes(self.T)

    @cached_property
    def size(self) -> float:
        """Number of customers."""
        return float(self.count.sum())

    def every(self, stride: int) -> Triples:
        """Return every `stride`-th triple with its count: a subset to start a fit from."""
        return Triples(self.x[::stride], self.t_x[::stride], self.T[::stride], self.count[::stride])

    def scaled(self, scale: float) -> Triples:
        """Return the same triples with times divided by `scale`."""
        return Triples(self.x, self.t_x / scale, self.T / scale, self.count)


def _codes(values: Floats) -> tuple[Floats, Ints]:
    distinct, inverse = np.unique(values, return_inverse=True)
    return distinct, inverse.astype(np.int64).reshape(values.shape)


def _key(columns: list[npt.NDArray[Any]]) -> tuple[Ints, list[npt.NDArray[Any]], list[int]]:
    """Return one integer a row that orders and identifies the rows, with the distinct values of each column."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    values, sizes = [], []
    for column in columns:
        if column.dtype.kind in "iu" and len(column) and column.min() >= 0 and column.max() < 1_000_000:
            distinct, codes = np.arange(int(column.max()) + 1), column.astype(np.int64)
        else:
            distinct, codes = np.unique(column, return_inverse=True)
        key = key * len(distinct) + codes
        values.append(distinct)
        sizes.append(len(distinct))
    return key, values, sizes


def _decode(key: Ints, values: list[npt.NDArray[Any]], sizes: list[int]) -> list[npt.NDArray[Any]]:
    out = []
    for distinct, size in zip(reversed(values), reversed(sizes), strict=True):
        out.append(distinct[key % size])
        key = key // size
    return out[::-1]


@dataclass(frozen=True)
class Rows:
    """One row a customer: x, t_x and T in the model's unit, with whole days beside them where they are known."""

    x: Floats
    t_x: Floats
    T: Floats
    t_x_days: Ints | None = None
    T_days: Ints | None = None
    unit: str = "week"

    def _columns(self, *names: str) -> list[npt.NDArray[Any]]:
        whole = self.T_days is not None
        x = self.x.astype(np.int64)
        return [x if n == "x" else getattr(self, f"{n}_days" if whole else n) for n in names]

    def _times(self, column: npt.NDArray[Any]) -> Floats:
        return column / unit_days(self.unit) if self.T_days is not None else column.astype(np.float64)

    def triples(self) -> Triples:
        """Group the rows."""
        key, values, sizes = _key(self._columns("x", "T", "t_x"))
        distinct, count = np.unique(key, return_counts=True)
        x, T, t_x = _decode(distinct, values, sizes)
        return Triples(x.astype(np.float64), self._times(t_x), self._times(T), count.astype(np.float64))

    def grouped(self) -> tuple[Triples, Ints]:
        """Group the rows and return each row's position among the groups beside them."""
        key, values, sizes = _key(self._columns("x", "T", "t_x"))
        distinct, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
        x, T, t_x = _decode(distinct, values, sizes)
        return Triples(x.astype(np.float64), self._times(t_x), self._times(T), count.astype(np.float64)), inverse


def cells(x: Floats, T: Floats) -> tuple[Floats, Floats, Ints]:
    """Return the distinct (x, T) and each row's position among them."""
    key, values, sizes = _key([x.astype(np.int64), T])
    distinct, inverse = np.unique(key, return_inverse=True)
    cell_x, cell_T = _decode(distinct, values, sizes)
    return cell_x.astype(np.float64), cell_T.astype(np.float64), inverse.reshape(x.shape)


def as_rows(x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, unit: str = "week") -> Rows:
    """Check arrays of x, t_x and T against what the models assume.

    Raises
    ------
    InputError
        For a missing or infinite number, a negative or fractional x, t_x outside [0, T], or t_x > 0 without a
        repeat purchase: the message counts the rows.
    """
    x, t_x, T = (np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in np.broadcast_arrays(x, t_x, T))
    for bad, why in (
        (~(np.isfinite(x) & np.isfinite(t_x) & np.isfinite(T)),
         Words(zh="x、t_x 或 T 不是有限的数", en="x, t_x or T is not a finite number")),
        ((x < 0) | (x != np.floor(x)), Words(zh="x 不是 0 或正整数", en="x is not a whole number from 0 up")),
        ((t_x < 0) | (t_x > T * (1 + 1e-12)), Words(zh="t_x 不在 0 与 T 之间", en="t_x is not between 0 and T")),
        ((x == 0) & (t_x > 0), Words(zh="没有复购却有 t_x", en="t_x is above 0 without a repeat purchase")),
    ):  # fmt: skip
        n = int(np.count_nonzero(bad))
        if n:
            raise InputError(
                Words(zh="{n} 行：{why}（第一处：第 {row} 行）", en="{n} rows: {why} (first at row {row})").format(
                    n=n, why=why, row=int(np.argmax(bad)) + 1
                ),
                remedy=Words(
                    zh="x 是首购之后的购买次数，t_x 是首购到最后一次购买的时间，T 是首购到统计日的时间。",
                    en="x counts purchases after the first; t_x runs from the first to the last, T to the as-of date.",
                ),
            )
    return Rows(x, np.minimum(t_x, T), T, unit=unit)


def collect(summary: Any, wanted: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, npt.NDArray[Any]]:
    """Return columns of any frame as NumPy arrays, in the frame's row order.

    Raises
    ------
    InputError
        When a wanted column is missing; the message names it and the columns that are there.
    """
    frame = nw.from_native(summary)
    names = frame.collect_schema().names()
    missing = [n for n in wanted if n not in names]
    if missing:
        raise InputError(
            Words(zh="缺少列 {m}（现有：{n}）", en="columns {m} are missing (there are: {n})").format(
                m=", ".join(missing), n=", ".join(names)
            ),
            remedy=Words(
                zh="先用 regulars.measure.customer_summary 汇总订单。",
                en="Summarise the orders with regulars.measure.customer_summary first.",
            ),
        )
    chosen = frame.select([*wanted, *(n for n in optional if n in names)])
    table = chosen.collect("pyarrow") if isinstance(chosen, nw.LazyFrame) else chosen
    return {n: np.asarray(table[n].to_numpy()) for n in table.columns}


def rows_of(summary: Any, unit: str) -> Rows:
    """Read x, t_x and T of a summary frame; whole days are used where the frame has t_x_days and T_days.

    Raises
    ------
    InputError
        As `as_rows`; and where T and T_days show that the summary counts in another unit than the model.
    """
    got = collect(summary, ("x", "t_x", "T"), ("t_x_days", "T_days"))
    rows = as_rows(got["x"], got["t_x"], got["T"], unit)
    if "T_days" not in got or "t_x_days" not in got or not len(rows.x):
        return rows
    days, per = got["T_days"], unit_days(unit)
    if not np.allclose(rows.T * per, days.astype(np.float64), rtol=1e-6, atol=1e-6):
        raise InputError(
            Words(
                zh="汇总的时间单位不是模型的 {u}", en="the summary does not count time in the model's unit, {u}"
            ).format(u=unit),
            remedy=Words(zh="汇总与模型用同一个 unit。", en="Use the same unit for the summary and the model."),
        )
    return Rows(rows.x, rows.t_x, rows.T, got["t_x_days"].astype(np.int64), days.astype(np.int64), unit)
