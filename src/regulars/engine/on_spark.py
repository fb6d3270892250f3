"""The verbs on Spark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - Spark's own convention

TYPES = {"int": "bigint", "float": "double", "decimal": "decimal(38,4)", "date": "date", "timestamp": "timestamp_ntz"}

_DIRECTIVES = {
    "%Y": "yyyy", "%m": "M", "%d": "d", "%H": "H", "%M": "m", "%S": "s", "%y": "yy",
    "%b": "MMM", "%B": "MMMM", "%p": "a", "%I": "h", "%f": "SSSSSS", "%%": "%",
}  # fmt: skip


def persist(table: DataFrame) -> DataFrame:
    """Compute once and cut the result off from its origin.

    A cached table would still be planned the whole way back with every query on it.
    """
    return table.localCheckpoint()


def release(table: DataFrame) -> None:
    """Leave it to Spark: what a checkpoint holds goes with its last reference."""


def from_arrow(like: DataFrame, table: pa.Table) -> DataFrame:
    """Bring an Arrow table into the session of `like`."""
    return like.sparkSession.createDataFrame(table)


def scan_parquet(like: DataFrame, path: str) -> DataFrame:
    """Read a Parquet file."""
    return like.sparkSession.read.parquet(path)


def _point(at: str | date) -> Column:
    return F.to_date(F.col(at)) if isinstance(at, str) else F.lit(at).cast("date")


def days_between(table: DataFrame, start: str | date, end: str | date, name: str) -> DataFrame:
    """Add the whole days from `start` to `end`."""
    return table.withColumn(name, F.datediff(_point(end), _point(start)).cast("bigint"))


def add_days(table: DataFrame, start: str, days: str, name: str) -> DataFrame:
    """Add the date that many days after `start`."""
    return table.withColumn(name, F.date_add(_point(start), F.col(days).cast("int")))


def business_date(table: DataFrame, column: str, zone: str | None, name: str) -> DataFrame:
    """Add the calendar day in `zone`; a time without zone is local already."""
    moment = F.col(column)
    if zone is not None and dict(table.dtypes)[column] == "timestamp":
        session_zone = table.sparkSession.conf.get("spark.sql.session.timeZone") or "UTC"
        moment = F.convert_timezone(F.lit(session_zone), F.lit(zone), moment.cast("timestamp_ntz"))
    return table.withColumn(name, F.to_date(moment))


def try_cast(table: DataFrame, column: str, kind: str, name: str) -> DataFrame:
    """Add `column` as `kind`, null where the text does not read as one."""
    text = F.trim(F.col(column).cast("string"))
    if kind == "int":
        text = F.when(text.rlike(r"^[+-]?[0-9]+$"), text)
    return table.withColumn(name, text.try_cast(TYPES[kind]))


def _pattern(strftime: str) -> str:
    def one(found: re.Match[str]) -> str:
        piece = found[0]
        return _DIRECTIVES[piece] if piece.startswith("%") else f"'{piece}'"

    return re.sub(r"%.|[A-Za-z年月日时分秒]+", one, strftime)


def parse_time(table: DataFrame, column: str, formats: Sequence[str], name: str) -> DataFrame:
    """Add the timestamp that the first fitting of `formats` (strftime directives) reads, else null."""
    text: Any = F.trim(F.col(column).cast("string"))
    tries = [F.try_to_timestamp(text, F.lit(_pattern(f))).cast("timestamp_ntz") for f in formats]
    return table.withColumn(name, F.coalesce(*tries))


def stable_hash(table: DataFrame, column: str, salt: str, name: str) -> DataFrame:
    """Add the first seven hexadecimal digits of md5(salt + ":" + text) as a number."""
    salted = F.concat(F.lit(f"{salt}:"), F.col(column).cast("string"))
    return table.withColumn(name, F.conv(F.substring(F.md5(salted), 1, 7), 16, 10).cast("bigint"))


def money_mul(table: DataFrame, a: str, b: str, name: str) -> DataFrame:
    """Add the product as DECIMAL(38,4), half away from zero."""
    product = F.col(a).cast("decimal(18,4)") * F.col(b).cast("decimal(18,4)")
    return table.withColumn(name, product.cast("decimal(38,4)"))
