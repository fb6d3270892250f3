"""Random parts of real data: a fit inside, a named boundary or a stated lack of data, never anything else.

Peers raise on 24 % of random parts of 100 customers (lifetimes #258, #259, #419). The long run and `make calibrate`
check 400 parts with every model.
"""

import pytest
from benchmarks.subsamples import kinds, part

from regulars.prove.small import EXPLAINED

pytestmark = pytest.mark.real_data
MODELS = {
    "CDNOW": {"MBG/NBD", "Pareto/NBD", "BG/NBD", "MBG/CNBD-k", "BG/CNBD-k", "NBD"},
    "CDNOW, spend": {"Gamma-Gamma"},
    "AdventureWorks' resellers, profit of an order": {"normal-normal"},
    "CDNOW, in periods of 30 days": {"BG/BB"},
    "donations, six years": {"BG/BB"},
    "Telco, months": {"sBG", "BdW"},
}
SIZES = {50: 3, 100: 3, 300: 1}
"""How many parts of each size the short run draws."""


@pytest.fixture(scope="module")
def drawn(test_data):
    return kinds(test_data)


@pytest.mark.parametrize("name", MODELS)
def test_small_parts_end_explained(name, drawn):
    for size, parts in SIZES.items():
        for seed in range(parts):
            assert unexplained(part(drawn[name], seed, size=size), MODELS[name]) == {}


@pytest.mark.long
@pytest.mark.parametrize("seed", range(400))
def test_four_hundred_parts_end_explained(seed, drawn):
    for name, models in MODELS.items():
        assert unexplained(part(drawn[name], seed), models) == {}


def unexplained(found, models):
    """Return the models whose fits ended in anything but what is allowed; a boundary must say which."""
    assert set(found) - {"size"} == models
    ends = {model: found[model].partition(": ") for model in models}
    assert all(words for end, _, words in ends.values() if end != "ok")
    return {model: end for model, end in ends.items() if end[0] not in EXPLAINED}
