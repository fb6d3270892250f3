"""Retention as it was seen, on every engine."""

from datetime import date, timedelta

import pyarrow as pa
import pytest

from regulars.errors import InputError, NotEnoughData
from regulars.prove.rate import Rate
from regulars.prove.retention import retention, usual_silence

FIRST = date(2025, 1, 1)


def occasions(days):
    """Days since 1 January 2025 by customer."""
    rows = [(customer, FIRST + timedelta(days=day)) for customer, own in days.items() for day in own]
    rows.reverse()
    return pa.table({"customer_id": [c for c, _ in rows], "occasion_date": [d for _, d in rows]})


def groups(of):
    return pa.table({"customer_id": list(of), "group": list(of.values())})


def test_who_comes_back_who_falls_silent_and_when(on_engine):
    bought = occasions({1: [0, 20, 40, 120], 2: [0], 3: [0, 100], 4: [150]})
    found = retention(on_engine(bought), as_of=FIRST + timedelta(days=180), silence=60)
    whole = found.whole
    assert (found.silence, whole.n, found.groups) == (60, 4, ())
    # Second purchases after 20 and 100 days; customer 4 was seen for 30 days only, customer 2 for 180.
    assert whole.again.at(19)[0] == 0
    assert whole.again.at(20)[0] == pytest.approx(1 / 4)
    assert whole.again.at(100)[0] == pytest.approx(1 - 3 / 4 * 1 / 2)
    # Silent first: 2 and 3 after 60 days, 1 on day 100; customer 4 not yet.
    assert whole.staying.at(59)[0] == 1
    assert whole.staying.at(60)[0] == pytest.approx(1 / 3)
    assert whole.staying.at(100)[0] == 0
    assert whole.staying.at(181) is None
    months = {churn.start.month: (churn.active, churn.gone) for churn in whole.churn}
    # April begins with customer 1 alone, gone on day 100; June with 1, 3 and 4, of whom 3 and 1 run out.
    assert months == {4: (1, 1), 5: (1, 0), 6: (3, 2)}


def test_groups_are_each_counted_by_themselves_and_nobody_is_lost(on_engine):
    bought = occasions({1: [0, 40], 2: [0], 3: [5, 90], 4: [7]})
    table = on_engine(bought)
    of = on_engine(groups({1: "shop", 2: "shop", 3: "web"}))
    found = retention(table, as_of=FIRST + timedelta(days=120), groups=of, silence=50)
    assert [(one.key, one.n) for one in found.groups] == [("shop", 2), ("web", 1), (None, 1)]
    assert found.groups[0].again.at(40)[0] == pytest.approx(0.5)
    assert found.groups[1].staying.at(50)[0] == 0
    assert sum(c.active for one in found.groups for c in one.churn) == sum(c.active for c in found.whole.churn)
    assert sum(c.gone for one in found.groups for c in one.churn) == sum(c.gone for c in found.whole.churn)


def test_the_rates_of_two_years(on_engine):
    as_of = FIRST + timedelta(days=800)
    bought = occasions({1: [100, 500, 600], 2: [200], 3: [700], 4: [300, 790]})
    whole = retention(on_engine(bought), as_of=as_of, silence=90).whole
    assert (whole.retained, whole.repeated) == (Rate(2, 3), Rate(1, 3))


def test_silence_is_what_nine_in_ten_gaps_do_not_exceed(on_engine):
    bought = {i: [0, 35 + i] for i in range(40)}
    table = on_engine(occasions(bought))
    assert usual_silence(table, as_of=FIRST + timedelta(days=300)) == 35 + 35
    # What lies after the date does not exist yet.
    with pytest.raises(NotEnoughData, match="repeat purchases"):
        usual_silence(table, as_of=FIRST + timedelta(days=40))


def test_a_silence_shorter_than_a_month_is_refused(on_engine):
    with pytest.raises(InputError, match="31"):
        retention(on_engine(occasions({1: [0]})), as_of=FIRST, silence=20)


def test_weeks_begin_on_monday(on_engine):
    found = retention(
        on_engine(occasions({1: [0], 2: [0, 30]})), as_of=FIRST + timedelta(days=80), silence=40, unit="week"
    )
    assert {churn.start.weekday() for churn in found.whole.churn} == {0}
    assert sum(churn.gone for churn in found.whole.churn) == 2
