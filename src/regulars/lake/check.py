"""Does a frame keep its table's contract? One clear refusal: table, column, rule, how many rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from regulars.errors import InputError
from regulars.lake.contract import CODE, CODES, LONGEST_CODE, NUMBER, Column, Contract
from regulars.words import T

STAMPED = ("source", "recorded_at", "revision")
"""Columns that writing fills in; a frame that was read from the lake may still carry them."""

_FIX = T(zh="改正这一列再导入。", en="Correct the column and import again.")


def refused(contract: Contract, column: str | None, rule: T, remedy: T = _FIX) -> InputError:
    """Return the refusal of a frame."""
    where = (
        T(zh=f"表 {contract.name}", en=f"table {contract.name}")
        if column is None
        else T(zh=f"表 {contract.name}，列 {column}", en=f"table {contract.name}, column {column}")
    )
    return InputError(rule, where=where, remedy=remedy)


def check_source(contract: Contract, source: str) -> None:
    """Refuse a source that is no code.

    Raises
    ------
    InputError
    """
    if not 0 < len(source) <= LONGEST_CODE:
        raise refused(
            contract,
            "source",
            T(zh="来源不是代码", en="the source is no code"),
            T(zh=f"用 1 到 {LONGEST_CODE} 个字符。", en=f"Use 1 to {LONGEST_CODE} characters."),
        )


def check_columns(contract: Contract, names: Sequence[str], types: Sequence[str]) -> None:
    """Refuse a frame that lacks a required column, has one too many, or holds another type.

    Raises
    ------
    InputError
    """
    brought = dict(zip(names, types, strict=True))
    known = {column.name: column for column in contract.columns}
    for name in brought:
        if name not in known and name not in STAMPED:
            raise refused(
                contract,
                name,
                T(zh="合同里没有这一列", en="the contract has no such column"),
                T(zh=f"去掉它；可用的列：{'、'.join(known)}。", en=f"Drop it; the columns are {', '.join(known)}."),
            )
    for column in contract.columns:
        found = brought.get(column.name)
        if found is None and column.required:
            raise refused(contract, column.name, T(zh="缺少这一列", en="the column is missing"))
        if found is not None and not _takes(column, found):
            raise refused(
                contract,
                column.name,
                T(zh=f"类型是 {found}，应是 {column.kind.sql}", en=f"it is {found} and should be {column.kind.sql}"),
            )


def _takes(column: Column, found: str) -> bool:
    return found == '"NULL"' or any(
        found == t or (t in ("DECIMAL", "ENUM") and found.startswith(t)) for t in column.kind.takes
    )


def _broken(contract: Contract, column: Column) -> Iterator[tuple[str, T]]:
    """Give each rule of a column as the SQL condition that breaks it, and its words."""
    name = f'"{column.name}"'
    if column.required:
        empty = f"{name} is null or {name}::varchar = ''" if column.kind is CODE else f"{name} is null"
        yield empty, T(zh="每行都要有值（空的：{n} 行）", en="every row needs a value (rows without: {n})")
    yield (
        f"{name} is not null and try_cast({name} as {column.kind.sql}) is null",
        T(
            zh=f"值要能放进 {column.kind.sql}（放不进：{{n}} 行）",
            en=f"values must fit {column.kind.sql} (rows that do not: {{n}})",
        ),
    )
    if column.one_of:
        allowed = ", ".join(f"'{value}'" for value in column.one_of)
        words = ", ".join(column.one_of)
        yield (
            f"{name}::varchar not in ({allowed})",
            T(zh=f"只能是 {words}（不是：{{n}} 行）", en=f"it is one of {words} (rows that are not: {{n}})"),
        )
    too_long = T(
        zh=f"数据湖只存代码，不存文字：最多 {LONGEST_CODE} 个字符（超过：{{n}} 行）",
        en=f"the lake keeps codes, no texts: {LONGEST_CODE} characters at most (rows with more: {{n}})",
    )
    if column.kind is CODE:
        yield f"length({name}::varchar) > {LONGEST_CODE}", too_long
    if column.kind is NUMBER:
        yield (
            f"not isfinite({name}::double)",
            T(zh="要是有限的数（不是：{n} 行）", en="it is a finite number (rows that are not: {n})"),
        )
    if column.kind is CODES:
        yield f"list_max(list_transform({name}, lambda c: length(c))) > {LONGEST_CODE}", too_long


def check_rows(contract: Contract, staged: duckdb.DuckDBPyRelation) -> None:
    """Refuse rows that break a rule of their column, naming the first broken rule and how many rows break it.

    Raises
    ------
    InputError
    """
    present = set(staged.columns)
    rules = [
        (column, *rule) for column in contract.columns if column.name in present for rule in _broken(contract, column)
    ]
    counts = staged.aggregate(", ".join(f"count(*) filter ({condition})" for _, condition, _ in rules)).fetchall()[0]
    for (column, _, words), n in zip(rules, counts, strict=True):
        if n:
            raise refused(contract, column.name, words.format(n=f"{n:,}"))


def check_key(contract: Contract, incoming: duckdb.DuckDBPyRelation) -> None:
    """Refuse rows that share a key.

    Raises
    ------
    InputError
    """
    key = [name for name in contract.key if name != "source"]
    names = ", ".join(f'"{name}"' for name in key)
    # Hashes first: they are small, and keys that share none are different.
    hashes = incoming.aggregate(f"hash({names}) as h, count(*) as n", f"hash({names})").filter("n > 1")
    if not hashes.limit(1).fetchall():
        return
    shared = incoming.aggregate(f"{names}, count(*) as n", names).filter("n > 1").aggregate("sum(n)").fetchall()[0]
    if shared[0]:
        raise refused(
            contract,
            ", ".join(key),
            T(
                zh=f"主键不能重复（重复：{shared[0]:,} 行）",
                en=f"the key names one row (rows that share theirs: {shared[0]:,})",
            ),
            T(zh="每个主键只留一行。", en="Keep one row a key."),
        )
