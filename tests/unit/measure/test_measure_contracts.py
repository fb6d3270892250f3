"""Contract periods become relationships; calendar periods; what is still to come."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from regulars.errors import InputError
from regulars.ingest.contracts import ContractRows
from regulars.measure.contracts import Outlook, Period, from_dates, from_tenure, worth
from regulars.measure.lifetime import ShiftedBetaGeometric
from regulars.measure.lifetime.survival import kaplan_meier
from regulars.words import T

MONTH, YEAR = Period(months=1), Period(months=12)


def days(*texts):
    return np.array([text or "NaT" for text in texts], dtype="datetime64[D]")


def rows(customers, **columns):
    made = {"customer_id": np.array(customers, dtype=object), **columns}
    return ContractRows(made, {}, {name: name for name in made}, "c.csv", None, lambda i: T(zh=f"{i}", en=f"row {i}"))


@pytest.mark.parametrize(
    ("period", "start", "n", "day"),
    [
        (MONTH, "2024-01-31", 1, "2024-02-29"),
        (MONTH, "2024-01-31", 2, "2024-03-31"),
        (YEAR, "2024-02-29", 1, "2025-02-28"),
        (Period(days=7), "2024-02-26", 2, "2024-03-11"),
        (YEAR, "2025-06-30", -1, "2024-06-30"),
    ],
)
def test_months_are_as_long_as_they_are(period, start, n, day):
    assert str(period.after(start, n)) == day


def test_whole_periods_are_counted_by_the_calendar():
    assert MONTH.passed("2024-01-31", ["2024-02-28", "2024-02-29", "2024-03-30", "2023-12-31"]).tolist() == [0, 1, 1, 0]
    assert YEAR.begun("2024-01-01", days("2024-12-31", "2025-01-01", "2025-03-01")).tolist() == [1, 1, 2]


def test_a_relationship_is_what_was_renewed_in_time():
    """A renewed twice and is due in 2026; B left after the first year; C came back after two; D is just due."""
    given = rows(
        ["A", "A", "A", "B", "C", "C", "D"],
        started_on=days(
            "2023-03-01", "2024-03-01", "2025-03-05", "2023-06-01", "2020-01-01", "2023-01-01", "2024-06-20"
        ),
        ended_on=days("2024-02-29", "2025-02-28", "2026-03-04", "2024-05-31", "2020-12-31", "2023-12-31", "2025-06-19"),
    )
    found = from_dates(given, as_of=date(2025, 6, 30))
    assert found.period == YEAR
    assert found.grace == 30
    assert found.customer.tolist() == ["A", "B", "C", "D"]
    assert found.state.tolist() == ["running", "left", "left", "undecided"]
    assert found.renewed.tolist() == [2, 0, 0, 0]
    assert found.returned.tolist() == [0, 0, 1, 0]
    assert [str(day) for day in found.due] == ["2026-03-04", "NaT", "NaT", "2025-06-30"]
    entered, periods, ended = found.histories()
    assert (entered.tolist(), periods.tolist(), ended.tolist()) == (
        [0] * 5, [2, 1, 1, 1, 0], [False, True, True, True, False],
    )  # fmt: skip


def test_running_subscriptions_have_no_end_and_count_their_months():
    given = rows(
        ["A", "B", "C"], started_on=days("2024-01-31", "2024-02-10", "2024-05-20"), ended_on=days("", "2024-04-20", "")
    )
    found = from_dates(given, period=MONTH)
    assert str(found.as_of) == "2024-05-20"
    assert found.state.tolist() == ["running", "left", "running"]
    assert found.periods.tolist() == [3, 3, 0]
    assert [str(day) for day in found.due] == ["2024-05-31", "NaT", "2024-06-20"]


def test_a_file_that_begins_late_says_so_by_its_period_numbers():
    given = rows(
        ["A", "A"],
        started_on=days("2023-01-01", "2024-01-01"),
        ended_on=days("2023-12-31", "2024-12-31"),
        period=np.array([4.0, 5.0]),
    )
    entered, periods, _ = from_dates(given, as_of=date(2024, 6, 1)).histories()
    assert (entered.tolist(), periods.tolist()) == ([3], [4])


def test_what_has_just_fallen_due_does_not_make_everybody_look_loyal():
    """Who renews says so early, who does not says nothing: counted as they come in, the rate would be too high."""
    rng = np.random.default_rng(1)
    start = np.datetime64("2024-01-01") + rng.integers(0, 360, 4000).astype("timedelta64[D]")
    end = YEAR.after(start, 1)
    stays = rng.random(4000) < 0.6
    customers = [*range(4000), *np.flatnonzero(stays & (end <= np.datetime64("2025-07-01"))).tolist()]
    again = np.array(customers[4000:])
    given = rows(customers, started_on=np.append(start, end[again]), ended_on=np.append(end, YEAR.after(end[again], 1)))
    _, periods, ended = from_dates(given, as_of=date(2025, 7, 1)).histories()
    curve = kaplan_meier(periods, ended, np.ones(len(periods), np.int64))
    assert curve.at(1)[0] == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize(
    ("customers", "start", "end", "said"),
    [
        ("AA", ("2024-01-01", "2024-06-01"), ("2024-12-31", "2025-05-31"),
         "row 1: contracts of A overlap: 2024-01-01 – 2024-12-31 and 2024-06-01 – 2025-05-31"),
        ("AA", ("2024-01-01", "2024-06-01"), ("", "2025-05-31"), "contracts of A overlap: 2024-01-01 – …"),
        ("AB", ("2024-01-01", "2024-06-01"), ("2024-12-31", "2024-05-31"), "ends on 2024-05-31, before it starts"),
        ("ABC", ("2024-01-01", "2024-06-01", "2024-06-01"), ("2024-12-31", "2025-05-31", "2024-08-31"),
         "row 2: periods of unequal length: 2 last a year, that of C, 2024-06-01 – 2024-08-31, 3 months"),
        ("AB", ("2024-01-01", "2024-06-01"), ("", ""), "nobody can tell how long a period is"),
    ],
)  # fmt: skip
def test_dates_that_cannot_be_are_refused_with_their_place(customers, start, end, said):
    with pytest.raises(InputError) as refused:
        from_dates(rows(list(customers), started_on=days(*start), ended_on=days(*end)))
    assert said in refused.value.message("en")


@pytest.mark.parametrize(
    ("customers", "tenure", "churned", "said"),
    [
        ("AA", [1, 2], [True, False], "row 1: customer A stands there twice"),
        ("AB", [1, 2.5], [True, False], "row 1: 'tenure' is not a whole number"),
        ("AB", [-1, 2], [True, False], "row 0: 'tenure' is not a whole number"),
        ("AB", [0, 2], [True, False], "row 0: left without a single period"),
        ("AB", [1, 2], [True, None], "row 1: 'churned' does not say whether they left"),
    ],
)
def test_tenures_that_cannot_be_are_refused_with_their_place(customers, tenure, churned, said):
    given = rows(list(customers), tenure=np.array(tenure, float), churned=np.array(churned, dtype=object))
    with pytest.raises(InputError) as refused:
        from_tenure(given, period=MONTH)
    assert said in refused.value.message("en")


def test_what_is_to_come_is_what_a_simulation_says():
    """Mean, interval and variance against 200,000 customers who live on."""
    model = ShiftedBetaGeometric.from_params(alpha=0.7, beta=2.0)
    share = model.survival_after(np.array([[3.0]]), np.arange(1.0, 9.0)[None, :])
    found = worth(
        Outlook(share, np.array([5.0]), np.array([0])), amount=np.array([100.0]), wait=np.array([0.25]),
        within=np.array([5]), discount=0.1,
    )  # fmt: skip
    rng = np.random.default_rng(4)
    coin = rng.beta(0.7, 2.0 + 3, 200_000)  # of who has renewed three times
    made = np.minimum(rng.geometric(coin) - 1, 5)
    paid = 100 * np.append(0, np.cumsum(1.1 ** -(np.arange(5) + 0.25)))[made]
    assert found.renewals[0] == pytest.approx(made.mean(), rel=0.01)
    assert found.value[0] == pytest.approx(paid.mean(), rel=0.01)
    assert found.variance[0] == pytest.approx(paid.var(), rel=0.02)
    assert found.spread[0] == pytest.approx(made.var(), rel=0.02)
    assert np.mean((made >= found.low[0]) & (made <= found.high[0])) >= 0.9
    assert found.residual[0] == pytest.approx(100 * 5 / 1.1**0.25)
