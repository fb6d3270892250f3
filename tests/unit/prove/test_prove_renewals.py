"""Which model of renewals is taken, and whether features are: by what was held out."""

from __future__ import annotations

import numpy as np
import pytest

from regulars.errors import InputError, NotEnoughData
from regulars.prove.renewals import choose_renewal_model, features_tell


def contracts(n, coin, c=1.0, longest=20, seed=1):
    """Periods and ends of customers who leave by S(t | θ) = (1 − θ)^(t^c)."""
    rng = np.random.default_rng(seed)
    stays = np.log(rng.random(n)) / np.log1p(-np.clip(coin(rng, n), 1e-9, 1 - 1e-9))
    leaves = np.floor(np.maximum(stays, 0) ** (1 / c)) + 1
    seen = rng.integers(5, longest + 1, n)
    return np.minimum(leaves, seen).astype(np.int64), leaves <= seen


def test_the_simpler_model_where_it_does_as_well():
    periods, ended = contracts(5000, lambda rng, n: rng.beta(0.8, 3.0, n))
    found = choose_renewal_model(0 * periods, periods, ended)
    assert found.chosen == "sBG"
    assert found.cut == 15
    said = {row.name: row.survival for row in found.tested}
    assert found.seen[1] <= said["sBG"] <= found.seen[2]
    assert next(row for row in found.tested if row.name == "constant").deficit > 0.01


def test_the_other_where_staying_gets_harder_with_time():
    periods, ended = contracts(8000, lambda rng, n: rng.beta(4.0, 200.0, n), c=1.9, longest=16)
    found = choose_renewal_model(0 * periods, periods, ended)
    assert found.chosen == "BdW"
    assert next(row for row in found.tested if row.name == "sBG").deficit > 0


def test_too_few_periods_are_no_test_and_too_few_customers_no_model():
    periods = np.repeat([1, 2, 2], 20)
    ended = np.repeat([True, True, False], 20)
    found = choose_renewal_model(0 * periods, periods, ended)
    assert (found.chosen, found.cut, found.tested) == ("sBG", None, ())
    with pytest.raises(NotEnoughData):
        choose_renewal_model(0 * periods[:20], periods[:20], ended[:20])
    with pytest.raises(NotEnoughData):
        choose_renewal_model(0 * periods, periods, np.zeros(60, bool))


def test_features_are_used_where_they_tell_and_only_there():
    rng = np.random.default_rng(2)
    n = 4000
    told = rng.normal(size=n)
    leaves = rng.geometric(1 / (1 + np.exp(2 - 0.8 * told)))
    periods, ended = np.minimum(leaves, 10), leaves <= 10
    shape = (0 * periods, periods, ended, np.arange(n))
    assert features_tell(*shape, {"told": told}).useful
    rare = np.full(n, "often", dtype=object)
    rare[:2] = "seldom"
    assert not features_tell(*shape, {"rare": rare}).useful
    with pytest.raises(InputError, match="the same for everybody"):
        features_tell(*shape, {"none": np.full(n, np.nan)})
    noise = features_tell(*shape, {"noise": rng.normal(size=n)})
    assert abs(noise.gain) < 3 * noise.standard_error
