"""The verbs on DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import count

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb import (
    CaseExpression,
    CoalesceOperator,
    ColumnExpression,
    ConstantExpression,
    Expression,
    FunctionExpression,
    StarExpression,
)

from regulars.engine.session import session_of

Relation = duckdb.DuckDBPyRelation

_names = count()
TYPES = {"int": "BIGINT", "float": "DOUBLE", "decimal": "DECIMAL(38,4)", "date": "DATE", "timestamp": "TIMESTAMP"}


def persist(table: Relation) -> Relation:
    """Compute once: into a temporary table of our session, which can spill to disk, else into the client's memory."""
    ours = session_of(table)
    if ours is None:
        return table.materialize()
    name = f"regulars_{next(_names)}"
    table.query("_regulars_source", f"create temp table {name} as from _regulars_source")
    return ours.connection.table(name)


def release(table: Relation) -> None:
    """Drop the temporary table behind `persist`; what the client holds goes with its last reference."""
    name = table.alias
    if name.startswith("regulars_") and name[9:].isdigit():
        table.query("_regulars_source", f"drop table if exists {name}")


def from_arrow(like: Relation, table: pa.Table) -> Relation:
    """Copy an Arrow table into the connection of `like`; it does not depend on either afterwards.

    In our own session without a look at Python's variables: a session that is locked to its folders may not take one.
    """
    ours = session_of(like)
    if ours is not None:
        return ours.connection.from_arrow(table).materialize()
    regulars_incoming = table  # noqa: F841 - DuckDB reads the local variable by its name
    incoming = like.query("_regulars_source", "from regulars_incoming")
    assert incoming is not None
    return incoming.materialize()


def scan_parquet(like: Relation, path: str) -> Relation:
    """Read a Parquet file: lazily in our session, at once on a connection that is not ours."""
    ours = session_of(like)
    if ours is not None:
        return ours.connection.read_parquet(path)
    return from_arrow(like, pq.read_table(path))


def write_parquet(table: Relation, path: str) -> None:
    """Write in the order of the rows; a dictionary only where values repeat: a third less work for the same size."""
    target = path.replace("'", "''")
    options = "format parquet, compression zstd, compression_level 1, dictionary_size_limit 1000, row_group_size 122880"
    table.query("_regulars_source", f"copy _regulars_source to '{target}' ({options})")


def _with(table: Relation, name: str, expression: Expression) -> Relation:
    if name in table.columns:
        return table.project(StarExpression(exclude=[name]), expression.alias(name))
    return table.project(StarExpression(), expression.alias(name))


def _point(at: str | date) -> Expression:
    return ColumnExpression(at).cast("DATE") if isinstance(at, str) else ConstantExpression(at).cast("DATE")


def days_between(table: Relation, start: str | date, end: str | date, name: str) -> Relation:
    """Add the whole days from `start` to `end`."""
    return _with(table, name, (_point(end) - _point(start)).cast("BIGINT"))


def add_days(table: Relation, start: str, days: str, name: str) -> Relation:
    """Add the date that many days after `start`."""
    return _with(table, name, (_point(start) + ColumnExpression(days).cast("INTEGER")).cast("DATE"))


def business_date(table: Relation, column: str, zone: str | None, name: str) -> Relation:
    """Add the calendar day in `zone`; a time without zone is local already."""
    moment = ColumnExpression(column)
    if zone is not None and "TIME ZONE" in str(dict(zip(table.columns, table.types, strict=True))[column]):
        moment = FunctionExpression("timezone", ConstantExpression(zone), moment)
    return _with(table, name, moment.cast("DATE"))


def try_cast(table: Relation, column: str, kind: str, name: str) -> Relation:
    """Add `column` as `kind`, null where the text does not read as one."""
    text = FunctionExpression("trim", ColumnExpression(column).cast("VARCHAR"))
    if kind == "int":
        pattern = ConstantExpression(r"[+-]?[0-9]+")
        text = CaseExpression(FunctionExpression("regexp_full_match", text, pattern), text)
    return _with(table, name, FunctionExpression("try", text.cast(TYPES[kind])))


def parse_time(table: Relation, column: str, formats: Sequence[str], name: str) -> Relation:
    """Add the timestamp that the first fitting of `formats` (strftime directives) reads, else null."""
    text = FunctionExpression("trim", ColumnExpression(column).cast("VARCHAR"))
    tries = [FunctionExpression("try_strptime", text, ConstantExpression(f)).cast("TIMESTAMP") for f in formats]
    return _with(table, name, CoalesceOperator(*tries) if len(tries) > 1 else tries[0])


def stable_hash(table: Relation, column: str, salt: str, name: str) -> Relation:
    """Add the first seven hexadecimal digits of md5(salt + ":" + text) as a number."""
    salted = FunctionExpression("concat", ConstantExpression(f"{salt}:"), ColumnExpression(column).cast("VARCHAR"))
    digits = FunctionExpression("left", FunctionExpression("md5", salted), ConstantExpression(7))
    return _with(table, name, FunctionExpression("concat", ConstantExpression("0x"), digits).cast("BIGINT"))


def money_mul(table: Relation, a: str, b: str, name: str) -> Relation:
    """Add the product as DECIMAL(38,4), half away from zero."""
    product = ColumnExpression(a).cast("DECIMAL(18,4)") * ColumnExpression(b).cast("DECIMAL(19,4)")
    return _with(table, name, product.cast("DECIMAL(38,4)"))
