"""The logistic hazard recovers who leaves from simulated customers; late entry in the models of contracts."""

from __future__ import annotations

import numpy as np
import pytest

from regulars.errors import InputError
from regulars.measure.lifetime import ShiftedBetaGeometric
from regulars.measure.lifetime.hazard import RenewalHazard, restricted_spline


def chance(t, plan, age):
    """The truth: high in the first periods, doubled odds on one plan, a bend in age."""
    return 1 / (1 + np.exp(2.2 + 0.4 * np.log(t) - 0.7 * (plan == "monthly") + 0.03 * np.abs(age - 45)))


@pytest.fixture(scope="module")
def lived():
    rng = np.random.default_rng(8)
    n = 20_000
    plan, age = np.where(rng.random(n) < 0.5, "monthly", "yearly").astype(object), rng.uniform(20, 70, n)
    seen, periods, ended = rng.integers(1, 25, n), np.zeros(n, int), np.zeros(n, bool)
    for t in range(1, 25):
        here = (~ended) & (seen >= t)
        periods[here] = t
        ended |= here & (rng.random(n) < chance(t, plan, age))
    return periods, ended, {"plan": plan, "age": age}


def test_chances_come_back_from_simulated_customers(lived):
    periods, ended, known = lived
    model = RenewalHazard().fit(0 * periods, periods, ended, known)
    for t in (1, 3, 12):
        said = model.leaving(np.full(len(periods), t), known)
        truth = chance(t, known["plan"], known["age"])
        assert said.mean() == pytest.approx(truth.mean(), rel=0.05)
        assert np.corrcoef(said, truth)[0, 1] > 0.98


def test_renewals_to_come_add_up_and_are_held_beyond_what_was_seen(lived):
    periods, ended, known = lived
    model = RenewalHazard().fit(0 * periods, periods, ended, known)
    few = {name: column[:5] for name, column in known.items()}
    ahead = model.ahead([0, 3, 10, 23, 40], few, 400)
    assert np.all(np.diff(ahead, axis=1) <= 0)
    # beyond the longest tenure each customer's rate stays the same
    assert ahead[4, 1:5] / ahead[4, :4] == pytest.approx(np.full(4, ahead[4, 0]))
    sums = (ahead * 1.02 ** -np.arange(1.0, 401.0)).sum(axis=1)
    assert model.expected_renewals([0, 3, 10, 23, 40], few, discount=0.02) == pytest.approx(sums, rel=1e-4)


def test_a_text_nobody_saw_before_and_a_missing_number_get_a_chance_too(lived):
    periods, ended, known = lived
    gaps = known["age"].copy()
    gaps[::7] = np.nan
    model = RenewalHazard().fit(0 * periods, periods, ended, {"plan": known["plan"], "age": gaps})
    said = model.leaving([2, 2], {"plan": np.array(["new", None], dtype=object), "age": np.array([np.nan, 30.0])})
    assert np.all((said > 0) & (said < 0.5))


def test_what_is_the_same_for_everybody_is_refused(lived):
    periods, ended, _ = lived
    with pytest.raises(InputError, match="the same for everybody"):
        RenewalHazard().fit(0 * periods, periods, ended, {"country": np.full(len(periods), "FR", dtype=object)})


def test_a_spline_is_straight_beyond_its_outer_knots():
    knots = np.array([1.0, 2.0, 4.0, 7.0])
    for outside in (np.array([-3.0, -2.0, -1.0]), np.array([8.0, 9.0, 10.0])):
        assert np.allclose(np.diff(restricted_spline(outside, knots), n=2, axis=0), 0)


def test_customers_who_came_into_view_late_do_not_make_the_base_look_loyal():
    """The file begins after years of business: who had left by then is not in it."""
    rng = np.random.default_rng(6)
    n = 60_000
    leaves, entered = np.minimum(rng.geometric(rng.beta(0.8, 2.5, n)), 10_000), rng.integers(0, 8, n)
    seen = entered + rng.integers(1, 8, n)
    here = leaves > entered
    periods, ended = np.minimum(leaves, seen)[here], (leaves <= seen)[here]
    late = ShiftedBetaGeometric().fit_grouped(periods, ended, np.ones(here.sum()), entered[here])
    assert (late.alpha_, late.beta_) == pytest.approx((0.8, 2.5), rel=0.06)
    plain = ShiftedBetaGeometric().fit_grouped(periods, ended, np.ones(here.sum()))
    assert plain.survival(4) > late.survival(4) + 0.05
