"""Origins lie where the span carries them, never overlap, and nothing after one enters its history."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from regulars import engine
from regulars.prove import origins

D = dt.date
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("span", "number", "days"),
    [(0, 0, 28), (55, 0, 28), (56, 1, 28), (83, 1, 28), (84, 2, 28), (112, 3, 28), (400, 3, 100), (4003, 3, 1000)],
)
def test_as_many_origins_as_the_span_carries(span, number, days):
    first = D(2023, 1, 1)
    found = origins.plan(first, first + span * DAY)
    assert len(found.origins) == number
    assert all(each.days == days for each in found.origins)
    assert (found.card is None) == (number == 0)
    assert len(found.choosing) == max(0, number - 1)


def test_hold_outs_touch_and_end_with_the_data():
    found = origins.plan(D(2023, 1, 1), D(2024, 3, 1))
    assert found.card.until == D(2024, 3, 1)
    assert [a.until for a in found.origins[:-1]] == [b.origin for b in found.origins[1:]]
    assert found.origins[0].origin - D(2023, 1, 1) >= found.origins[0].days * DAY


def test_fewer_origins_are_said():
    first = D(2023, 1, 1)
    assert "90 days" in origins.plan(first, first + 90 * DAY).note["en"]
    assert "2 of 3" in origins.plan(first, first + 90 * DAY).note["en"]
    assert "too short" in origins.plan(first, first + 40 * DAY).note["en"]
    assert "40 天" in origins.plan(first, first + 40 * DAY).note["zh"]


def occasions(rows):
    customers, days = zip(*rows, strict=True)
    return pa.table({"customer_id": list(customers), "occasion_date": list(days)})


ROWS = [
    ("a", D(2024, 1, 1)), ("a", D(2024, 1, 15)), ("a", D(2024, 1, 31)), ("a", D(2024, 2, 1)), ("a", D(2024, 3, 1)),
    ("b", D(2024, 1, 1)), ("b", D(2024, 1, 31)), ("b", D(2024, 2, 20)), ("b", D(2024, 1, 20)),
    ("c", D(2024, 1, 11)),
    ("d", D(2024, 2, 1)), ("d", D(2024, 2, 2)),
]  # fmt: skip


def cells(rows, **between):
    table = origins.holdout_cells(occasions(rows), **between)
    return origins.Cells.from_arrow(table, days=(between["until"] - between["origin"]).days)


def test_cells_split_history_from_what_is_held_out():
    found = cells(ROWS, origin=D(2024, 1, 31), until=D(2024, 2, 29))
    rows = list(zip(found.x, found.t_x * 7, found.T * 7, found.actual, found.count, strict=True))
    assert rows == [(0, 0, 20, 0, 1), (2, 30, 30, 1, 2)]
    assert (found.n, found.repeaters, found.horizon) == (3, 2, 29 / 7)


def test_what_happens_after_the_end_changes_nothing():
    between = {"origin": D(2024, 1, 31), "until": D(2024, 2, 10)}
    later = [(who, max(day, D(2024, 6, 1)) if day > D(2024, 2, 10) else day) for who, day in ROWS]
    one, two = cells(ROWS, **between), cells(later, **between)
    assert all(np.array_equal(getattr(one, name), getattr(two, name)) for name in ("x", "t_x", "T", "actual", "count"))


def test_histories_join_cells_that_differ_in_the_outcome_alone():
    found = cells(ROWS, origin=D(2024, 1, 31), until=D(2024, 2, 19))
    assert found.x.size == 3
    x, t_x, age, count = found.histories()
    assert x.tolist() == [0, 2]
    assert (t_x * 7).tolist() == [0, 30]
    assert (age * 7).tolist() == [20, 30]
    assert count.tolist() == [1, 2]


def test_a_sample_keeps_whole_customers_and_is_the_same_in_any_order():
    days = [D(2024, 1, 1) + k * DAY for k in range(3)]
    rows = [(f"c{k}", day) for k in range(3000) for day in days]
    one = engine.to_arrow(origins.hashed_sample(occasions(rows), size=500, of=3000)).to_pylist()
    two = engine.to_arrow(origins.hashed_sample(occasions(rows[::-1]), size=500, of=3000)).to_pylist()
    chosen = {row["customer_id"] for row in one}
    assert chosen == {row["customer_id"] for row in two}
    assert len(one) == len(two) == 3 * len(chosen)
    assert 400 < len(chosen) < 600


def test_a_small_base_is_not_sampled():
    table = occasions(ROWS)
    assert origins.hashed_sample(table, size=4, of=4) is table
