"""Metrics: groups give what their customers give, ties give their expectation, true forecasts look true."""

import math

import numpy as np
import pytest
from scipy import stats

from regulars.prove import accuracy

RNG = np.random.default_rng(20261122)
EXPECTED = RNG.integers(0, 6, 40) / 2
ACTUAL = RNG.poisson(EXPECTED).astype(float)
COUNT = RNG.integers(1, 9, 40)


def each(values):
    return np.repeat(values, COUNT)


@pytest.mark.parametrize(
    "metric",
    [
        accuracy.bias,
        accuracy.mae,
        accuracy.rmse,
        accuracy.spearman,
        accuracy.normalised_gini,
        accuracy.top_capture,
    ],
)
def test_groups_give_what_their_customers_give_in_any_order(metric):
    grouped = metric(EXPECTED, ACTUAL, COUNT)
    shuffle = RNG.permutation(COUNT.sum())
    assert metric(each(EXPECTED)[shuffle], each(ACTUAL)[shuffle]) == pytest.approx(grouped, rel=1e-12)


def test_level_by_hand():
    expected, actual = [1.0, 2.0, 3.0], [0.0, 2.0, 6.0]
    assert accuracy.bias(expected, actual) == pytest.approx(6 / 8 - 1)
    assert accuracy.mae(expected, actual) == pytest.approx(4 / 3)
    assert accuracy.rmse(expected, actual) == pytest.approx(math.sqrt(10 / 3))


def test_spearman_is_the_textbook_one():
    assert accuracy.spearman(each(EXPECTED), each(ACTUAL)) == pytest.approx(
        stats.spearmanr(each(EXPECTED), each(ACTUAL)).statistic, rel=1e-12
    )


def test_ties_count_as_the_mean_over_their_orders():
    score, actual = np.repeat([2.0, 1.0, 0.0], [7, 20, 23]), RNG.poisson(1.0, 50).astype(float)
    gini, capture = [], []
    for _ in range(4000):
        untied = score + RNG.random(50) * 1e-6
        gini.append(accuracy.normalised_gini(untied, actual))
        capture.append(accuracy.top_capture(untied, actual))
    for figure, draws in ((accuracy.normalised_gini, gini), (accuracy.top_capture, capture)):
        error = 4 * np.std(draws) / math.sqrt(len(draws))
        # The perfect order that a Gini is measured by is the same in every draw.
        assert figure(score, actual) == pytest.approx(np.mean(draws), abs=error)


def test_a_perfect_order_reaches_one_and_a_constant_none():
    assert accuracy.normalised_gini(ACTUAL, ACTUAL) == pytest.approx(1.0)
    assert accuracy.normalised_gini(np.ones(40), ACTUAL) == pytest.approx(0.0, abs=1e-12)
    assert accuracy.normalised_gini(-ACTUAL, ACTUAL) == pytest.approx(-1.0)
    assert accuracy.top_capture(np.ones(40), ACTUAL) == pytest.approx(0.2)
    assert math.isnan(accuracy.spearman(np.ones(40), ACTUAL))


def test_nothing_happened_is_not_a_number_rather_than_a_crash():
    nothing = np.zeros(5)
    assert math.isnan(accuracy.bias(np.ones(5), nothing))
    assert math.isnan(accuracy.normalised_gini(np.ones(5), nothing))
    assert math.isnan(accuracy.top_capture(np.ones(5), nothing))
    with pytest.raises(ValueError, match="at least one customer"):
        accuracy.mae([], [])


def predictive(n, mean, *, shift=1.0):
    y = RNG.poisson(mean, n)
    law = stats.poisson(shift * mean)
    return law.cdf(y - 1), law.cdf(y)


def test_pit_is_uniform_where_the_forecast_is_true_and_not_where_it_is_biased():
    true = accuracy.uniformity(accuracy.randomised_pit(*predictive(5000, 0.7), seed=1))
    biased = accuracy.uniformity(accuracy.randomised_pit(*predictive(5000, 0.7, shift=1.3), seed=1))
    assert true.p_value > 0.001
    assert biased.p_value < 1e-9
    assert biased.distance > 3 * true.distance


def test_pit_draws_repeat_by_seed_and_cover_every_customer():
    below, upto = predictive(40, 0.7)
    one = accuracy.randomised_pit(below, upto, COUNT, seed=7)
    assert one.shape == (COUNT.sum(),)
    assert np.array_equal(one, accuracy.randomised_pit(below, upto, COUNT, seed=7))
    assert not np.array_equal(one, accuracy.randomised_pit(below, upto, COUNT, seed=8))


def test_pit_histogram_is_the_mean_of_the_randomised_ones():
    below, upto = predictive(40, 0.7)
    shares = accuracy.pit_histogram(below, upto, COUNT)
    draws = [accuracy.randomised_pit(below, upto, COUNT, seed=s) for s in range(400)]
    mean = np.mean([np.histogram(d, 10, (0, 1))[0] for d in draws], axis=0) / COUNT.sum()
    assert shares.sum() == pytest.approx(1.0)
    assert shares == pytest.approx(mean, abs=0.01)


def test_pit_histogram_takes_certain_outcomes():
    assert accuracy.pit_histogram([0.25, 1.0], [0.25, 1.0], bins=2) == pytest.approx([0.5, 0.5])


def test_uniformity_is_the_distance_of_kolmogorov():
    values = RNG.random(500) ** 1.1
    found, textbook = accuracy.uniformity(values), stats.kstest(values, "uniform")
    assert found.distance == pytest.approx(textbook.statistic)
    assert found.p_value == pytest.approx(textbook.pvalue, rel=0.05)


def test_coverage_and_width_by_hand():
    found = accuracy.coverage([0, 1, 0], [2, 3, 0], [2, 4, 0], [1, 1, 2])
    assert found == pytest.approx((3 / 4, 4 / 4))


def test_winkler_adds_twenty_times_the_miss_at_ninety_percent():
    assert accuracy.winkler([10], [20], [15]) == pytest.approx(10)
    assert accuracy.winkler([10], [20], [23]) == pytest.approx(10 + 20 * 3)
    assert accuracy.winkler([10], [20], [9]) == pytest.approx(10 + 20 * 1)
    assert accuracy.winkler([10], [20], [9], level=0.5) == pytest.approx(10 + 4 * 1)


def test_tenths_keep_equal_forecasts_together_and_all_customers():
    expected = np.repeat([0.0, 1.0, 2.0], [50, 30, 20])
    found = accuracy.by_decile(expected, expected + 1)
    assert [(each.customers, each.expected, each.actual) for each in found] == [(50, 0, 1), (30, 1, 2), (20, 2, 3)]
    assert accuracy.by_decile([0.0, 1, 2], [1.0, 2, 3], [50, 30, 20]) == found
    spread = accuracy.by_decile(np.arange(1000.0), np.zeros(1000))
    assert [each.customers for each in spread] == [100] * 10
