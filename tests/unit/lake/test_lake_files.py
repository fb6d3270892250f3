"""What lies on the disk: months apart, sorted by customer, in bounded pieces, and nothing telling in the log."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from tests.unit.lake.rows import FIRST, LATER, line, lines, stored, table_of

from regulars.lake import Lake, layout

MAY, JUNE = date(2026, 5, 4), date(2026, 6, 4)


def files(lake: Lake, name: str = "transaction_lines") -> dict[Path, str | None]:
    """Each file that the newest version names, with its partition."""
    folder = lake.folder(name)
    rows = pa.table(DeltaTable(folder).get_add_actions(flatten=True)).to_pylist()
    return {folder / row["path"]: next((v for k, v in row.items() if k.startswith("partition.")), None) for row in rows}


def test_each_month_has_files_of_its_own(lake: Lake):
    rows = [line(f"O{i}", i, day=day) for i, day in enumerate([MAY, JUNE, MAY, JUNE])]
    lake.write("transaction_lines", lines(*rows), source="shop", recorded_at=FIRST)
    found = {
        partition: pq.read_table(path)["business_date"].unique().to_pylist() for path, partition in files(lake).items()
    }
    assert found == {"2026-05": [MAY], "2026-06": [JUNE]}


def test_a_later_month_leaves_the_files_of_the_others_alone(lake: Lake):
    lake.write("transaction_lines", lines(line("A", day=MAY)), source="shop", recorded_at=FIRST)
    before = set(files(lake))
    lake.write("transaction_lines", lines(line("B", day=JUNE)), source="shop", recorded_at=LATER)
    assert before < set(files(lake))


def test_only_files_with_changed_rows_are_rewritten(lake: Lake):
    rows = [line("A", day=MAY), line("B", day=JUNE)]
    lake.write("transaction_lines", lines(*rows), source="shop", recorded_at=FIRST)
    before = {partition: path for path, partition in files(lake).items()}
    lake.write("transaction_lines", lines(line("B", day=JUNE, store="east")), source="shop", recorded_at=LATER)
    after = {partition: path for path, partition in files(lake).items()}
    assert after["2026-05"] == before["2026-05"]
    assert after["2026-06"] != before["2026-06"]


@pytest.mark.parametrize("name", ["transaction_lines", "customers"])
def test_files_and_row_groups_are_bounded_and_sorted(lake: Lake, monkeypatch: pytest.MonkeyPatch, name):
    monkeypatch.setattr(layout, "FILE_ROWS", 5000)
    monkeypatch.setattr(layout, "ROW_GROUP", 2048)
    n, ids = 12_000, [(i * 7919) % 12_000 for i in range(12_000)]
    if name == "customers":
        rows = pa.table({"customer_id": ids, "kind": ["person"] * n})
    else:
        rows = lines(*[line(f"O{i}", None if i % 100 == 0 else i) for i in ids])
    lake.write(name, rows, source="shop", recorded_at=FIRST)
    found = sorted([pq.read_table(path)["customer_id"].to_pylist() for path in files(lake, name)], key=lambda f: f[0])
    assert [len(ids) <= 5000 + n // 100 for ids in found] == [True] * 3
    known = [[i for i in ids if i is not None] for ids in found]
    assert [ids[: len(k)] for ids, k in zip(found, known, strict=True)] == known, "rows without a customer come last"
    in_order = [i for ids in known for i in ids]
    assert in_order == sorted(in_order)
    assert len(in_order) == (n if name == "customers" else n - n // 100)
    groups = [pq.read_metadata(path).row_group(0).num_rows for path in files(lake, name)]
    assert max(groups) == 2048


def test_the_log_states_rows_and_the_range_of_surrogates_and_nothing_else(lake: Lake):
    canary = "canary-4711"
    told = line(canary, 42, product_id=canary, store=canary, channel=canary, category=canary, returns_order_id=canary)
    lake.write("transaction_lines", lines(told, line("B", 7)), source=canary, recorded_at=FIRST)
    lake.write("transaction_lines", lines(line("B", 7, store=canary)), source=canary, recorded_at=LATER)
    products = table_of("products", [{"product_id": canary, "name": canary}])
    lake.write("products", products, source=canary, recorded_at=FIRST)
    for name in ("transaction_lines", "products"):
        DeltaTable(lake.folder(name)).create_checkpoint()
    logs = [path for path in lake.path.rglob("_delta_log/*") if path.is_file()]
    assert {path.suffix for path in logs} >= {".json", ".parquet"}
    assert [path for path in logs if canary.encode() in path.read_bytes()] == []
    commit = lake.folder("transaction_lines") / "_delta_log" / f"{1:020}.json"
    actions = [json.loads(row) for row in commit.read_text().splitlines()]
    (stats,) = [json.loads(action["add"]["stats"]) for action in actions if "add" in action]
    assert stats == {
        "numRecords": 2,
        "nullCount": {"customer_id": 0},
        "minValues": {"customer_id": 7},
        "maxValues": {"customer_id": 42},
    }


def test_other_programs_read_the_same_rows(lake: Lake):
    lake.write("transaction_lines", lines(line("A"), line("B", day=MAY)), source="shop", recorded_at=FIRST)
    theirs = DeltaTable(lake.folder("transaction_lines")).to_pyarrow_table()
    assert sorted(theirs["order_id"].to_pylist()) == [row["order_id"] for row in stored(lake)]
    assert sorted(theirs["business_date_month"].to_pylist()) == ["2026-05", "2026-06"]


def test_each_valuation_has_a_partition_of_its_own(lake: Lake):
    def values(valuation: str) -> pa.Table:
        rows = [{"valuation_id": valuation, "customer_id": i, "as_of": JUNE} for i in (3, 1, 2)]
        return table_of("customer_value", rows)

    strange = "v 1/ü%2F=" + "值" * 190
    for valuation in (strange, "v2"):
        lake.write("customer_value", values(valuation), source="regulars", recorded_at=FIRST)
    assert set(files(lake, "customer_value").values()) == {strange, "v2"}
    assert sorted(row["valuation_id"] for row in stored(lake, "customer_value")) == sorted([strange, "v2"] * 3)
    assert DeltaTable(lake.folder("customer_value")).to_pyarrow_table().num_rows == 6
