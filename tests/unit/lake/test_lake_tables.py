"""Every declared table takes rows by its contract and gives them back, from whatever frame they come in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.unit.lake.rows import FIRST, LATER, line, lines, stored, table_of

from regulars import engine
from regulars.lake import CONTRACTS, Column, Lake
from regulars.lake.contract import CODE, CODES

CELLS: dict[str, st.SearchStrategy[Any]] = {
    "id": st.integers(-(2**63), 2**63 - 1),
    "count": st.integers(-(2**63), 2**63 - 1),
    "code": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200),
    "label": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300),
    "codes": st.lists(st.text("abc=", max_size=5), max_size=3),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "money": st.decimals(Decimal(-(10**13)), Decimal(10**13), places=4),
    "quantity": st.decimals(Decimal(-(10**13)), Decimal(10**13), places=4),
    "day": st.dates(date(1900, 1, 1), date(2999, 12, 31)),
    "moment": st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC)),
    "flag": st.booleans(),
}


def cell(column: Column) -> st.SearchStrategy[Any]:
    """Any value that the contract allows in a column."""
    values = st.sampled_from(column.one_of) if column.one_of else CELLS[column.kind.name]
    if not column.required:
        return st.none() | values
    return values.filter(lambda code: code != "") if column.kind is CODE else values


def rows(name: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """A few rows of a table, no two with the same key."""
    contract = CONTRACTS[name]
    row = st.fixed_dictionaries({column.name: cell(column) for column in contract.columns})
    key = [column for column in contract.key if column != "source"]
    return st.lists(row, min_size=1, max_size=4, unique_by=lambda row: tuple(row[name] for name in key))


def by_key(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as the contract's columns, in the order of their key."""
    contract = CONTRACTS[name]
    key = [column for column in contract.key if column != "source"]
    columns = [column.name for column in contract.columns]
    chosen = [{column: row[column] for column in columns} for row in rows]
    return sorted(chosen, key=lambda row: [str(row[column]) for column in key])


@pytest.mark.parametrize("name", CONTRACTS)
@settings(max_examples=5, phases=[Phase.explicit, Phase.generate])  # each example is a lake: shrinking takes minutes
@given(data=st.data())
def test_what_is_written_is_read(name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory):
    brought = data.draw(rows(name))
    lake = Lake(tmp_path_factory.mktemp("lake"), threads=1, memory_limit="200MB")
    written = lake.write(name, table_of(name, brought), source="test", recorded_at=FIRST)
    assert written.new == len(brought)
    assert by_key(name, stored(lake, name)) == by_key(name, brought)
    again = lake.write(name, table_of(name, brought[::-1]), source="test", recorded_at=LATER)
    assert (again.same, again.version) == (len(brought), written.version)


FRAMES = {
    "Arrow": lambda table: table,
    "Polars": pl.from_arrow,
    "Polars, lazy": lambda table: pl.from_arrow(table).lazy(),
    "Regulars": engine.frame,
}


@pytest.mark.parametrize("kind", FRAMES)
def test_any_frame_will_do(lake: Lake, kind: str):
    table = lines(line("A"), line("B", None, cost_amount=Decimal("1.5")))
    frame = FRAMES[kind](table)
    assert lake.write("transaction_lines", frame, source="shop", recorded_at=FIRST).new == 2
    assert lake.write("transaction_lines", table, source="shop", recorded_at=LATER).same == 2
    assert [row["customer_id"] for row in stored(lake)] == [1, None]


def test_a_relation_of_another_connection_will_do(lake: Lake):
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        relation = connection.from_arrow(lines(line("A"), line("B")))
        assert lake.write("transaction_lines", relation, source="shop", recorded_at=FIRST).new == 2
    assert len(stored(lake)) == 2


def test_a_table_may_be_written_from_the_lake_itself(lake: Lake):
    """What is stamped on rows is stamped anew, so a copy under another source is a copy."""
    lake.write("transaction_lines", lines(line("A"), line("B")), source="shop", recorded_at=FIRST)
    with engine.session(threads=1):
        copy = lake.table("transaction_lines")
        written = lake.write("transaction_lines", copy, source="till", recorded_at=LATER)
    assert written.new == 2
    assert [(row["source"], row["recorded_at"]) for row in stored(lake)] == [("shop", FIRST)] * 2 + [
        ("till", LATER)
    ] * 2


def test_an_empty_frame_writes_nothing(lake: Lake):
    nothing = lines(line("A")).slice(0, 0)
    assert lake.write("transaction_lines", nothing, source="shop", recorded_at=FIRST).new == 0
    assert stored(lake) == []


def test_columns_that_are_all_empty_need_no_type(lake: Lake):
    untyped = lines(line("A")).append_column("store", pa.nulls(1))
    assert lake.write("transaction_lines", untyped, source="shop", recorded_at=FIRST).new == 1
    assert stored(lake)[0]["store"] is None


def test_leaving_a_column_out_is_to_say_that_it_is_empty(lake: Lake):
    lake.write("transaction_lines", lines(line("A", store="east")), source="shop", recorded_at=FIRST)
    assert lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=LATER).changed == 1
    assert stored(lake)[0]["store"] is None


def test_revisions_count_up_and_every_one_stays_readable(lake: Lake):
    versions = []
    for number in range(4):
        table = lines(line("A", net_amount=Decimal(number)), line("B"))
        versions.append(lake.write("transaction_lines", table, source="shop", recorded_at=FIRST).version)
    assert [row["revision"] for row in stored(lake)] == [4, 1]
    then = [stored(lake, at=version)[0] for version in versions]
    assert [(row["net_amount"], row["revision"]) for row in then] == [(Decimal(n), n + 1) for n in range(4)]


def test_every_kind_of_cell_is_drawn_above():
    assert {c.kind.name for contract in CONTRACTS.values() for c in contract.columns} == set(CELLS)
    assert CODES.sql == "VARCHAR[]"
