"""The file of what was left out: complete, safe to open, whole or absent."""

import csv
import datetime as dt

import polars as pl
import pytest

from regulars import ingest
from regulars.errors import OutputError
from regulars.ingest.rejected import harmless


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " \u00a0=1", "\u200b=1", "＝1+1", "\r\n=1", "－1+2"],
)
def test_what_a_spreadsheet_would_run_is_made_text(cell):
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["tea", "-12.50", "+3", "1,234.50", "", "  ", "a=b", "2024-03-01"])
def test_what_it_would_show_stays(cell):
    assert harmless(cell) == cell


@pytest.fixture
def orders():
    frame = pl.DataFrame(
        {
            "customer": ["a", None, "b", "c"],
            "date": ["2024-03-01", "2024-03-02", "=HYPERLINK(1)", "2024-03-03"],
            "amount": [1.0, 2.5, 3.0, 4.0],
        }
    )
    return ingest.read_orders(frame, options=ingest.ReadOptions(as_of=dt.date(2024, 3, 2), max_rejected=0.5))


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_row_that_was_left_out_is_written(orders, tmp_path):
    path = tmp_path / "rejected.csv"
    assert ingest.write_rejected(orders, path) == 3
    assert [list(row.values()) for row in rows(path)] == [
        ["frame", "2", "customer", "no customer", "", "2.5000"],
        ["frame", "3", "date", "dates that cannot be read", "'=HYPERLINK(1)", "3.0000"],
        ["frame", "4", "date", "orders after the valuation date", "", "4.0000"],
    ]
    assert list(rows(path)[0]) == ["source", "row", "column", "reason", "value", "money"]
    assert ingest.write_rejected(orders, path, lang="zh") == 3
    assert [row["reason"] for row in rows(path)] == ["没有客户", "日期读不出", "估值日之后的订单"]


def test_a_folder_that_is_not_there_is_an_error_of_output(orders, tmp_path):
    with pytest.raises(OutputError, match="--out"):
        ingest.write_rejected(orders, tmp_path / "absent" / "rejected.csv")


def test_a_write_that_fails_leaves_nothing(orders, tmp_path, monkeypatch):
    path = tmp_path / "rejected.csv"
    path.write_text("before")

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("regulars.ingest.rejected.harmless", full)
    with pytest.raises(OutputError, match="the disk is full"):
        ingest.write_rejected(orders, path)
    assert [p.name for p in tmp_path.iterdir()] == ["rejected.csv"]
    assert path.read_text() == "before"
