"""A refit is not called for where nothing changes, and is where purchases fall away; at length in `make calibrate`."""

import numpy as np
import pytest

from regulars.prove import accuracy
from regulars.prove.alarms import CHANGES, LOOKS, WEEKS, watch


@pytest.fixture(scope="module")
def watched():
    return [watch(2000, seed) for seed in (1, 2)]


def test_steady_bases_are_let_be_in_every_week_of_a_quarter(watched):
    assert [len(each.steady) for each in watched] == [WEEKS, WEEKS]
    assert not any(any(each.steady) for each in watched)


@pytest.mark.parametrize("kind", ["less", "more"])
def test_three_purchases_of_ten_fewer_or_more_are_seen_within_the_quarter(kind, watched):
    for each in watched:
        assert set(each.changed) == set(CHANGES)
        assert len(each.changed[kind]) == len(LOOKS)
        assert each.changed[kind][-1]


def test_the_distance_of_a_histogram_is_that_of_its_sums():
    assert accuracy.histogram_distance([0.25] * 4) == pytest.approx(0.0)
    assert accuracy.histogram_distance([0.4, 0.3, 0.2, 0.1]) == pytest.approx(0.2)


def test_a_distance_comes_by_chance_as_often_as_in_draws():
    rng = np.random.default_rng(6)
    found = [accuracy.uniformity(rng.random(200)).distance for _ in range(2000)]
    edge = float(np.quantile(found, 0.9))
    assert accuracy.by_chance(edge, 200) == pytest.approx(0.1, abs=0.02)
