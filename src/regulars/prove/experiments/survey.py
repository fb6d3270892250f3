"""What a table of an experiment holds, looked over before anything is reckoned: each fault in one clear line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import narwhals as nw

from regulars import engine
from regulars.engine import Frame
from regulars.errors import InputError
from regulars.words import T

ARM, STRATUM, UNIT, SIZE = "_arm", "_stratum", "_unit", "_size"
MISSING = "{}__missing"
"""The indicator beside a covariate that some customers do not have."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: the largest size of its values, how many are null, and whether they differ at all."""

    name: str
    largest: float
    nulls: int
    constant: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """The table's assigned customers, the arms among them, and what its columns hold."""

    table: Frame
    arms: tuple[str, ...]
    columns: dict[str, Column]
    unassigned: int


def survey(
    table: Frame,
    *,
    arm: str,
    control: str,
    outcomes: Sequence[str],
    covariates: Sequence[str],
    key: str | None = None,
) -> Survey:
    """Look a table over and refuse what cannot be read.

    Raises
    ------
    InputError
        For a column that is not numeric, a customer who stands twice, a control group or a treated arm
        that is empty, an outcome that somebody assigned does not have, a covariate that is the same for everybody or
        known of nobody.
    """
    numeric = [*outcomes, *covariates]
    _refuse_text(table, numeric)
    named = table.with_columns(nw.col(arm).cast(nw.String).alias(ARM))
    counted = engine.to_arrow(named.group_by(ARM).agg(nw.len().alias("n"))).to_pylist()
    sizes = {row[ARM]: int(row["n"]) for row in counted}
    unassigned = sizes.pop(None, 0)
    arms = tuple(sorted(sizes))
    _refuse_arms(arms, arm, control)
    assigned = named.filter(~nw.col(ARM).is_null())
    if key is not None:
        _refuse_twice(assigned, key)
    columns = describe(assigned, numeric)
    for name in outcomes:
        _refuse_gaps(columns[name])
    for name in covariates:
        _refuse_constant(columns[name], sum(sizes.values()))
    return Survey(assigned, arms, columns, unassigned)


def refuse_unknown(table: Frame, wanted: Sequence[str]) -> None:
    """Refuse a column that is not there.

    Raises
    ------
    InputError
        Naming those that are.
    """
    there = table.collect_schema().names()
    for name in wanted:
        if name not in there:
            raise InputError(
                T(zh=f"没有“{name}”这一列", en=f"there is no column {name!r}"),
                remedy=T(zh=f"有这些列：{'、'.join(there)}。", en=f"The columns are: {', '.join(there)}."),
            )


def _refuse_text(table: Frame, numeric: Sequence[str]) -> None:
    schema = table.collect_schema()
    for name in numeric:
        if not (schema[name].is_numeric() or schema[name] == nw.Boolean):
            raise InputError(
                T(zh=f"“{name}”这一列不是数字", en=f"the column {name!r} does not hold numbers"),
                remedy=T(
                    zh="结果和协变量必须是数字；没买就写 0。",
                    en="Outcomes and covariates are numbers; nothing bought is 0.",
                ),
            )


def _refuse_arms(arms: Sequence[str], column: str, control: str) -> None:
    if control not in arms:
        raise InputError(
            T(zh=f"“{column}”里没有对照组 {control!r}", en=f"{column!r} has no control group {control!r}"),
            remedy=T(zh=f"里面有：{'、'.join(arms) or '（没有人）'}。", en=f"It holds: {', '.join(arms) or 'nobody'}."),
        )
    if len(arms) < 2:
        raise InputError(
            T(zh=f"除了对照组 {control!r} 没有别的组", en=f"there is nobody beside the control group {control!r}"),
            remedy=T(zh="至少要有一个处理组。", en="At least one treated arm is needed."),
        )


def refuse_costs(costs: Mapping[str, Decimal | float | int], arms: Sequence[str]) -> None:
    """Refuse a cost of no arm, or one that is no number.

    Raises
    ------
    InputError
        Naming the arms.
    """
    for name, cost in costs.items():
        if name not in arms:
            raise InputError(
                T(zh=f"没有叫 {name!r} 的组，却给了它成本", en=f"there is no arm {name!r} to bear a cost"),
                remedy=T(zh=f"有这些组：{'、'.join(arms)}。", en=f"The arms are: {', '.join(arms)}."),
            )
        if not math.isfinite(cost):
            raise InputError(
                T(zh=f"成本不能是 {cost}", en=f"a cost cannot be {cost}"),
                remedy=T(zh="写成 0.5 这样。", en="Write it like 0.5."),
            )


def refuse_shares(shares: Mapping[str, float], arms: Sequence[str]) -> None:
    """Refuse planned shares that are not one for each arm.

    Raises
    ------
    InputError
        Naming the arm that has a share and nobody in it, or customers and no share.
    """
    for name in sorted(shares.keys() | set(arms)):
        if name not in arms:
            raise InputError(
                T(zh=f"{name!r} 组一个客户也没有", en=f"nobody is in the arm {name!r}, which has a share"),
                remedy=T(zh=f"有这些组：{'、'.join(arms)}。", en=f"The arms are: {', '.join(arms)}."),
            )
        if not shares.get(name, 0) > 0:
            raise InputError(
                T(zh=f"没有说 {name!r} 组本来该占多少", en=f"the arm {name!r} has no planned share"),
                remedy=T(zh="每组都写一个比例。", en="Give one for each arm."),
            )


def _refuse_twice(table: Frame, key: str) -> None:
    rows = table.group_by(key).agg(
        nw.len().alias("n"), nw.col(ARM).min().alias("first"), nw.col(ARM).max().alias("last")
    )
    found = engine.to_arrow(rows.filter(nw.col("n") > 1).sort(key).head(1)).to_pylist()
    if not found:
        return
    who, first, last = found[0][key], found[0]["first"], found[0]["last"]
    if first != last:
        what = T(
            zh=f"客户 {who} 同时在 {first} 和 {last} 两组里",
            en=f"customer {who} stands in two arms, {first} and {last}",
        )
    else:
        what = T(zh=f"客户 {who} 出现了不止一次", en=f"customer {who} stands there more than once")
    raise InputError(
        what,
        remedy=T(
            zh="一位客户一行，只在一个组：按当初的分组写。",
            en="One row a customer, in one arm: the one that was assigned.",
        ),
    )


def describe(table: Frame, names: Sequence[str]) -> dict[str, Column]:
    """Return what columns of numbers hold."""
    figures: list[nw.Expr] = []
    for at, name in enumerate(dict.fromkeys(names)):
        value = nw.col(name).cast(nw.Float64)
        usable = nw.when(value.is_finite()).then(value)
        figures += [
            usable.min().alias(f"low{at}"),
            usable.max().alias(f"high{at}"),
            usable.count().cast(nw.Int64).alias(f"known{at}"),
        ]
    row: dict[str, Any] = engine.to_arrow(table.select(nw.len().alias("n"), *figures)).to_pylist()[0]
    found = {}
    for at, name in enumerate(dict.fromkeys(names)):
        low, high, nulls = row[f"low{at}"], row[f"high{at}"], int(row["n"] - row[f"known{at}"])
        largest = 0.0 if low is None else max(abs(low), abs(high))
        found[name] = Column(name, largest, nulls, low == high)
    return found


def _refuse_gaps(column: Column) -> None:
    if column.nulls:
        n = column.nulls
        raise InputError(
            T(zh=f"{n:,} 位客户没有“{column.name}”的值", en=f"customers without a value in {column.name!r}: {n:,}"),
            remedy=T(
                zh="每位分到组的客户都要算进来：什么都没买就写 0。",
                en="Everybody who was assigned counts: write 0 where nothing was bought.",
            ),
        )


def _refuse_constant(column: Column, customers: int) -> None:
    if column.nulls == customers:
        raise InputError(
            T(
                zh=f"“{column.name}”谁都没有：没有活动之前的数据",
                en=f"{column.name!r} is known of nobody: there is no period before",
            ),
            remedy=T(zh="去掉这个协变量，或补上分组之前的数据。", en="Leave it out, or bring what was known before."),
        )
    if column.constant and not column.nulls:
        raise InputError(
            T(
                zh=f"协变量“{column.name}”对每位客户都一样",
                en=f"the covariate {column.name!r} is the same for everybody",
            ),
            remedy=T(zh="去掉它：它什么也解释不了。", en="Leave it out: it explains nothing."),
        )
