import numpy as np
import pytest

from regulars.measure.lifetime.ages import POINTS, Ages, by_age
from regulars.measure.lifetime.bg import BGFuture

DELTA = np.log(1.1) / (365.25 / 7)
AGES = np.arange(0, 1500) / 7.0
LAWS = [(0.243, 4.41, 0.793, 2.43), (1.8, 27.0, 0.83, 0.74), (0.05, 0.2, 0.05, 0.1), (3.0, 50.0, 5.0, 20.0)]


@pytest.mark.parametrize("x", [0, 1, 5, 40, 300])
@pytest.mark.parametrize(("r", "alpha", "a", "b"), LAWS)
def test_interpolation_over_ages_is_exact_to_rounding(r, alpha, a, b, x):
    future = BGFuture(np.full(AGES.size, r + x), alpha + AGES, a, np.full(AGES.size, b + x + 1.0))
    for quick, exact in (
        (future.expected(52.0), future._expected(52.0)),
        (future.discounted(52.0, DELTA), future._discounted(52.0, DELTA)),
        (future.residual(DELTA), future._residual(DELTA)),
    ):
        np.testing.assert_allclose(quick, exact, rtol=1e-12)


def test_few_ages_are_evaluated_as_they_are():
    group, age = np.repeat([0, 1], POINTS), np.concatenate([np.arange(1.0, POINTS + 1), np.full(POINTS, 3.0)])
    seen = []

    def evaluate(groups, ages):
        seen.append((groups, ages))
        return groups + ages

    assert by_age(group, age, evaluate).tolist() == (group + age).tolist()
    assert (seen[0][0].tolist(), seen[0][1].tolist()) == (group.tolist(), age.tolist())


def test_many_ages_cost_a_fixed_number_of_evaluations_a_group():
    rng = np.random.default_rng(4)
    group, age = rng.integers(0, 3, 5000), rng.uniform(1.0, 300.0, 5000)
    plan = Ages.of(group, age)
    assert len(plan.group) == 3 * POINTS
    np.testing.assert_allclose(plan.spread((plan.group + 2.0) / (1.0 + plan.age)), (group + 2.0) / (1.0 + age), 1e-12)


def test_equal_ages_in_any_number_need_no_interpolation():
    group, age = np.zeros(100, dtype=np.int64), np.full(100, 7.0)
    assert by_age(group, age, lambda _, ages: ages**2).tolist() == [49.0] * 100


def test_an_age_that_is_one_of_the_points_is_met():
    age = np.exp(np.cos((2 * np.arange(POINTS) + 1) * np.pi / (2 * POINTS)))
    ends = np.exp([-1.0, 1.0])
    many = np.concatenate([ends, age])
    found = by_age(np.zeros(len(many), dtype=np.int64), many, lambda _, ages: ages)
    np.testing.assert_allclose(found, many, rtol=1e-12)


def test_no_cells_are_no_values():
    assert by_age(np.zeros(0, dtype=np.int64), np.zeros(0), lambda _, ages: ages).size == 0


def test_nothing_is_bought_in_no_time_whatever_the_number_of_ages():
    future = BGFuture(np.full(AGES.size, 0.243), 4.41 + AGES, 0.793, np.full(AGES.size, 3.43))
    assert not future.expected(0.0).any()
    assert not future.discounted(0.0, DELTA).any()
