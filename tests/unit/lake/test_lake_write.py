"""Writing: new, changed or the same; one version a write that changes anything."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.unit.lake.rows import FIRST, LATER, line, lines, stored

from regulars.lake import Lake, Written


def test_rows_are_stored_as_they_came(lake: Lake):
    assert lake.write("transaction_lines", lines(line("A"), line("B", 2)), source="shop", recorded_at=FIRST).new == 2
    first, second = stored(lake)
    assert first.items() >= line("A").items()
    assert second["customer_id"] == 2
    assert (first["source"], first["recorded_at"], first["revision"]) == ("shop", FIRST, 1)
    assert first["cost_amount"] is None


def test_the_same_rows_twice_change_nothing(lake: Lake):
    once = lake.write("transaction_lines", lines(line("A"), line("B")), source="shop", recorded_at=FIRST)
    twice = lake.write("transaction_lines", lines(line("B"), line("A")), source="shop", recorded_at=LATER)
    assert twice == Written(0, 0, 2, once.version)
    assert {row["recorded_at"] for row in stored(lake)} == {FIRST}


def test_a_changed_row_is_a_revision_and_the_others_stay(lake: Lake):
    lake.write("transaction_lines", lines(line("A"), line("B"), line("C")), source="shop", recorded_at=FIRST)
    corrected = line("B", net_amount=Decimal("12.00"))
    assert lake.write("transaction_lines", lines(corrected), source="shop", recorded_at=LATER) == Written(0, 1, 0, 2)
    a, b, c = stored(lake)
    assert (b["net_amount"], b["revision"], b["recorded_at"]) == (Decimal("12.0000"), 2, LATER)
    assert [(row["revision"], row["recorded_at"]) for row in (a, c)] == [(1, FIRST), (1, FIRST)]
    assert stored(lake, at=1)[1]["net_amount"] == Decimal("9.9000")


def test_a_row_that_moves_to_another_month_is_there_once(lake: Lake):
    lake.write("transaction_lines", lines(line("A"), line("B")), source="shop", recorded_at=FIRST)
    lake.write("transaction_lines", lines(line("A", day=date(2026, 5, 31))), source="shop", recorded_at=LATER)
    assert [(row["order_id"], row["business_date"].month) for row in stored(lake)] == [("A", 5), ("B", 6)]


def test_the_same_number_from_another_source_is_another_row(lake: Lake):
    lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    assert lake.write("transaction_lines", lines(line("A")), source="till", recorded_at=FIRST).new == 1
    assert [row["source"] for row in stored(lake)] == ["shop", "till"]
