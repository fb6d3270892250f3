"""What must hold of the lifetime models for any parameters and any customer."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.measure.annuity import annuity_derivative, annuity_value
from regulars.measure.lifetime import BetaGeoNBD, GammaGamma, ModifiedBetaGeoNBD, ParetoNBD

shape = st.floats(0.02, 50.0)
scale = st.floats(0.05, 500.0)
models = st.one_of(
    st.builds(BetaGeoNBD.from_params, r=shape, alpha=scale, a=shape, b=shape),
    st.builds(ModifiedBetaGeoNBD.from_params, r=shape, alpha=scale, a=shape, b=shape),
    st.builds(ParetoNBD.from_params, r=shape, alpha=scale, s=shape, beta=scale),
)
customers = st.tuples(st.one_of(st.integers(0, 12), st.integers(0, 3_000)), st.floats(0, 1), st.floats(0, 600)).map(
    lambda c: (c[0], c[1] * c[2] if c[0] else 0.0, c[2])
)
horizons = st.floats(0.1, 200.0)


@settings(max_examples=60)
@given(models, customers, horizons)
def test_lifetime_scores_are_finite_and_in_range(model: Any, customer: tuple[int, float, float], t: float) -> None:
    alive = model.probability_alive_at(*customer)[0]
    expected = model.expected_purchases_at(*customer, t)[0]
    discounted = model.discounted_purchases_at(*customer, t, 0.002)[0]
    assert 0 <= alive <= 1
    assert 0 <= discounted <= expected * (1 + 1e-9) < np.inf
    assert expected <= alive * t * (model.r_ + customer[0]) / (model.alpha_ + customer[2]) * (1 + 1e-7)
    assert 0 <= model.discounted_residual_purchases_at(*customer, 0.002)[0] < np.inf


@settings(max_examples=60)
@given(models, customers, horizons)
def test_lifetime_value_grows_with_the_horizon_up_to_the_residual(
    model: Any, customer: tuple[int, float, float], t: float
) -> None:
    near, far = (model.discounted_purchases_at(*customer, u, 0.002)[0] for u in (t, 2 * t))
    assert near <= far * (1 + 1e-6)
    assert far <= model.discounted_residual_purchases_at(*customer, 0.002)[0] * (1 + 1e-3) + 1e-12


@settings(max_examples=40)
@given(models, st.tuples(st.integers(0, 40), st.floats(0, 1), st.floats(0, 200)), st.floats(0.1, 60.0))
def test_lifetime_intervals_bracket_and_nest(model: Any, customer: tuple[int, float, float], t: float) -> None:
    x, share, T = customer
    at = (x, share * T if x else 0.0, T)
    wide, narrow = model.purchase_interval(*at, t, 0.95), model.purchase_interval(*at, t, 0.5)
    assert 0 <= wide[0][0] <= narrow[0][0] <= narrow[1][0] <= wide[1][0]
    cdf = model.count_cdf(np.arange(6), *at, t)
    assert np.all((cdf >= -1e-12) & (cdf <= 1 + 1e-12))
    assert np.all(np.diff(cdf) >= -1e-9)


@settings(max_examples=60)
@given(models, st.integers(0, 300), st.floats(0.1, 200), st.floats(0, 1), st.floats(0, 1))
def test_longer_silence_never_makes_alive_likelier(model: Any, x: int, T: float, u: float, v: float) -> None:
    early, late = sorted((u * T, v * T)) if x else (0.0, 0.0)
    assert model.probability_alive_at(x, early, T)[0] <= model.probability_alive_at(x, late, T)[0] + 1e-9


@settings(max_examples=60)
@given(models, customers, horizons, st.floats(0.1, 30.0))
def test_lifetime_scores_do_not_depend_on_the_unit(
    model: Any, customer: tuple[int, float, float], t: float, factor: float
) -> None:
    x, t_x, T = customer
    times = {n: getattr(model, f"{n}_") * (factor if n in model.times else 1.0) for n in model.names}
    other = type(model).from_params(**times)
    left, right = (
        model.expected_purchases_at(x, t_x, T, t)[0],
        other.expected_purchases_at(x, t_x * factor, T * factor, t * factor)[0],
    )
    assert np.isclose(left, right, rtol=1e-6, atol=1e-300)


@settings(max_examples=60)
@given(shape, st.floats(1.05, 50.0), scale, st.integers(0, 500), st.floats(0.01, 1e6))
def test_expected_spend_lies_between_own_mean_and_population(p: float, q: float, v: float, x: int, m: float) -> None:
    model = GammaGamma.from_params(p=p, q=q, v=v)
    spend, everyone = float(model.expected_spend_at(x, m)[0]), model.spend.population_mean()
    low, high = (min(m, everyone), max(m, everyone)) if x else (everyone, everyone)
    assert low * (1 - 1e-9) <= spend <= high * (1 + 1e-9)


@given(st.floats(0, 1e6), st.floats(0, 60), st.floats(0, 1))
def test_annuity_stays_between_zero_and_the_plain_sum(R: float, n: float, r: float) -> None:
    value = float(annuity_value(R, n, r))
    assert 0 <= value <= R * n * (1 + 1e-12) + 1e-9
    assert annuity_derivative(R, n, r) <= 1e-6 * R
