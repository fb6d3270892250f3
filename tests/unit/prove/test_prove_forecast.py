"""A forecast's distribution, intervals and totals are the model's own, cell by cell."""

import numpy as np
import pytest

from regulars.measure.lifetime import ModifiedBetaGeoNBD, ParetoNBD
from regulars.prove.candidates import PREFERENCE, Fitted, fit_candidate
from regulars.prove.forecast import LEAST, Forecast
from regulars.prove.origins import Cells
from regulars.prove.totals import total_interval

MODELS = [
    ModifiedBetaGeoNBD.from_params(r=0.525, alpha=6.18, a=0.891, b=1.614),
    ParetoNBD.from_params(r=0.553, alpha=10.58, s=0.606, beta=11.67),
]
X = np.array([0.0, 0, 0, 1, 2, 2, 2, 30])
T_X = np.array([0.0, 0, 0, 3, 9, 20, 20, 38])
AGE = np.array([20.0, 39, 39, 39, 39, 39, 39, 39])
Y = np.array([0.0, 0, 3, 1, 0, 0, 5, 25])
COUNT = np.array([9.0, 20, 1, 4, 3, 5, 1, 1])
CELLS = Cells(X, T_X, AGE, Y, COUNT, 26 * 7)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_means_and_distributions_are_the_models(model):
    found = Forecast(model.law, CELLS)
    below, upto = found.pit_bounds
    assert found.expected == pytest.approx(model.expected_purchases_at(X, T_X, AGE, 26.0), rel=1e-9)
    assert upto == pytest.approx(model.count_cdf(Y, X, T_X, AGE, 26.0), rel=1e-9)
    assert below == pytest.approx(model.count_cdf(Y - 1, X, T_X, AGE, 26.0), abs=1e-12)
    assert found.log_scores == pytest.approx(np.log(upto - below), rel=1e-6)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_intervals_are_the_exact_central_ones(model):
    low, high = Forecast(model.law, CELLS).intervals(0.9)
    assert np.all(model.count_cdf(low, X, T_X, AGE, 26.0) >= 0.05)
    assert np.all(model.count_cdf(low - 1, X, T_X, AGE, 26.0) < 0.05)
    assert np.all(model.count_cdf(high, X, T_X, AGE, 26.0) >= 0.95)
    assert np.all(model.count_cdf(high - 1, X, T_X, AGE, 26.0) < 0.95)


def test_an_impossible_count_scores_the_least():
    far = Cells(X[:1], T_X[:1], AGE[:1], np.array([900.0]), COUNT[:1], 7)
    assert Forecast(MODELS[0].law, far).log_scores[0] == pytest.approx(np.log(LEAST))


def test_process_variance_is_that_of_the_distributions():
    found = Forecast(MODELS[0].law, CELLS)
    counts = np.arange(200.0)
    variance = 0.0
    for x, t_x, age, n in zip(X, T_X, AGE, COUNT, strict=True):
        history = (np.full(200, value) for value in (x, t_x, age))
        mass = np.diff(MODELS[0].count_cdf(counts, *history, 26.0), prepend=0.0)
        variance += n * (mass @ counts**2 - (mass @ counts) ** 2)
    assert found.process_variance == pytest.approx(variance, rel=1e-6)


def test_a_total_without_parameter_noise_is_normal_round_its_mean():
    found = Forecast(MODELS[0].law, CELLS)
    total = total_interval(found, [])
    sd = np.sqrt(found.process_variance)
    assert total.value == pytest.approx(COUNT @ found.expected)
    assert total.high == pytest.approx(total.value + 1.6449 * sd, rel=1e-4)
    assert total.low == pytest.approx(max(total.value - 1.6449 * sd, 0.0), rel=1e-4)
    assert total.parameter == 0.0


def test_parameter_noise_widens_a_total_and_repeats_by_seed():
    rng = np.random.default_rng(3)
    n = 1500
    age = rng.integers(10, 40, n).astype(float)
    x = rng.poisson(0.05 * age).astype(float)
    t_x = np.where(x > 0, age * 0.7, 0.0)
    order = np.lexsort((t_x, age, x))
    cells = Cells(x[order], t_x[order], age[order], np.zeros(n), np.ones(n), 26 * 7)
    fitted = fit_candidate("MBG/NBD", cells)
    found = Forecast(fitted.law, cells)
    alone, both = total_interval(found, []), total_interval(found, fitted.draws(60, seed=1))
    assert both.high - both.low > alone.high - alone.low
    assert both == total_interval(found, fitted.draws(60, seed=1))


def test_draws_of_known_parameters_are_those_parameters():
    fitted = Fitted(PREFERENCE[0], MODELS[0])
    assert fitted.draws(2, seed=1) == [MODELS[0].law] * 2
    assert fitted.boundary is None


def test_models_that_cannot_be_told_apart_widen_a_total_to_hold_what_each_expects():
    found = Forecast(MODELS[0].law, CELLS)
    alone = total_interval(found, [])
    laws = [model.law for model in MODELS]
    both = total_interval(found, [], rivals=laws)
    assert total_interval(found, [], rivals=laws[:1]) == alone
    assert both.high - both.low > alone.high - alone.low
    assert both.model > alone.model == 0.0
    assert both.value == alone.value
