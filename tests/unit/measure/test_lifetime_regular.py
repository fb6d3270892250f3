"""Regular buyers: k = 1 is the old model, everything else agrees with lives lived through, and k is found again."""

import numpy as np
import pytest
from scipy import special, stats

from regulars.errors import InputError
from regulars.measure.lifetime import BetaGeoCNBD, BetaGeoNBD, ModifiedBetaGeoCNBD, ModifiedBetaGeoNBD
from regulars.measure.lifetime.counts import table
from regulars.measure.lifetime.triples import Triples

PARAMETERS = {"r": 0.9, "alpha": 8.0, "a": 0.8, "b": 2.4}
HISTORIES = (np.array([0.0, 1, 4, 12, 4]), np.array([0.0, 9, 30, 38, 39.9]), np.array([39.0, 39, 40, 39, 40]))
PAIRS = [(BetaGeoCNBD, BetaGeoNBD), (ModifiedBetaGeoCNBD, ModifiedBetaGeoNBD)]


def lives(n, k, seed, *, first=1, weeks=(20.0, 80.0), hold=39.0):
    """Live `n` customers through, at the same pace for each k: x, t_x, T, purchases held out, Σ ln gap."""
    rng = np.random.default_rng(seed)
    rate, p = rng.gamma(PARAMETERS["r"], k / PARAMETERS["alpha"], n), rng.beta(PARAMETERS["a"], PARAMETERS["b"], n)
    T = rng.uniform(*weeks, n)
    x, t_x, future, now, logs = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), 0.0
    alive = rng.random(n) > p * first
    while alive.any():
        who = np.flatnonzero(alive)
        gap = rng.gamma(k, 1.0 / rate[who])
        now[who] += gap
        seen = now[who] <= T[who]
        x[who[seen]] += 1
        t_x[who[seen]] = now[who[seen]]
        logs += float(np.sum(np.log(gap[seen])))
        future[who[~seen & (now[who] <= T[who] + hold)]] += 1
        alive[who] = (now[who] <= T[who] + hold) & (rng.random(who.size) > p[who])
    return x, t_x, T, future, logs


@pytest.mark.parametrize(("regular", "random"), PAIRS)
def test_one_stage_is_random_buying(regular, random) -> None:
    one, old = regular.from_params(k=1, **PARAMETERS), random.from_params(**PARAMETERS)
    x, t_x, T = HISTORIES
    for ask in (
        lambda m: m.probability_alive_at(x, t_x, T),
        lambda m: m.expected_purchases_at(x, t_x, T, 52.0),
        lambda m: m.discounted_purchases_at(x, t_x, T, 52.0, 0.003),
        lambda m: m.discounted_residual_purchases_at(x, t_x, T, 0.003),
        lambda m: m.purchase_interval(x, t_x, T, 52.0),
        lambda m: m.moments(x, t_x, T, 52.0).variance,
        lambda m: m.probability_of_count(np.arange(8), 30.0),
        lambda m: m.predictive_gap(x, T, 0.7, t_x=t_x),
        lambda m: m.predictive_gap(x, T),
    ):
        np.testing.assert_allclose(ask(one), ask(old), rtol=1e-10)
    x, t_x, T, _, _ = lives(800, 1, seed=5)
    one, old = regular(k=1).fit_grouped(x, t_x, T, 1), random().fit_grouped(x, t_x, T, 1)
    np.testing.assert_allclose(one._parameters(), old._parameters(), rtol=1e-7)
    assert one.log_likelihood_ == pytest.approx(old.log_likelihood_, rel=1e-12)
    np.testing.assert_allclose(one.covariance_, old.covariance_, rtol=1e-5)


@pytest.mark.parametrize("k", [2, 3, 12])
def test_what_is_said_of_a_customer_is_the_integral_over_rates_and_stages(k) -> None:
    """P(alive), the law of the next purchases and DERT, each from its definition."""
    r, alpha, a, b = PARAMETERS.values()
    model = ModifiedBetaGeoCNBD.from_params(k=k, **PARAMETERS)
    x, t_x, T, t, delta = 4, 30.0, 40.0, 26.0, 0.01
    nodes, weights = np.polynomial.legendre.leggauss(1000)
    rate = 6.0 * (nodes + 1.0)
    weights = weights * rate ** (r + k * x - 1.0) * np.exp(-rate * (alpha + t_x))
    stage = np.arange(k)
    in_stage = stats.poisson.pmf(stage[:, None], rate * (T - t_x))
    silent = weights @ in_stage.sum(axis=0)
    gone, stays = weights.sum() * a, (b + x) * silent
    assert float(model.probability_alive_at(x, t_x, T)[0]) == pytest.approx(stays / (stays + gone), rel=1e-10)
    pmf = model.given_alive_count_pmf(x, T, t, t_x=t_x)
    b_x = b + x + 1
    for n in (1, 3):
        passed = stats.poisson.sf((n * k - stage - 1)[:, None], rate * t)
        kept = special.beta(a, b_x + n - 1) / special.beta(a, b_x)
        assert 1.0 - pmf[:n].sum() == pytest.approx(
            kept * (weights @ (in_stage * passed).sum(axis=0)) / silent, rel=1e-9
        )
    phi = rate / (rate + delta)
    rest = special.hyp2f1(1, b_x, a + b_x, phi**k) * (in_stage * phi ** (k - stage[:, None])).sum(axis=0)
    found = model.given_alive(x, T, t, delta, t_x=t_x).discounted_residual[0]
    assert found == pytest.approx((weights @ rest) / silent, rel=2e-5)


@pytest.mark.parametrize("k", [1, 2, 3, 12])
def test_expectations_are_those_of_the_counts(k) -> None:
    model = BetaGeoCNBD.from_params(k=k, **PARAMETERS)
    x, t_x, T = HISTORIES
    for t in (0.5, 13.0, 52.0, 300.0):
        future, cell = model.law.given_alive(x, t_x, T)
        np.testing.assert_allclose(future.expected(t)[cell], table(future, t).moments()[0][cell], rtol=2e-8, atol=1e-12)
        np.testing.assert_allclose(future.rough(t), future.expected(t), rtol=1e-3, atol=1e-12)
    plain = future.expected(52.0)
    np.testing.assert_allclose(future.discounted(52.0, 0.0), plain, rtol=1e-12)
    assert (future.discounted(52.0, 0.01) < plain).all()
    assert future.discounted(2000.0, 0.01) == pytest.approx(future.residual(0.01), rel=2e-3)


def test_the_longer_a_regular_buyer_is_silent_the_sooner_the_next_purchase() -> None:
    model = ModifiedBetaGeoCNBD.from_params(k=4, **PARAMETERS)
    due = [float(model.predictive_gap(10, 40.0, 0.5, t_x=t_x)) for t_x in (40.0, 39.0, 38.0)]
    assert due[0] > due[1] > due[2] > 0
    pmf = model.given_alive_count_pmf(10, 40.0, due[1], t_x=39.0)
    assert pmf[0] == pytest.approx(0.5, rel=1e-6)
    with pytest.raises(InputError, match="t_x"):
        model.given_alive(10, 40.0, 10.0)


def test_gradient_is_that_of_the_value() -> None:
    x, t_x, T, _, _ = lives(300, 3, seed=2)
    model = ModifiedBetaGeoCNBD(k=3)
    objective = model._objective(Triples(x, t_x, T, np.ones(x.size)))
    here = np.log([0.8, 9.0, 0.7, 2.0])
    step = 1e-6 * np.eye(4)
    slopes = [(objective(here + e)[0] - objective(here - e)[0]) / 2e-6 for e in step]
    np.testing.assert_allclose(objective(here)[1], slopes, rtol=1e-6)


@pytest.mark.parametrize("k", [1, 3])
def test_regularity_and_parameters_are_found_again(k) -> None:
    x, t_x, T, future, logs = lives(4000, k, seed=31)
    model = ModifiedBetaGeoCNBD().fit_grouped(x, t_x, T, 1, log_gaps=logs)
    assert model.k_ == k
    assert ModifiedBetaGeoCNBD().fit_grouped(x, t_x, T, 1).k_ == k
    truth = np.log(list((PARAMETERS | {"alpha": PARAMETERS["alpha"] / k}).values()))
    away = (np.log(model._parameters()) - truth) / np.sqrt(np.diag(model.covariance_))
    assert np.abs(away).max() < 3.0
    expected = model.expected_purchases_at(x, t_x, T, 39.0)
    assert expected.sum() == pytest.approx(future.sum(), abs=3.5 * float(np.std(future - expected)) * x.size**0.5)
    low, high = model.purchase_interval(x, t_x, T, 39.0)
    assert np.mean((low <= future) & (future <= high)) > 0.9


def test_k_is_whole_and_small() -> None:
    for k in (0, 13, 2.5):
        with pytest.raises(InputError):
            ModifiedBetaGeoCNBD(k=k)
