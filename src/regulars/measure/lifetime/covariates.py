"""Covariates as numbers: columns read, categories coded against a stated base level, and what cannot be used named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from regulars.errors import InputError
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints
from regulars.words import T as Words

Columns = Mapping[str, npt.NDArray[Any]]

COLLINEAR = 1e-10
"""Share of a column's variance that the columns before it must leave open."""


@dataclass(frozen=True)
class Coding:
    """How columns become numbers, learnt on the data of the fit and applied to every later table.

    `levels` holds the levels of each category in order, the base level first: it has no column of its own, and every
    other level is measured against it.
    """

    columns: tuple[str, ...]
    levels: dict[str, tuple[str, ...]]

    @classmethod
    def learn(cls, got: Columns, columns: Sequence[str], base: Mapping[str, str]) -> Coding:
        """Return the coding of `columns`: numbers as they are; categories by sorted levels, the first one as base.

        Raises
        ------
        InputError
            For missing values, columns of neither numbers nor texts, and a base level that nobody has.
        """
        levels = {}
        for column in columns:
            values = _plain(got[column], column)
            if values.dtype.kind == "f":
                continue
            found = tuple(sorted(set(values.tolist())))
            first = base.get(column, found[0] if found else "")
            if first not in found:
                raise _unknown_level(column, {first}, found)
            levels[column] = (first, *(level for level in found if level != first))
        return cls(tuple(columns), levels)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the numeric columns: "age", "channel=web"."""
        return tuple(
            name
            for column in self.columns
            for name in ([f"{column}={v}" for v in self.levels[column][1:]] if column in self.levels else [column])
        )

    def matrix(self, got: Columns, n: int) -> Floats:
        """Return one row for each of the table's `n` and one column a name.

        Raises
        ------
        InputError
            For missing values, for a level that the fit has not seen, and for texts where the fit had numbers.
        """
        out = [np.zeros((n, 0))]
        for column in self.columns:
            values = _plain(got[column], column)
            if (values.dtype.kind != "f") != (column in self.levels):
                raise InputError(
                    Words(
                        zh="协变量 {c} 在拟合时和现在一处是数、一处是文字",
                        en="the covariate {c} is a number in one table and a text in the other",
                    ).format(c=column)
                )
            if column not in self.levels:
                out.append(values[:, None])
                continue
            unseen = set(values.tolist()) - set(self.levels[column])
            if unseen:
                raise _unknown_level(column, unseen, self.levels[column])
            out.append((values[:, None] == np.array(self.levels[column][1:], dtype=object)[None, :]).astype(np.float64))
        return np.concatenate(out, axis=1)


def _plain(values: npt.NDArray[Any], column: str) -> npt.NDArray[Any]:
    """Return a column as floats or as an object array of texts, none missing."""
    require_values(values, column)
    plain: npt.NDArray[Any] = values.astype(np.float64 if values.dtype.kind in "biuf" else object)
    if plain.dtype.kind == "f" or all(isinstance(v, str) for v in plain.tolist()):
        return plain
    try:
        return np.array([float(v) for v in plain.tolist()])
    except (TypeError, ValueError):
        raise InputError(
            Words(
                zh="协变量 {c} 既不全是数，也不全是文字", en="the covariate {c} holds neither numbers nor texts alone"
            ).format(c=column),
            remedy=Words(
                zh="日期先换成数，例如距今的年数。", en="Turn a date into a number first, such as years since."
            ),
        ) from None


def require_values(values: npt.NDArray[Any], column: str) -> None:
    """Check that no row of a column is empty.

    Raises
    ------
    InputError
        Saying how many are, and the first.
    """
    if values.dtype.kind in "biuf":
        missing = ~np.isfinite(values)
    else:
        missing = np.array([v is None or v == "" or (isinstance(v, float) and isnan(v)) for v in values.tolist()], bool)
    if missing.any():
        raise InputError(
            Words(
                zh="列 {c} 有 {n} 行没有值（第一处：第 {row} 行）",
                en="{c} is missing in {n} rows (first at row {row})",
            ).format(c=column, n=int(missing.sum()), row=int(np.argmax(missing)) + 1),
            remedy=Words(
                zh="补上，或把这些客户留在外面，或给“未知”一个自己的类别。",
                en="Fill it in, leave those customers out, or give the unknown a category of its own.",
            ),
        )


def _unknown_level(column: str, unseen: set[str], known: Sequence[str]) -> InputError:
    return InputError(
        Words(
            zh="协变量 {c} 没有见过的类别：{v}（有：{k}）", en="the covariate {c} has unknown levels: {v} (known: {k})"
        ).format(c=column, v=", ".join(sorted(unseen)), k=", ".join(known))
    )


def require_columns(columns: Sequence[str], present: Sequence[str]) -> None:
    """Check that the covariates named are there.

    Raises
    ------
    InputError
        Naming those that are not, and what there is.
    """
    missing = [c for c in columns if c not in present]
    if missing:
        raise InputError(
            Words(zh="没有这些协变量列：{m}（现有：{n}）", en="no such covariates: {m} (there are: {n})").format(
                m=", ".join(missing), n=", ".join(present)
            )
        )


@dataclass(frozen=True)
class Standard:
    """Mean and standard deviation of each numeric column, by which a fit is made well-conditioned."""

    mean: Floats
    scale: Floats

    @classmethod
    def of(cls, matrix: Floats, weight: Floats, names: Sequence[str]) -> Standard:
        """Return them for weighted rows.

        Raises
        ------
        InputError
            Naming a column that is the same for all, or that follows from columns before it: its effect could not be
            told from theirs.
        """
        total = weight.sum()
        mean = np.sum(weight[:, None] * matrix, axis=0) / total
        centred = matrix - mean
        scale = np.sqrt(np.sum(weight[:, None] * centred**2, axis=0) / total)
        for name, m, s in zip(names, mean, scale, strict=True):
            if s <= 1e-12 * max(abs(m), 1.0):
                raise InputError(
                    Words(
                        zh="协变量 {c} 对所有人都一样，它的作用与模型的尺度分不开",
                        en="the covariate {c} is the same for all: its effect cannot be told from the model's scale",
                    ).format(c=name),
                    remedy=Words(zh="去掉它。", en="Leave it out."),
                )
        z = centred / scale
        found = np.array([np.sum(weight[:, None] * z * z[:, j, None], axis=0) / total for j in range(len(names))])
        for j in range(1, len(names)):
            share = np.linalg.solve(found[:j, :j], found[:j, j])
            if 1.0 - float(np.sum(share * found[:j, j])) < COLLINEAR:
                others = [names[i] for i in range(j) if abs(share[i]) > 1e-6]
                raise InputError(
                    Words(
                        zh="协变量 {c} 完全由 {o} 决定，两者的作用分不开",
                        en="the covariate {c} follows from {o}: their effects cannot be told apart",
                    ).format(c=names[j], o=", ".join(others)),
                    remedy=Words(zh="去掉其中一个。", en="Leave one of them out."),
                )
        return cls(mean, scale)


def codes(columns: Sequence[npt.NDArray[Any]], n: int) -> tuple[Ints, Ints]:
    """Return one row of each distinct combination of `n` long columns, in sorted order, and each row's combination."""
    code = np.zeros(n, dtype=np.int64)
    first = np.zeros(min(n, 1), dtype=np.int64)
    for column in columns:
        distinct, inverse = np.unique(column, return_inverse=True)
        _, first, code = np.unique(code * len(distinct) + inverse, return_index=True, return_inverse=True)
    return first, code
