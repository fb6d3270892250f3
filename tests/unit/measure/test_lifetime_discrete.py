"""Models of discrete time: against brute force, at the edges, recovered from simulated customers."""

import numpy as np
import pyarrow as pa
import pytest

from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime import BetaDiscreteWeibull, BetaGeoBetaBinomial, ShiftedBetaGeometric
from regulars.measure.lifetime.bgbb import _log_likelihood

SBG = ShiftedBetaGeometric.from_params(alpha=0.668, beta=3.806)
BDW = BetaDiscreteWeibull.from_params(alpha=0.259, beta=1.723, c=1.584)
BGBB = BetaGeoBetaBinomial.from_params(alpha=1.2035, beta=0.7497, gamma=0.6567, delta=2.7834)


def differences(f, at, step=1e-6):
    return [(f(at + step * e)[0] - f(at - step * e)[0]) / (2 * step) for e in np.eye(len(at))]


@pytest.mark.parametrize("model", [SBG, BDW])
def test_survival_falls_from_one_and_its_slopes_are_right(model):
    t = np.arange(30.0)
    share = model.survival(t)
    assert share[0] == 1
    assert np.all(np.diff(share) < 0)
    assert np.allclose(np.cumprod(model.retention(t[1:])), share[1:])
    log = np.log(list(model.get_params().values()))
    slopes = model._log_survival(log, t)[1]
    assert np.allclose(slopes, differences(lambda p: model._log_survival(p, t), log), atol=1e-7)


def test_renewals_to_come_are_fader_and_hardies_closed_form():
    mpmath = pytest.importorskip("mpmath")
    a, b, d = 0.668, 3.806, 0.1
    for renewed in (0, 1, 4):
        n = renewed + 1
        derl = (b + n - 1) / (a + b + n - 1) * float(mpmath.hyp2f1(1, b + n, a + b + n, 1 / (1 + d)))
        assert SBG.expected_renewals(renewed, discount=d, due_now=True) == pytest.approx(derl, rel=1e-9)
        assert SBG.expected_renewals(renewed, discount=d) == pytest.approx(derl / (1 + d), rel=1e-9)


@pytest.mark.parametrize("model", [SBG, BDW])
def test_renewals_within_some_periods_add_up(model):
    chances = [model.survival_after(np.array([2]), k)[0] for k in (1, 2, 3)]
    assert model.expected_renewals([2, 2], periods=3) == pytest.approx([sum(chances)] * 2)
    assert model.expected_renewals(2, periods=0) == 0


def test_parameters_come_back_from_simulated_contracts():
    rng = np.random.default_rng(5)
    n = 40_000
    leaves = np.minimum(rng.geometric(rng.beta(0.8, 2.5, n)), 10_000)
    seen = rng.integers(1, 13, n)
    table = pa.table({"periods": np.minimum(leaves, seen), "ended": leaves <= seen})
    model = ShiftedBetaGeometric().fit(table)
    assert (model.alpha_, model.beta_) == pytest.approx((0.8, 2.5), rel=0.06)
    duration = BetaDiscreteWeibull().fit(table)
    assert duration.c_ == pytest.approx(1, abs=0.05)
    assert duration.log_likelihood_ >= model.log_likelihood_ - 1e-6


@pytest.mark.parametrize(
    ("left", "word"),
    [([100, 100, 100, 100], "nobody"), ([100, 0, 0], "at once"), ([100, 80, 64, 51.2, 40.96], "alike")],
)
def test_edges_are_named_and_stay_finite(left, word):
    model = ShiftedBetaGeometric().fit_survivors(left)
    assert word in model.boundary_.en
    assert np.isfinite(model.survival([1, 5, 50])).all()
    assert np.isfinite(model.expected_renewals([0, 3], discount=0.1)).all()


def test_bgbb_probabilities_add_up_and_agree_with_expectations():
    counts = BGBB.probability_of_count(np.arange(9), 8)
    assert counts.sum() == pytest.approx(1)
    assert (counts * np.arange(9)).sum() == pytest.approx(BGBB.expected_purchases_new(8))
    # The law of total expectation: over all histories of 3 opportunities, what comes in the 4th.
    log, later, mass = np.log([1.2035, 0.7497, 0.6567, 2.7834]), 0.0, 0.0
    for bits in range(8):
        bought = [i + 1 for i in range(3) if bits >> i & 1]
        x, t_x = np.array([float(len(bought))]), np.array([float(max(bought, default=0))])
        chance = np.exp(_log_likelihood(log, x, t_x, np.array([3.0]))[0][0])
        mass += chance
        later += chance * BGBB.expected_purchases_at(x, t_x, 3, 1)[0]
    assert mass == pytest.approx(1)
    assert later == pytest.approx(BGBB.expected_purchases_new(4) - BGBB.expected_purchases_new(3))


def test_bgbb_slopes_and_discounting():
    x, t_x, n = np.array([0.0, 2.0, 3.0]), np.array([0.0, 4.0, 3.0]), np.array([6.0, 6.0, 5.0])
    log = np.log([1.2035, 0.7497, 0.6567, 2.7834])
    value, slopes = _log_likelihood(log, x, t_x, n)
    assert np.allclose(slopes, differences(lambda p: _log_likelihood(p, x, t_x, n), log), atol=1e-7)
    steps = np.diff([BGBB.expected_purchases_at(2, 4, 6, t) for t in range(400)])
    dert = (steps / 1.15 ** np.arange(1, 400)).sum()
    assert BGBB.discounted_purchases_at(2, 4, 6, discount=0.15) == pytest.approx(dert)
    assert value.shape == (3,)


def test_bgbb_comes_back_from_simulated_customers():
    rng = np.random.default_rng(3)
    n, years = 30_000, 8
    p, stop = rng.beta(1.5, 2.0, (n, 1)), rng.geometric(rng.beta(1.0, 4.0, n))[:, None]
    bought = (rng.random((n, years)) < p) & (np.arange(1, years + 1) < stop)
    last = np.where(bought.any(axis=1), years - np.argmax(bought[:, ::-1], axis=1), 0)
    model = BetaGeoBetaBinomial().fit(pa.table({"x": bought.sum(axis=1), "t_x": last, "n": np.full(n, years)}))
    assert model.alpha_ / (model.alpha_ + model.beta_) == pytest.approx(1.5 / 3.5, rel=0.03)
    assert model.gamma_ / (model.gamma_ + model.delta_) == pytest.approx(0.2, rel=0.06)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: SBG.survival(-1), "0 or more"),
        (lambda: SBG.expected_renewals(2), "the discount must be above 0"),
        (lambda: SBG.expected_renewals(2, periods=-1), "negative"),
        (lambda: ShiftedBetaGeometric().fit_survivors([10, 12]), "never rises"),
        (lambda: ShiftedBetaGeometric().fit_grouped([0], [True], [5]), "one period"),
        (lambda: ShiftedBetaGeometric().survival(1), "no parameters"),
        (lambda: ShiftedBetaGeometric.from_params(alpha=1), "alpha, beta"),
        (lambda: BGBB.probability_alive_at(3, 2, 6), "x ≤ t_x ≤ n"),
        (lambda: BetaGeoBetaBinomial().fit(pa.table({"x": [1]})), "missing"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_no_customers_no_model():
    with pytest.raises(NotEnoughData):
        ShiftedBetaGeometric().fit_grouped([], [], [])


def test_bdw_slope_is_that_of_its_likelihood_where_staying_grows_hard_at_once():
    model, log = BetaDiscreteWeibull(), np.log([0.01, 60.0, 9.0])
    t, step = np.array([1.0, 5.0, 30.0, 72.0]), 1e-5
    for at, slope in enumerate(model._log_survival(log, t)[1]):
        change = step * np.eye(3)[at]
        by_difference = (model._log_survival(log + change, t)[0] - model._log_survival(log - change, t)[0]) / (2 * step)
        assert slope == pytest.approx(by_difference, rel=1e-4, abs=1e-8)


def test_bgbb_chances_of_being_active_stay_within_one():
    model = BetaGeoBetaBinomial.from_params(alpha=1.3973, beta=0.93805, gamma=0.428071, delta=1.788)
    x, t_x = (each.ravel() for each in np.meshgrid(np.arange(7.0), np.arange(7.0)))
    possible = (x <= t_x) & ((x > 0) == (t_x > 0))
    alive = model.probability_alive_at(x[possible], t_x[possible], 6.0)
    assert alive.max() == 1.0
    assert alive.min() > 0.0
