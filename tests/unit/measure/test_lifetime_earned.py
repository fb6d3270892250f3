"""What a horizon's purchases leave, losses included: the mixture's quantiles, and totals, against simulation."""

import numpy as np
import pytest

from regulars.measure.lifetime import ModifiedBetaGeoCNBD, NormalNormal, ParetoNBD
from regulars.measure.lifetime.counts import table
from regulars.measure.lifetime.earned import ranges, total_quantiles
from regulars.measure.lifetime.worth import Earned, Scored

PARETO = ParetoNBD.from_params(r=0.9, alpha=6.0, s=0.6, beta=12.0, unit="week")
CLOCK = ModifiedBetaGeoCNBD.from_params(r=2.0, alpha=3.0, a=0.6, b=4.0, k=3, unit="week")
HISTORY = np.array([1.0, 12.0, 40.0]), np.array([3.0, 45.0, 51.0]), np.array([50.0, 52.0, 52.0])
LEVELS = (0.05, 0.25, 0.5, 0.95)


def drawn(counts, cell, alive, theta, error, sigma, seed, n=200_000):
    """Simulate who is alive, how often they buy, their mean profit and each profit."""
    rng = np.random.default_rng(seed)
    law = counts.pmf(cell)
    bought = rng.choice(law.size, n, p=np.maximum(law, 0) / np.maximum(law, 0).sum()) * (rng.random(n) < alive)
    own = rng.normal(theta, error, n)
    return bought * own + rng.normal(0.0, sigma, n) * np.sqrt(bought)


@pytest.mark.parametrize("model", [PARETO, CLOCK], ids=["random", "regular"])
@pytest.mark.parametrize("theta", [-40.0, 2.0, 300.0])
def test_quantiles_are_those_of_a_simulated_customer(model, theta) -> None:
    x, t_x, T = HISTORY
    alive = model.law.probability_alive(x, t_x, T)
    future, cell = model.law.given_alive(x, t_x, T)
    counts, error, sigma = table(future, 52.0), np.full(3, 9.0), 25.0
    found = total_quantiles(LEVELS, counts, cell, alive, np.full(3, theta), error, sigma)
    for i in range(3):
        total = drawn(counts, int(cell[i]), alive[i], theta, error[i], sigma, seed=7 + i)
        # the chance below the quantile is its level, but for the atom of who buys nothing
        below, upto = ([np.mean(total < q - 1e-9), np.mean(total <= q + 1e-9)] for q in found[:, i]), LEVELS
        for (less, at_most), level in zip(below, upto, strict=True):
            assert less - 0.006 <= level <= at_most + 0.006


def test_nobody_left_or_nothing_bought_is_worth_nothing() -> None:
    future, cell = PARETO.law.given_alive(*HISTORY)
    for weeks, alive in ((52.0, 0.0), (0.0, 1.0)):
        found = total_quantiles(
            LEVELS, table(future, weeks), cell, np.full(3, alive), np.full(3, -5.0), np.ones(3), 2.0
        )
        assert (found == 0).all()


def test_ranges_are_single_counts_at_first_and_cover_all() -> None:
    edges = ranges(100)
    assert list(edges[:10]) == list(range(1, 11))
    assert edges[-1] > 100
    assert (np.diff(edges) > 0).all()


def test_the_total_varies_as_simulated_customers_do() -> None:
    spend = NormalNormal.from_params(mu=4.0, tau=15.0, sigma=20.0)
    x, t_x, T = HISTORY
    mean = np.array([-30.0, 11.0, 3.0])
    theta = spend.expected_profit_at(x + 1.0, mean)
    alive = PARETO.law.probability_alive(x, t_x, T)
    future, cell = PARETO.law.given_alive(x, t_x, T)
    counts = table(future, 52.0)
    first, second = (moment[cell] for moment in counts.moments())
    one, none = np.ones(3), np.zeros(3)
    worth = Earned(spend, one, mean, none, theta, theta**2)
    scored = Scored(alive, first, second, one)
    error = spend.standard_error_at(x + 1.0)
    totals = [drawn(counts, int(cell[i]), alive[i], theta[i], error[i], 20.0, seed=i) for i in range(3)]
    assert worth.variance(x, scored) == pytest.approx(sum(np.var(each) for each in totals), rel=0.03)
    assert (worth.drawn(x, alive * first, 5, 1) == 1.0).all()  # known parameters are no doubt


def test_a_fit_is_read_back_with_the_same_draws() -> None:
    rng = np.random.default_rng(2)
    n = rng.integers(1, 9, 300)
    own = rng.normal(3.0, 8.0, 300)
    model = NormalNormal().fit_arrays(n, own + rng.normal(0, 20.0, 300) / np.sqrt(n), 400.0 * (n - 1))
    again = NormalNormal.from_kept(model.kept())
    assert again.get_params() == model.get_params()
    np.testing.assert_array_equal(again.draw_parameters(20, seed=3), model.draw_parameters(20, seed=3))
    assert again.kept() == model.kept()
