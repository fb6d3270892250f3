"""Business days: weekends, holidays, days that make up for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.periods import business_day_after, is_business_day

FRIDAY = date(2026, 7, 3)
HOLIDAY = {date(2026, 10, n) for n in range(1, 8)}
MADE_UP = {date(2026, 10, 10)}  # a Saturday


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, date(2026, 7, 3)),
        (1, date(2026, 7, 6)),
        (2, date(2026, 7, 7)),
        (5, date(2026, 7, 10)),
        (6, date(2026, 7, 13)),
    ],
)
def test_weekends_do_not_count(n, expected):
    assert business_day_after(FRIDAY, n) == expected


def test_no_days_from_a_saturday_is_the_next_monday():
    assert business_day_after(date(2026, 7, 4), 0) == date(2026, 7, 6)


def test_a_holiday_is_stepped_over_and_the_day_that_makes_up_for_it_counts():
    last = date(2026, 9, 30)
    assert business_day_after(last, 1, closed=HOLIDAY) == date(2026, 10, 8)
    assert business_day_after(last, 3, closed=HOLIDAY) == date(2026, 10, 12)
    assert business_day_after(last, 3, closed=HOLIDAY, opened=MADE_UP) == date(2026, 10, 10)


def test_a_shop_that_opens_every_day_has_no_weekend():
    assert business_day_after(FRIDAY, 2, weekdays=range(7)) == date(2026, 7, 5)


def test_leap_days_are_days():
    assert business_day_after(date(2028, 2, 28), 1) == date(2028, 2, 29)


def test_backward_is_refused():
    with pytest.raises(ValueError, match="only forward"):
        business_day_after(FRIDAY, -1)


def test_where_nobody_ever_works_the_search_ends():
    with pytest.raises(ValueError, match="nobody works"):
        business_day_after(FRIDAY, 1, weekdays=())


@given(
    day=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    n=st.integers(0, 60),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    closed=st.sets(st.integers(0, 90), max_size=20),
)
def test_as_many_business_days_lie_between_as_were_asked_for(day, n, weekdays, closed):
    off = {day + timedelta(days=k) for k in closed}
    found = business_day_after(day, n, weekdays=weekdays, closed=off)
    span = [day + timedelta(days=k) for k in range(1, (found - day).days + 1)]
    worked = [d for d in span if is_business_day(d, weekdays=weekdays, closed=off)]
    assert is_business_day(found, weekdays=weekdays, closed=off)
    assert len(worked) == (n if n or is_business_day(day, weekdays=weekdays, closed=off) else 1)
