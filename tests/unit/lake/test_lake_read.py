"""Reading: which rows, which version, and how little of the disk for one customer."""

from __future__ import annotations

import pyarrow as pa
import pytest
from tests.unit.lake.rows import FIRST, LATER, line, lines, stored

from regulars import engine
from regulars.errors import InputError
from regulars.lake import CONTRACTS, Lake, Snapshot, contracts
from regulars.lake.contract import CODE, Column, Contract


@pytest.mark.usefixtures("reading")
@pytest.mark.parametrize("name", CONTRACTS)
def test_a_table_that_was_never_written_is_empty(lake: Lake, name):
    table = engine.to_arrow(lake.table(name))
    assert table.num_rows == 0
    assert table.schema.names == [column.name for column in CONTRACTS[name].stored]


@pytest.mark.parametrize("n_named", [1, 3, 80])
def test_the_rows_of_some_customers(lake: Lake, n_named):
    rows = [line(f"O{i}", i) for i in range(200)] + [line("nobody", None)]
    lake.write("transaction_lines", lines(*rows), source="shop", recorded_at=FIRST)
    named = [1000, *range(50, 49 + n_named)]
    found = [row["customer_id"] for row in stored(lake, customers=named)]
    assert sorted(found) == sorted(set(named) - {1000})
    assert stored(lake, customers=[]) == []


def test_files_that_cannot_hold_a_customer_are_not_opened(lake: Lake):
    for customer in (1, 2):
        lake.write("transaction_lines", lines(line(f"O{customer}", customer)), source="shop", recorded_at=FIRST)
    for file in lake.folder("transaction_lines").glob("*.parquet"):
        if b"O2" in file.read_bytes():
            file.unlink()
    assert [row["order_id"] for row in stored(lake, customers=[1])] == ["O1"]
    with pytest.raises(InputError, match="were tidied away"):
        stored(lake, customers=[2])


def test_old_versions_stay_as_they_were(lake: Lake):
    lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    then = lake.snapshot()
    lake.write("transaction_lines", lines(line("A", store="east"), line("B")), source="shop", recorded_at=LATER)
    assert [(row["order_id"], row["store"]) for row in stored(lake, at=then)] == [("A", None)]
    assert [(row["order_id"], row["store"]) for row in stored(lake, at=then.versions["transaction_lines"])] == [
        ("A", None)
    ]
    assert [(row["order_id"], row["store"]) for row in stored(lake)] == [("A", "east"), ("B", None)]


def test_a_table_that_a_snapshot_does_not_know_is_empty_there(lake: Lake):
    before = lake.snapshot()
    lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    assert before == Snapshot({})
    assert stored(lake, at=before) == []


@pytest.mark.parametrize("at", [-1, 99])
@pytest.mark.parametrize("written", [False, True])
def test_a_version_that_does_not_exist_is_an_error(lake: Lake, at, written):
    if written:
        lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    with pytest.raises(InputError, match=f"transaction_lines: there is no version {at}"):
        stored(lake, at=at)


def test_reading_needs_an_open_session(lake: Lake):
    with pytest.raises(RuntimeError, match="session"):
        lake.table("customers")


@pytest.mark.usefixtures("reading")
def test_two_tables_can_be_joined(lake: Lake):
    lake.write("transaction_lines", lines(line("A", 1), line("B", 2)), source="shop", recorded_at=FIRST)
    people = pa.table({"customer_id": [2], "kind": ["person"]})
    lake.write("customers", people, source="shop", recorded_at=FIRST)
    both = lake.table("transaction_lines").join(lake.table("customers"), on="customer_id", how="semi")
    assert engine.to_arrow(both)["order_id"].to_pylist() == ["B"]


@pytest.mark.usefixtures("reading")
def test_a_table_without_customers_says_so(lake: Lake):
    with pytest.raises(InputError, match="products: the table is not kept by customer"):
        lake.table("products", customers=[1])


def test_a_damaged_log_is_said_in_a_line(lake: Lake):
    lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    (lake.folder("transaction_lines") / "_delta_log" / f"{2:020}.json").write_text("{")
    with pytest.raises(InputError, match="transaction_lines: the log cannot be read") as error:
        stored(lake)
    assert len(error.value.message("en").splitlines()) == 2


def test_a_contract_may_learn_a_column(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    lake.write("transaction_lines", lines(line("A"), line("B")), source="shop", recorded_at=FIRST)
    old = CONTRACTS["transaction_lines"]
    columns = (*old.columns, Column("till", CODE))
    new = Contract(old.name, old.grain, old.key, columns, old.sort, month_of=old.month_of)
    monkeypatch.setitem(contracts.CONTRACTS, "transaction_lines", new)
    assert [row["till"] for row in stored(lake)] == [None, None]
    again = lines(line("A"), line("B", till="3"), line("C", till="4"))
    written = lake.write("transaction_lines", again, source="shop", recorded_at=LATER)
    assert (written.new, written.changed, written.same) == (1, 1, 1)
    assert [(row["order_id"], row["till"]) for row in stored(lake)] == [("A", None), ("B", "3"), ("C", "4")]
    assert [row["till"] for row in stored(lake, at=1)] == [None, None]
    lake.compact("transaction_lines", many=1)
    assert [row["till"] for row in stored(lake)] == [None, "3", "4"]
