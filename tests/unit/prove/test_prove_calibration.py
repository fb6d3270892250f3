"""A small fixed set of what `make calibrate` does at length; a right model breaks a bound once in a thousand runs."""

import numpy as np
import pytest
from scipy import stats

from regulars.prove import calibration
from regulars.prove.history import day_of, simulated_history
from regulars.prove.origins import Cells, holdout_cells
from regulars.prove.rate import Rate
from regulars.prove.small import check_small
from regulars.prove.trials import trial
from regulars.simulate import Company

REPLICATIONS = 10
ONE_IN_A_THOUSAND = 0.001


@pytest.fixture(scope="module")
def recovered():
    return {
        process: [calibration.recover(process, 1000 + k, customers=700, draws=40) for k in range(REPLICATIONS)]
        for process in ("mbg_nbd", "bg_nbd")
    }


def at_least(hits, trials, share):
    """Whether so few hits would come about at least once in a thousand runs if each had the chance `share`."""
    return stats.binom(trials, share).cdf(hits) > ONE_IN_A_THOUSAND


@pytest.mark.parametrize("process", ["mbg_nbd", "bg_nbd"])
def test_parameters_lie_in_their_intervals_as_often_as_they_should(process, recovered):
    for name in ("r", "alpha", "a", "b"):
        assert at_least(sum(found.inside[name] for found in recovered[process]), REPLICATIONS, 0.9)


def test_totals_lie_in_their_intervals_as_often_as_they_should(recovered):
    hits = [found.total_inside for each in recovered.values() for found in each]
    assert at_least(sum(hits), len(hits), 0.9)


def test_customers_intervals_cover_and_are_no_wider_than_they_must_be(recovered):
    for found in (found for each in recovered.values() for found in each):
        assert at_least(round(700 * found.coverage), 700, 0.9)
        assert at_least(round(700 * found.value_coverage), 700, 0.9)
        assert found.width < 4


def test_customers_pit_is_uniform(recovered):
    lowest = min(found.pit_p for each in recovered.values() for found in each)
    assert lowest > ONE_IN_A_THOUSAND / (2 * REPLICATIONS)


def test_purchases_and_values_come_back(recovered):
    for each in recovered.values():
        for name in ("total_error", "value_error"):
            errors = [getattr(found, name) for found in each]
            bound = stats.t(REPLICATIONS - 1).ppf(1 - ONE_IN_A_THOUSAND / 2) * np.std(errors, ddof=1)
            assert abs(np.mean(errors)) < bound / REPLICATIONS**0.5


def test_pareto_nbd_comes_back():
    found = calibration.recover("pareto_nbd", 1001, customers=500, draws=20)
    assert found.pit_p > ONE_IN_A_THOUSAND
    assert at_least(round(500 * found.coverage), 500, 0.9)


def test_a_trial_sets_the_models_beside_naive_rules():
    company = Company(n_customers=300, seed=4, weeks=60, future_weeks=0, process="mbg_nbd")
    found = trial(company, horizon=13.0, draws=10)
    assert set(found.rmse) == {"model", "repeats", "own_rate", "zero"}
    assert found.alike[0] == found.chosen
    assert all(held.winkler >= held.width > 0 for held in found.totals.values())
    assert all(held.inside == (held.winkler == pytest.approx(held.width)) for held in found.totals.values())


def test_a_trial_of_regular_buyers_reads_their_regularity_and_doubt_between_models_widens_the_total():
    company = Company(n_customers=600, seed=2, weeks=104, future_weeks=0, process="mbg_nbd", regular=3, alpha=4.0)
    found = trial(company, horizon=13.0, draws=10)
    assert found.k in (2, 3, 4)
    assert found.totals["models"].width >= found.totals["parameters"].width - 1e-9


@pytest.mark.parametrize("process", ["mbg_cnbd", "bg_cnbd"])
def test_regular_buyers_truth_comes_back(process):
    found = calibration.recover(process, 1001, customers=3000, draws=20)
    assert max(abs(error) for error in found.errors.values()) < 0.5
    assert all(found.inside[name] for name in ("r", "alpha"))
    assert abs(found.total_error) < 0.1
    assert found.total_winkler > 0
    assert found.pit_p > ONE_IN_A_THOUSAND


def test_cells_of_a_simulation_are_those_of_its_order_days():
    history = simulated_history(Company(n_customers=200, seed=9, weeks=52, future_weeks=0)).by_day()
    read = Cells.from_arrow(holdout_cells(history.occasions(), origin=day_of(30), until=day_of(43)), days=91)
    made = history.cells(30.0, 13.0)
    for name in ("x", "t_x", "T", "actual", "count"):
        assert getattr(made, name) == pytest.approx(getattr(read, name))


def test_a_rate_carries_the_interval_that_its_trials_leave_open():
    found = Rate(270, 300)
    exact = stats.binomtest(270, 300).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high))
    assert str(found) == "90.0% (86.0% – 93.2%, 300 trials)"
    assert (Rate(0, 9).low, Rate(9, 9).high) == (0.0, 1.0)


def few(x):
    n = len(x)
    return Cells(np.array(x), np.where(np.array(x) > 0, 5.0, 0.0), np.full(n, 10.0), np.zeros(n), np.ones(n), 70)


@pytest.mark.parametrize(
    ("x", "allowed"),
    [
        ([0.0, 0, 0], {"not enough data"}),
        ([1.0, 0, 0], {"ok", "boundary"}),
        ([400.0, 0, 0, 1], {"ok", "boundary"}),
        ([2.0, 2, 2, 2], {"ok", "boundary"}),
    ],
)
def test_few_customers_end_in_a_fit_a_named_boundary_or_a_stated_lack_of_data(x, allowed):
    assert {end.partition(":")[0] for end in check_small(few(x)).values()} <= allowed
