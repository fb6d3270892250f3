"""Compaction, pins and vacuum: fewer files, the same rows, and nothing gone that somebody was promised."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

import pytest
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError
from tests.unit.lake.rows import FIRST, LATER, line, lines, stored

from regulars.errors import InputError
from regulars.lake import Lake, Snapshot, compact, log, write

AT_ONCE = timedelta(0)


def on_disk(lake: Lake) -> set[Path]:
    return set(lake.folder("transaction_lines").glob("*.parquet"))


def write_one_by_one(lake: Lake, n: int) -> None:
    for i in range(n):
        lake.write("transaction_lines", lines(line(f"O{i:02}", i)), source="shop", recorded_at=FIRST)


def test_many_small_files_become_one_by_themselves(lake: Lake):
    write_one_by_one(lake, compact.MANY - 1)
    before = stored(lake)
    assert len(on_disk(lake)) == compact.MANY - 1
    write_one_by_one(lake, compact.MANY)
    lake.vacuum(keep=AT_ONCE)
    assert len(on_disk(lake)) == 1
    assert stored(lake)[:-1] == before


def test_only_a_month_with_many_files_is_compacted(lake: Lake):
    lake.write("transaction_lines", lines(line("A", day=date(2026, 5, 1))), source="shop", recorded_at=FIRST)
    may = on_disk(lake)
    write_one_by_one(lake, 3)
    version = lake.compact("transaction_lines", many=3)
    lake.vacuum(keep=AT_ONCE)
    assert version == lake.version("transaction_lines")
    assert len(on_disk(lake)) == 2
    assert may < on_disk(lake)


def test_compacting_twice_changes_nothing_the_second_time(lake: Lake):
    write_one_by_one(lake, 4)
    once = lake.compact("transaction_lines", many=2)
    assert lake.compact("transaction_lines", many=2) == once
    assert lake.compact("payments") is None


def test_a_write_is_done_even_if_the_compaction_after_it_fails(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    write_one_by_one(lake, compact.MANY - 1)
    monkeypatch.setattr(compact, "lay_out", full)
    assert lake.write("transaction_lines", lines(line("last")), source="shop", recorded_at=FIRST).new == 1
    assert len(stored(lake)) == compact.MANY


def test_vacuum_keeps_what_was_replaced_lately(lake: Lake):
    lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    lake.write("transaction_lines", lines(line("A", store="east")), source="shop", recorded_at=LATER)
    assert lake.vacuum()["transaction_lines"] == 0
    assert stored(lake, at=1)[0]["store"] is None
    assert lake.vacuum(keep=AT_ONCE)["transaction_lines"] == 1
    with pytest.raises(InputError, match="the files of this version were tidied away"):
        stored(lake, at=1)
    assert stored(lake)[0]["store"] == "east"


def test_a_pinned_snapshot_outlives_vacuum_until_it_is_let_go(lake: Lake):
    lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    snapshot = lake.snapshot()
    pin = lake.pin(snapshot, "valuation 12 · 估值")
    lake.write("transaction_lines", lines(line("A", store="east")), source="shop", recorded_at=LATER)
    lake.vacuum(keep=AT_ONCE)
    assert Lake(lake.path).pins() == [pin]
    assert pin.reason == "valuation 12 · 估值"
    assert [row["store"] for row in stored(lake, at=pin.snapshot)] == [None]
    lake.unpin(pin.id)
    lake.vacuum(keep=AT_ONCE)
    with pytest.raises(InputError, match="tidied away"):
        stored(lake, at=snapshot)


def test_only_what_can_be_read_can_be_pinned(lake: Lake):
    lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    snapshot = lake.snapshot()
    lake.write("transaction_lines", lines(line("A", store="east")), source="shop", recorded_at=LATER)
    lake.vacuum(keep=AT_ONCE)
    for gone in (snapshot, Snapshot({"transaction_lines": 99})):
        with pytest.raises(InputError):
            lake.pin(gone, "too late")
    assert lake.pins() == []


def test_an_unknown_pin_is_an_error(lake: Lake):
    with pytest.raises(InputError, match="no pin 'x'"):
        lake.unpin("x")


def test_vacuum_sweeps_what_no_version_names(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    """A writer that dies before its commit leaves files; so does one that dies in the middle of the commit."""
    lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    named = on_disk(lake)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(write.log, "commit", killed)
    with pytest.raises(KeyboardInterrupt):
        lake.write("transaction_lines", lines(line("B")), source="shop", recorded_at=LATER)
    half = lake.folder("transaction_lines") / "_delta_log" / f"{2:020}.json#1"
    half.write_text('{"commitInfo"')
    (lake.path / "writing").mkdir(exist_ok=True)
    (lake.path / "writing" / "staged").write_bytes(b"PAR1")
    assert on_disk(lake) > named
    assert lake.vacuum()["transaction_lines"] == 2
    assert on_disk(lake) == named
    assert not half.exists()
    assert not (lake.path / "writing").exists()
    assert [row["order_id"] for row in stored(lake)] == ["A"]


@pytest.mark.parametrize("trouble", [OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_what_the_log_names_is_never_removed(lake: Lake, monkeypatch: pytest.MonkeyPatch, trouble: BaseException):
    """Something fails right after the commit stands: the rows are there, whatever the caller is told."""
    lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    real = DeltaTable.create_write_transaction

    def troubled(*args: object, **how: object) -> None:
        real(*args, **how)  # type: ignore[arg-type]
        raise trouble

    monkeypatch.setattr(DeltaTable, "create_write_transaction", troubled)
    with nullcontext() if isinstance(trouble, OSError) else pytest.raises(KeyboardInterrupt):
        assert lake.write("transaction_lines", lines(line("B")), source="shop", recorded_at=LATER).version == 2
    monkeypatch.undo()
    assert [row["order_id"] for row in stored(lake)] == ["A", "B"]
    assert lake.write("transaction_lines", lines(line("B")), source="shop", recorded_at=LATER).same == 1


def test_a_long_history_opens_from_checkpoints(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(log, "_CHECKPOINT_EVERY", 2)
    logs = lake.folder("transaction_lines") / "_delta_log"
    write_one_by_one(lake, 2)
    assert [path.name for path in logs.glob("*.checkpoint.parquet")] == [f"{2:020}.checkpoint.parquet"]
    (logs / f"{4:020}.checkpoint.parquet").mkdir()  # the next one cannot be written
    write_one_by_one(lake, 5)
    assert [row["customer_id"] for row in stored(lake)] == [0, 1, 2, 3, 4]
    assert [row["customer_id"] for row in stored(lake, at=1)] == [0]


def test_an_import_that_fails_leaves_no_files_behind(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    before = {path for path in lake.path.rglob("*") if path.is_file()}

    def faster(*_: object, **__: object) -> None:
        raise CommitFailedError("version 2 exists")

    monkeypatch.setattr(DeltaTable, "create_write_transaction", faster)
    with pytest.raises(InputError, match="transaction_lines: another program wrote this table at the same time"):
        lake.write("transaction_lines", lines(line("B")), source="shop", recorded_at=LATER)
    assert {path for path in lake.path.rglob("*") if path.is_file()} == before
