"""One small table on every engine: a spec written once runs on DuckDB, Polars and Spark."""

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from regulars import engine

Make = Callable[[pa.Table], engine.Frame]
ENGINES = ["duckdb", "polars", pytest.param("spark", marks=pytest.mark.spark)]


@pytest.fixture(params=ENGINES)
def on_engine(request: pytest.FixtureRequest) -> Iterator[Make]:
    """Return a function that puts an Arrow table on one engine; the test runs once for each."""
    if request.param == "duckdb":
        # Not DuckDB's default connection: what works there alone does not work for a library user.
        connection = duckdb.connect()
        kept: list[Any] = []

        def on_duckdb(table: pa.Table) -> engine.Frame:
            kept.append(table)
            name = f"spec_{len(kept)}"
            connection.register(name, table)
            return engine.frame(connection.table(name))

        yield on_duckdb
        connection.close()
    elif request.param == "polars":
        yield lambda table: engine.frame(pl.from_arrow(table))
    else:
        spark = request.getfixturevalue("spark_session")
        spark.conf.set("spark.sql.timestampType", "TIMESTAMP_NTZ")  # a time without zone stays without one
        yield lambda table: engine.frame(spark.createDataFrame(table))
