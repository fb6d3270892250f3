"""The card on a simulated company: right figures, no look-ahead, thin data said in words."""

import dataclasses
import datetime as dt
import json

import numpy as np
import pyarrow as pa
import pytest

from regulars.errors import InputError
from regulars.prove import backtest, holdout, origins, selection
from regulars.prove.candidates import competing
from regulars.prove.history import simulated_history
from regulars.prove.tracking import track
from regulars.simulate import Company

START = dt.date(2024, 1, 1)
COMPANY = Company(n_customers=1500, seed=11, process="mbg_nbd", weeks=52, future_weeks=26, r=0.9, alpha=6.0)


def table(history):
    days = np.round(history.week * 7).astype("timedelta64[D]") + np.datetime64(START)
    return pa.table({"customer_id": history.customer, "occasion_date": pa.array(days.astype("datetime64[D]"))})


@pytest.fixture(scope="module")
def occasions():
    return table(simulated_history(COMPANY).by_day())


def day(week):
    return START + dt.timedelta(weeks=week)


@pytest.fixture(scope="module")
def found(occasions):
    return backtest.hold_out(occasions, first=START, as_of=day(78), n_customers=1500)


def test_the_card_is_json_and_has_what_the_report_shows(found):
    card = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    shown = card["holdout"]
    assert shown["models"][0]["key"] == shown["chosen"] == card["choice"]["name"]
    assert {row["key"] for row in shown["models"]} == {*competing(1), *holdout.BASELINES}
    assert {row["total_actual"] for row in shown["models"]} == {shown["models"][0]["total_actual"]}
    assert shown["coverage90"] >= 0.9
    assert sum(shown["pit"]) == pytest.approx(1.0)
    assert len(shown["pit"]) == 10
    assert shown["total_interval"][0] < shown["models"][0]["total_expected"] < shown["total_interval"][1]


def test_where_the_model_is_true_it_beats_every_naive_rule(found):
    rows = {row["key"]: row for row in found.card.table}
    chosen = rows[found.choice.model]
    assert all(chosen["rmse"] <= rows[key]["rmse"] for key in holdout.BASELINES)
    assert abs(chosen["bias"]) < 0.15


def test_a_loss_to_a_naive_rule_is_said(found):
    assert found.card.lost_to is None
    better = [{**row, "rmse": 0.01} if row["key"] == "own_rate" else row for row in found.card.table]
    said = dataclasses.replace(found.card, table=better).lost_to
    assert "everyone keeps their own rate" in said["en"]
    assert "各自的购买频率不变" in said["zh"]


def test_the_same_in_any_order_of_rows(found, occasions):
    mixed = occasions.take(np.random.default_rng(1).permutation(occasions.num_rows))
    again = backtest.hold_out(mixed, first=START, as_of=day(78), n_customers=1500)
    assert again.as_dict() == found.as_dict()


def test_the_choice_never_sees_what_the_card_is_made_from(found, occasions):
    known = occasions.filter(pa.compute.less_equal(occasions["occasion_date"], found.plan.card.origin))
    gaps = backtest.measured(known, found.plan)
    again = selection.choose_model([origins.read_cells(known, each) for each in found.plan.choosing])
    assert dataclasses.replace(again, regularity=gaps.words) == found.choice


def test_tracking_starts_at_nothing_and_ends_at_what_happened(found, occasions):
    shown = found.card.tracking()
    actual, model = shown["actual"], shown["model"]
    assert shown["start"] == START.isoformat()
    assert all(np.diff(actual) >= 0)
    assert all(np.diff(model) >= 0)
    cells = found.card.cells
    assert actual[-1] == cells.count @ (cells.x + cells.actual)
    assert model[-1] == pytest.approx(actual[-1], rel=0.1)
    assert shown["weeks"][-1] == pytest.approx(78.0)


def test_tracking_counts_repeats_of_known_customers_only():
    days = [day(0), day(1), day(1), day(3), day(4)]
    rows = pa.table({"customer_id": ["a", "a", "b", "b", "c"], "occasion_date": days})
    found = track(rows, origin=day(2), until=day(5))
    assert found.births.sum() == 2
    assert found.actual.tolist() == [0, 1, 1, 2, 2, 2]
    assert found.expected(lambda t: t).tolist() == pytest.approx([0, 1, 3, 5, 7, 9])


def test_backtest_forecasts_the_days_asked_for(occasions):
    found = backtest.backtest(occasions, first=START, split=day(52), until=day(65), n_customers=1500)
    shown = found.as_dict()["holdout"]
    assert (shown["origin"], shown["until"]) == (day(52).isoformat(), day(65).isoformat())
    assert all(each.until <= day(52) for each in found.plan.choosing)
    assert found.choice.n_origins == 3


@pytest.mark.parametrize(("split", "until"), [(day(60), day(50)), (day(-1), day(50)), (day(50), day(50))])
def test_backtest_refuses_days_in_the_wrong_order(occasions, split, until):
    with pytest.raises(InputError, match="must lie between"):
        backtest.backtest(occasions, first=START, split=split, until=until, n_customers=1500)


def test_too_few_customers_say_so_instead_of_a_card():
    rows = pa.table({"customer_id": [1, 1, 2], "occasion_date": [day(0), day(8), day(1)]})
    found = backtest.hold_out(rows, first=day(0), as_of=day(30), n_customers=2)
    assert found.card is None
    assert "too few" in found.why_no_card["en"]
    assert found.as_dict()["holdout"] is None


def test_a_span_too_short_says_so_instead_of_a_card():
    rows = pa.table({"customer_id": [1, 1, 2], "occasion_date": [day(0), day(1), day(1)]})
    found = backtest.hold_out(rows, first=day(0), as_of=day(2), n_customers=2)
    assert found.card is None
    assert "too short" in found.why_no_card["en"]


def test_beyond_the_sample_the_others_are_fitted_on_it_and_say_so(occasions, monkeypatch):
    monkeypatch.setattr(backtest, "SAMPLE", 600)
    found = backtest.hold_out(occasions, first=START, as_of=day(78), n_customers=1500)
    assert found.choice.sampled
    fitted_on = {row["key"]: row["fitted_on"] for row in found.card.table if row["kind"] == "model"}
    assert fitted_on.pop(found.choice.model) == found.card.cells.n > 600
    assert all(450 < n < 750 for n in fitted_on.values())


def test_naive_rules_by_hand():
    one = np.ones(2)
    cells = origins.Cells(np.array([0.0, 4]), np.array([0.0, 8]), np.array([0.0, 10]), one, one, 35)
    assert holdout.baseline("repeats", cells).tolist() == [0, 4]
    assert holdout.baseline("own_rate", cells).tolist() == [0, 2]
    assert holdout.baseline("mean_rate", cells).tolist() == [2, 2]
    assert holdout.baseline("zero", cells).tolist() == [0, 0]
    with pytest.raises(KeyError):
        holdout.baseline("none", cells)


def test_the_tournament_judges_every_model_in_full(occasions):
    shown = backtest.backtest(occasions, first=START, split=day(52), until=day(65), n_customers=1500).as_dict()
    held = shown["holdout"]
    models = [row for row in held["models"] if row["kind"] == "model"]
    assert {row["key"] for row in models} == set(competing(1))
    for row in models:
        assert row["fitted_on"] == held["n_customers"]
        assert row["coverage90"] > 0.8
        assert sum(row["pit"]) == pytest.approx(1.0)
        assert row["total_interval"][0] < row["total_expected"] < row["total_interval"][1]
        assert row["total_winkler"] >= row["total_interval"][1] - row["total_interval"][0]
    against = {row["key"]: row["rmse_against"] for row in held["models"]}
    assert against.pop("Pareto/NBD") is None
    assert all(row["low"] <= row["value"] <= row["high"] for row in against.values())
    assert against["zero"]["low"] > 0


def test_the_card_shows_what_each_tenth_and_each_number_of_repeats_did(found):
    shown, cells = found.as_dict()["holdout"], found.card.cells
    for rows in (shown["deciles"], shown["by_repeats"]):
        assert sum(row["customers"] for row in rows) == cells.n
        assert sum(row["customers"] * row["actual"] for row in rows) == pytest.approx(cells.count @ cells.actual)
        assert sum(row["customers"] * row["expected"] for row in rows) == pytest.approx(found.card.forecast.total)
    assert [row["x"] for row in shown["by_repeats"]] == list(range(8))
    assert all(np.diff([row["expected"] for row in shown["deciles"]]) > 0)
