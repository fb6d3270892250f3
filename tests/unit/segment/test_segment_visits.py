"""Visit classes of a calendar month and what became of them since the month before."""

import datetime as dt

import pyarrow as pa
import pytest

from regulars import engine
from regulars.segment import visit_rule, visit_summary, visits
from regulars.segment.visits import partial_note

JUNE_30 = dt.date(2026, 6, 30)


def days(month, n):
    return [dt.date(2026, month, 1) + dt.timedelta(days=i) for i in range(n)]


def judged(*bought, as_of=JUNE_30, first_date=None):
    """Rows of customers who bought on the given days."""
    customers = engine.frame(pa.table({"customer_id": list(range(len(bought)))}))
    pairs = [(who, day) for who, on in enumerate(bought) for day in on]
    occasions = engine.frame(
        pa.table(
            {
                "customer_id": pa.array([p[0] for p in pairs], pa.int64()),
                "occasion_date": pa.array([p[1] for p in pairs], pa.date32()),
            }
        )
    )
    frame, rule = visits(customers, occasions, as_of=as_of, first_date=first_date)
    return engine.to_arrow(frame).sort_by("customer_id").to_pylist(), rule, frame


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [(11, 0, "A"), (10, 0, "A"), (9, 0, "B"), (6, 0, "B"), (5, 0, "C"), (1, 0, "C"), (0, 1, "D"), (0, 0, None)],
)
def test_purchases_of_the_month_decide(now, before, expected):
    rows, _, _ = judged(days(6, now) + days(5, before))
    assert rows[0]["visit_class"] == expected


def test_ten_and_more_last_month_and_eight_now_is_down():
    rows, _, frame = judged(days(5, 11) + days(6, 8), days(5, 2) + days(6, 7), days(6, 3) + days(5, 3))
    assert [row["visit_change"] for row in rows] == ["down", "up", "same"]
    assert (rows[0]["visit_class_before"], rows[0]["visit_class"]) == ("A", "B")
    assert visit_summary(frame)["downgrades"] == 1
    assert ["A", "B", 1] in visit_summary(frame)["moves"]


def test_staying_away_a_whole_month_is_down_to_d():
    rows, _, _ = judged(days(5, 2))
    assert (rows[0]["visit_class"], rows[0]["visit_change"]) == ("D", "down")


def test_the_class_before_knows_the_month_before_that():
    rows, _, _ = judged(days(4, 3))
    assert (rows[0]["visit_class_before"], rows[0]["visit_class"], rows[0]["visit_change"]) == ("D", None, None)
    assert rows[0]["visit_reason"] == "none"


def test_a_month_that_is_not_over_is_shown_but_not_judged():
    rows, rule, _ = judged(days(5, 12) + days(6, 2), as_of=dt.date(2026, 6, 9))
    assert (rule.month, rule.running) == (dt.date(2026, 5, 1), dt.date(2026, 6, 1))
    assert (rows[0]["visit_class"], rows[0]["visits_month"], rows[0]["visits_running"]) == ("A", 12, 2)
    assert rows[0]["visit_change"] is None
    assert "June is not over" in partial_note(rule, dt.date(2026, 6, 9)).en


def test_a_month_that_is_over_has_nothing_running():
    rows, rule, _ = judged(days(6, 2))
    assert rule.running is None
    assert rows[0]["visits_running"] is None
    assert partial_note(rule, JUNE_30) is None


def test_data_of_less_than_a_month_are_judged_as_far_as_they_go():
    as_of = dt.date(2026, 6, 9)
    rows, rule, _ = judged(days(6, 6), as_of=as_of, first_date=dt.date(2026, 6, 2))
    assert rule.partial
    assert rows[0]["visit_class"] == "B"
    assert rows[0]["visit_change"] is None
    assert "without comparison" in partial_note(rule, as_of).en


def test_purchases_after_the_valuation_date_are_not_seen():
    rows, _, _ = judged(days(6, 20), as_of=dt.date(2026, 6, 9))
    assert rows[0]["visits_running"] == 9


@pytest.mark.parametrize(
    ("as_of", "month"),
    [
        (dt.date(2024, 2, 29), dt.date(2024, 2, 1)),
        (dt.date(2024, 2, 28), dt.date(2024, 1, 1)),
        (dt.date(2025, 12, 31), dt.date(2025, 12, 1)),
        (dt.date(2026, 1, 1), dt.date(2025, 12, 1)),
    ],
)
def test_leap_days_and_new_year(as_of, month):
    assert visit_rule(as_of).month == month


def test_a_customer_who_never_bought_counts_zero():
    rows, _, _ = judged([], days(6, 1))
    assert rows[0]["visits_month"] == 0
    assert rows[0]["visit_class"] is None
