"""CDNOW 1/10 sample, 39 weeks held out after 39: what lifetimes' fits reach, refitted, with naive rules beside it.

Source: the hold-out of Fader, Hardie & Lee (2005), data as in lifetimes; weeks are days / 7, one occasion a
customer-day. Every figure to the digits printed, give or take what an optimiser that stops earlier adds. Gini and
capture depend on how ties are broken; here a tie counts as the mean over its orders, hence one unit of the last digit
for models, and for the naive rankings, which are mostly ties, a test of its own.
"""

import datetime as dt
import itertools

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.measure.lifetime import ParetoNBD
from regulars.prove import accuracy, holdout
from regulars.prove.backtest import backtest
from regulars.prove.candidates import fit_candidate
from regulars.prove.forecast import Forecast
from regulars.prove.origins import Origin, read_cells
from regulars.prove.totals import total_interval
from regulars.prove.tracking import track

pytestmark = pytest.mark.real_data
SPLIT, UNTIL = dt.date(1997, 9, 30), dt.date(1998, 6, 30)

PRINTED = {  # total; MAE; RMSE; Spearman; top-20 % capture
    "BG/NBD": (1653, 0.786, 1.608, 0.449, 0.633),
    "MBG/NBD": (1577, 0.765, 1.607, 0.450, 0.631),
    "Pareto/NBD": (1666, 0.755, 1.603, 0.460, 0.629),
    "repeats": (2457, 0.897, 1.971, 0.488, 0.633),
    "own_rate": (2930, 1.024, 2.212, 0.490, 0.644),
    "zero": (0, 0.799, 2.206, None, 0.20),
}
GINI = {"BG/NBD": 0.663, "MBG/NBD": 0.664, "Pareto/NBD": 0.673}
BIAS = {"BG/NBD": -0.121, "MBG/NBD": -0.162, "Pareto/NBD": -0.115, "repeats": 0.306, "own_rate": 0.557}
HALF_A_DIGIT, A_DIGIT = 0.0006, 0.0011


@pytest.fixture(scope="module")
def occasions(test_data):
    table = pq.read_table(test_data / "cdnow_sample.parquet", columns=["customer_id", "date"])
    return (
        table.rename_columns(["customer_id", "occasion_date"]).group_by(["customer_id", "occasion_date"]).aggregate([])
    )


@pytest.fixture(scope="module")
def cells(occasions):
    return read_cells(occasions, Origin(SPLIT, UNTIL))


def forecast(name, cells):
    if name in holdout.BASELINES:
        return holdout.baseline(name, cells)
    return Forecast(fit_candidate(name, cells).law, cells).expected


def test_customers_and_purchases(cells):
    assert (cells.n, cells.repeaters) == (2357, 946)
    assert cells.count @ cells.actual == 1882


@pytest.mark.parametrize("name", PRINTED)
def test_level_errors_and_ranking(name, cells):
    total, mae, rmse, spearman, capture = PRINTED[name]
    found = holdout.measures(forecast(name, cells), cells)
    assert found["total_expected"] == pytest.approx(total, abs=0.6)
    assert found["mae"] == pytest.approx(mae, abs=HALF_A_DIGIT)
    assert found["rmse"] == pytest.approx(rmse, abs=HALF_A_DIGIT)
    assert found["spearman"] == (None if spearman is None else pytest.approx(spearman, abs=HALF_A_DIGIT))
    assert found["capture20"] == pytest.approx(capture, abs=A_DIGIT)
    if name in BIAS:
        assert found["bias"] == pytest.approx(BIAS[name], abs=0.0006)
    if name in GINI:
        assert found["gini"] == pytest.approx(GINI[name], abs=A_DIGIT)


def test_the_card_of_a_backtest_prints_the_same_totals(occasions):
    # A rough fit at an early origin ends on a ridge (s and beta without bound); the next may not start there alone.
    found = backtest(occasions, first=dt.date(1997, 1, 1), split=SPLIT, until=UNTIL, n_customers=2357).as_dict()
    totals = {row["key"]: row["total_expected"] for row in found["holdout"]["models"]}
    for name in ("BG/NBD", "MBG/NBD", "Pareto/NBD"):
        assert totals[name] == pytest.approx(PRINTED[name][0], abs=0.6)


def test_the_best_that_twenty_percent_of_customers_can_hold(cells):
    assert accuracy.top_capture(cells.actual, cells.actual, cells.count) == pytest.approx(0.887, abs=0.0005)


@pytest.mark.parametrize(("name", "printed", "mean"), [("repeats", 0.640, 0.660), ("own_rate", 0.652, 0.666)])
def test_the_printed_gini_of_a_naive_ranking_is_one_order_of_its_ties(name, printed, mean, occasions, cells):
    # The file is in order of first purchases, and among equals the older customers happen to buy less.
    score = holdout.baseline(name, cells)
    assert accuracy.normalised_gini(score, cells.actual, cells.count) == pytest.approx(mean, abs=0.0006)
    customers = np.asarray(occasions["customer_id"])
    days = np.asarray(occasions["occasion_date"])
    who, at = np.unique(customers, return_inverse=True)
    old = np.bincount(at, weights=days <= np.datetime64(SPLIT))
    new = np.bincount(at, weights=(days > np.datetime64(SPLIT)) & (days <= np.datetime64(UNTIL)))
    first = np.full(who.size, np.iinfo(np.int64).max)
    np.minimum.at(first, at, days.astype("datetime64[D]").astype(np.int64))
    age = np.datetime64(SPLIT).astype("datetime64[D]").astype(np.int64) - first
    ranking = old - 1 if name == "repeats" else (old - 1) / age
    in_file_order = ranking - 1e-9 * np.arange(who.size)
    assert accuracy.normalised_gini(in_file_order, new) == pytest.approx(printed, abs=A_DIGIT)


@pytest.mark.parametrize(("name", "week_78"), [("BG/NBD", 4160.6), ("Pareto/NBD", 4270.3)])
def test_cumulative_repeat_purchases_at_week_78(name, week_78, occasions, cells):
    found = track(occasions, origin=SPLIT, until=UNTIL)
    assert found.actual[-1] == 4339
    model = fit_candidate(name, cells).model
    # Pareto/NBD: 4270.04 here, by 0.3 (0.006 %) less than printed; why is the next test.
    assert found.expected(model.expected_purchases_new)[-1] == pytest.approx(week_78, abs=0.3)


def test_week_78_ends_with_june_and_the_last_digit_is_the_estimates(occasions):
    """Estimates that all print as the published ones span 4269.7 to 4271.1; a day more or less moves it by 5.35."""
    found = track(occasions, origin=SPLIT, until=UNTIL)
    ends = itertools.product((0.55325, 0.55335), (10.57765, 10.57775), (0.60615, 0.60625), (11.6685, 11.6695))
    models = [ParetoNBD.from_params(**dict(zip(("r", "alpha", "s", "beta"), end, strict=True))) for end in ends]
    totals = [found.expected(model.expected_purchases_new)[-1] for model in models]
    assert min(totals) < 4270.04 < 4270.3 < max(totals)
    assert max(totals) - min(totals) < 1.5
    a_day_less = track(occasions, origin=SPLIT, until=UNTIL - dt.timedelta(days=1))
    assert a_day_less.expected(models[0].expected_purchases_new)[-1] == pytest.approx(totals[0] - 5.35, abs=0.01)


def test_the_intervals_of_customers_cover_and_that_of_the_total_misses(cells):
    fitted = fit_candidate("MBG/NBD", cells)
    found = Forecast(fitted.law, cells)
    low, high = found.intervals(0.9)
    share, width = accuracy.coverage(low, high, cells.actual, cells.count)
    assert share >= 0.9
    assert width < 3
    # Published as it is: more was bought than the first 39 weeks let this model expect.
    total = total_interval(found, fitted.draws(100, seed=1))
    assert total.high < 1882


def test_process_noise_alone_is_as_wide_as_printed(cells):
    found = Forecast(fit_candidate("BG/NBD", cells).law, cells)
    alone = total_interval(found, [])
    assert (alone.low, alone.high) == pytest.approx((1532, 1773), abs=10)


def test_with_parameters_in_doubt_the_total_still_misses(cells):
    """[1455, 1828] by a bootstrap; drawn from the law of the estimates its lower end lies 2 to 3 % higher."""
    fitted = fit_candidate("BG/NBD", cells)
    total = total_interval(Forecast(fitted.law, cells), fitted.draws(200, seed=1))
    assert (total.low, total.high) == pytest.approx((1455, 1828), rel=0.035)
    assert total.high < 1882


def test_nothing_for_everybody_nearly_wins_on_mae_and_loses_on_rmse(cells):
    zero, model = (holdout.measures(forecast(name, cells), cells) for name in ("zero", "Pareto/NBD"))
    assert zero["mae"] < 1.06 * model["mae"]
    assert zero["rmse"] > 1.3 * model["rmse"]


def test_the_same_interval_as_the_models_own(cells):
    fitted = fit_candidate("BG/NBD", cells)
    rows = np.repeat(np.stack([cells.x, cells.t_x, cells.T]), cells.count.astype(int), axis=1)
    summary = pa.table(dict(zip(("x", "t_x", "T"), rows, strict=True)))
    ours = total_interval(Forecast(fitted.law, cells), fitted.draws(200, seed=0))
    theirs = fitted.model.interval_total(summary, cells.horizon)["purchases"]
    assert ours.value == pytest.approx(theirs.value, rel=1e-9)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), rel=0.004)
