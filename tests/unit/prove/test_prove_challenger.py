"""The challenger knows nothing of what comes after its day, and the card says whether it came closer, or why it is not
there."""

import builtins
import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from regulars import engine
from regulars.prove import backtest, challenger
from regulars.prove.features import features_at
from regulars.prove.history import simulated_history
from regulars.simulate import Company

START = dt.date(2024, 1, 1)
SPLIT, UNTIL = START + dt.timedelta(weeks=52), START + dt.timedelta(weeks=78)
D = dt.date


@pytest.fixture(scope="module")
def occasions():
    history = simulated_history(
        Company(n_customers=1200, seed=3, process="mbg_nbd", weeks=78, r=0.8, alpha=4.0, a=0.9, b=2.5)
    ).by_day()
    days = np.round(history.week * 7).astype("timedelta64[D]") + np.datetime64(START)
    spend = pa.array(10.0 + history.customer % 7).cast(pa.decimal128(38, 4))
    return pa.table({"customer_id": history.customer, "occasion_date": pa.array(days.astype("datetime64[D]")),
                     "net_amount": spend})  # fmt: skip


def rows(found):
    return engine.to_arrow(found).sort_by("customer_id").to_pylist()


def test_orders_after_the_origin_change_no_feature(occasions):
    later = pa.table({"customer_id": [0, 1, 999_999], "occasion_date": [UNTIL, SPLIT + dt.timedelta(days=1), UNTIL],
                      "net_amount": pa.array([1, 2, 3]).cast(pa.decimal128(38, 4))})  # fmt: skip
    known = occasions.filter(pa.compute.less_equal(occasions["occasion_date"], SPLIT))
    plain = rows(features_at(occasions, SPLIT, days=182))
    assert plain == rows(features_at(known, SPLIT, days=182))
    assert plain == rows(features_at(pa.concat_tables([occasions, later.cast(occasions.schema)]), SPLIT, days=182))


def test_features_of_one_customer_by_hand():
    money = pa.array([10, 20, 60]).cast(pa.decimal128(38, 4))
    days = [D(2024, 1, 1), D(2024, 1, 11), D(2024, 3, 1)]
    table = pa.table({"customer_id": [1, 1, 1], "occasion_date": days, "net_amount": money})
    (row,) = rows(features_at(table, D(2024, 4, 10), days=40))
    assert (row["x"], row["t_x_days"], row["T_days"], row["silent"]) == (2, 60, 100, 40)
    assert (row["gap_last"], row["gap_before"], row["usual_gap"], row["silent_gaps"]) == (50, 10, 30, 40 / 30)
    assert row["gap_spread"] == pytest.approx(20 / 30)
    assert (row["in_28"], row["in_91"], row["in_182"], row["season"]) == (0, 2, 3, 0)
    assert (row["spend_mean"], row["spend_last"]) == (30, 60)


def test_the_season_is_the_same_days_a_year_before():
    table = pa.table({"customer_id": [1, 1], "occasion_date": [D(2023, 5, 1), D(2024, 3, 1)]})
    (row,) = rows(features_at(table, D(2024, 4, 10), days=40))
    assert row["season"] == 1
    assert rows(features_at(table, D(2024, 4, 10), days=10))[0]["season"] == 0


def tournament(occasions):
    return backtest.backtest(occasions, first=START, split=SPLIT, until=UNTIL, n_customers=1200).as_dict()["holdout"]


def test_it_is_shown_beside_and_never_chosen(occasions):
    pytest.importorskip("sklearn")
    held = tournament(occasions)
    row = next(row for row in held["models"] if row["kind"] == "challenger")
    mine = next(row for row in held["models"] if row["key"] == held["chosen"])
    assert held["chosen"] != row["key"]
    assert row["total_actual"] == mine["total_actual"]
    assert row["rmse"] < next(row["rmse"] for row in held["models"] if row["key"] == "zero")
    assert held["chosen"] in held["challenger"]["en"]
    assert held["chosen"] in held["challenger"]["zh"]
    assert tournament(occasions) == held


def test_without_its_library_the_card_says_so_and_all_else_stands(occasions, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("sklearn"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    held = tournament(occasions)
    assert held["challenger"] == challenger.NO_LIBRARY.as_dict()
    assert not [row for row in held["models"] if row["kind"] == "challenger"]


def test_with_no_history_to_learn_from_there_is_none(occasions):
    split = START + dt.timedelta(days=26)
    found = backtest.backtest(occasions, first=START, split=split, until=UNTIL, n_customers=1200).as_dict()["holdout"]
    assert found["challenger"] == challenger.TOO_LITTLE.as_dict()
