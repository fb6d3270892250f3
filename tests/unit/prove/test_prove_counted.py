import numpy as np
import pytest

from regulars.prove.counted import WORLDS, recover_counted


@pytest.mark.parametrize("name", WORLDS)
def test_a_large_company_gives_its_truth_back(name):
    found = recover_counted(name, 3, customers=20_000)
    assert max(abs(error) for error in found.errors.values()) < 0.25
    assert not found.boundary
    assert abs(found.total_error) < 0.04
    assert found.coverage >= 0.9
    assert found.pit_distance < 0.02


@pytest.mark.parametrize("name", WORLDS)
def test_who_has_left_does_nothing_and_who_has_not_only_what_is_possible(name):
    rng = np.random.default_rng(8)
    world = WORLDS[name]
    history, actual = world.live(rng, 500)
    drawn = world.ahead(world.truth, history, rng)
    for future in (actual, drawn):
        assert (future >= 0).all() or name == "normal-normal"
        assert not future[~world.unsettled(history)].any()
    if name in ("BG/BB", "sBG", "BdW"):
        assert max(actual.max(), drawn.max()) <= 4


@pytest.mark.parametrize("name", WORLDS)
def test_under_the_true_parameters_draws_are_like_what_came(name):
    world = WORLDS[name]
    rng = np.random.default_rng(4)
    history, actual = world.live(rng, 40_000)
    drawn = world.ahead(world.truth, history, rng)
    error = np.hypot(actual.std(), drawn.std()) / actual.size**0.5
    assert abs(actual.mean() - drawn.mean()) < 4 * error


def test_the_same_seed_is_the_same_company():
    assert recover_counted("sBG", 5, customers=300) == recover_counted("sBG", 5, customers=300)


def test_estimates_doubt_alone_makes_contracts_reject_more_often():
    found = [recover_counted("sBG", seed, customers=1000) for seed in range(30)]
    often = {key: sum(getattr(each, key) < 0.05 for each in found) for key in ("pit_p", "pit_p_known", "pit_p_many")}
    assert often["pit_p_known"] <= 6  # of 30 at 5 %: once in a thousand runs
    assert often["pit_p_many"] <= often["pit_p"]
