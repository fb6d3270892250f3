"""Profit per occasion with losses: the truth is found again, nothing is refused, and shrinkage is what it should be."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime import NormalNormal

TRUTH = {"mu": 3.0, "tau": 8.0, "sigma": 20.0}


def profits(customers, seed, *, mu, tau, sigma, most=9):
    """Draw each customer's occasions, their mean profit, the squares about it, and the customer's own mean."""
    rng = np.random.default_rng(seed)
    n = rng.integers(1, most + 1, customers)
    own = rng.normal(mu, tau, customers)
    each = [rng.normal(m, sigma, k) for m, k in zip(own, n, strict=True)]
    return n, np.array([e.mean() for e in each]), np.array([((e - e.mean()) ** 2).sum() for e in each]), own, each


@pytest.mark.parametrize("known", [True, False])
def test_the_truth_is_found_again_losses_and_all(known) -> None:
    n, mean, squares, own, _ = profits(4000, 3, **TRUTH)
    assert (mean < 0).mean() > 0.3
    model = NormalNormal().fit_arrays(n, mean, squares if known else None)
    error = np.array([getattr(model, f"{name}_") - value for name, value in TRUTH.items()])
    assert np.abs(error / np.sqrt(np.diag(model.covariance_))).max() < 3.0
    away = (own - model.expected_profit_at(n, mean)) / model.standard_error_at(n)
    assert np.mean(np.abs(away) < 1.645) == pytest.approx(0.9, abs=0.02)
    drawn = model.draw_parameters(400, seed=1)
    np.testing.assert_allclose(drawn.std(axis=0), np.sqrt(np.diag(model.covariance_)), rtol=0.15)


def test_likelihood_is_that_of_all_profits() -> None:
    n, mean, squares, _, each = profits(40, 5, **TRUTH)
    model = NormalNormal().fit_arrays(n, mean, squares)
    total = 0.0
    for e in each:
        cover = model.sigma_**2 * np.eye(len(e)) + model.tau_**2
        total += stats.multivariate_normal(np.full(len(e), model.mu_), cover).logpdf(e)
    assert model.log_likelihood_ == pytest.approx(total, rel=1e-10)
    moved = NormalNormal().fit_arrays(n, -100.0 * mean + 7.0, 1e4 * squares)
    assert (moved.mu_, moved.tau_) == pytest.approx((-100.0 * model.mu_ + 7.0, 100.0 * model.tau_), rel=1e-6)


def test_zeros_losses_and_customers_without_profit_are_taken_as_they_are() -> None:
    table = pa.table({"n_profits": [0, 1, 2, 5, 3], "mean_profit": [None, 0.0, -4.0, 2.5, 9.0],
                      "profit_squares": [None, None, 3.0, 8.0, 1.0]})  # fmt: skip
    model = NormalNormal().fit(table)
    expected = model.expected_profit(table)
    assert expected[0] == model.mu_
    assert expected[2] < 0 < expected[4]
    assert (np.diff(model.standard_error_at([0, 1, 2, 5])) < 0).all()
    assert model.standard_error_at([0])[0] == model.tau_


def test_customers_who_do_not_differ_are_named() -> None:
    rng = np.random.default_rng(8)
    n = np.full(200, 6)
    each = rng.normal(5.0, 3.0, (200, 6))
    each += 5.0 - each.mean(axis=1, keepdims=True) + rng.normal(0, 0.1, (200, 1))
    model = NormalNormal().fit_arrays(n, each.mean(axis=1), 6 * each.var(axis=1))
    assert "tau" in str(model.boundary_)
    assert np.isfinite(model.expected_profit_at(n, each.mean(axis=1))).all()


def test_what_cannot_be_told_is_said() -> None:
    with pytest.raises(NotEnoughData):
        NormalNormal().fit_arrays([1, 1, 1], [2.0, -3.0, 4.0])
    with pytest.raises(NotEnoughData):
        NormalNormal().fit_arrays([3], [2.0])
    with pytest.raises(InputError, match="1 "):
        NormalNormal().fit_arrays([2, 2], [float("nan"), 1.0])
