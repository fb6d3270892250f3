"""A model by groups as one: its law is that of each group, its draws know what is open, its JSON makes it again."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from regulars.errors import NotEnoughData
from regulars.measure.lifetime import ModifiedBetaGeoNBD
from regulars.measure.lifetime.grouped import Grouped, fit_grouped
from regulars.measure.lifetime.grouped_law import REST, Membership, law_of
from regulars.measure.lifetime.triples import Triples


def histories(world: Any, n: int, **how: Any) -> Triples:
    table = world(n, p=np.random.default_rng(2).beta(0.9, 2.5, n), **how)[0]
    x, t_x, age = (table[name].to_numpy().astype(np.float64) for name in ("x", "t_x", "T"))
    return Triples(x, t_x, age, np.ones(n))


@pytest.fixture(scope="module")
def differing(world: Any) -> tuple[Triples, Membership, Grouped]:
    """Two stores whose customers buy three times as often in one, and forty customers elsewhere or nowhere."""
    code = np.repeat([0, 1, 2, -1], [500, 500, 30, 10])
    data = histories(world, 1_040, buying=np.where(code == 0, 3.0, 1.0), seed=5)
    member = Membership("store", ("busy", "calm", "tiny"), code)
    return data, member, fit_grouped(ModifiedBetaGeoNBD, data, member)


def bought(law: Any, data: Triples, t: float = 26.0) -> Any:
    future, cell = law.given_alive(data.x, data.t_x, data.T)
    return law.probability_alive(data.x, data.t_x, data.T) * future.expected(t)[cell]


def test_groups_too_small_are_taken_together(differing: Any) -> None:
    found = differing[2]
    assert list(found.own) == ["busy", "calm"]
    assert found.groups[REST].customers == 40


def test_each_row_follows_the_law_of_its_group(differing: Any) -> None:
    data, member, found = differing
    law = law_of(found.law, member)
    for name, code in (("busy", [0]), ("calm", [1]), (REST, [2, -1])):
        chosen = np.isin(member.code, code)
        part = Triples(data.x[chosen], data.t_x[chosen], data.T[chosen], data.count[chosen])
        own = found.groups[name].model.law
        assert np.array_equal(law.probability_alive(data.x, data.t_x, data.T)[chosen],
                              own.probability_alive(part.x, part.t_x, part.T))  # fmt: skip
        assert np.array_equal(bought(law, data)[chosen], bought(own, part))
    future, cell = law.given_alive(data.x, data.t_x, data.T)
    more = future.survival(np.full(len(cell), 2.0), cell, 26.0)
    assert np.all((more >= 0) & (more <= 1))
    assert more[member.code == 0].mean() > more[member.code == 1].mean()


def test_the_busy_store_is_found_busier(differing: Any) -> None:
    found = differing[2]
    pace = {name: each.model.r_ / each.model.alpha_ for name, each in found.groups.items()}
    assert 2.2 < pace["busy"] / pace["calm"] < 4.0
    assert found.groups["busy"].weight["r/alpha"] > 0.9 > found.groups[REST].weight["r/alpha"]


def test_groups_known_under_other_positions_are_the_same_groups(differing: Any) -> None:
    data, member, found = differing
    turned = Membership("store", ("calm", "new", "busy"), np.array([2, 0, 1, -1])[member.code])
    assert np.array_equal(bought(law_of(found.law, turned), data), bought(law_of(found.law, member), data))


def test_a_law_by_groups_does_not_guess_the_groups(differing: Any) -> None:
    with pytest.raises(ValueError, match="groups of the rows"):
        law_of(differing[2].law, None)


def test_the_json_makes_the_same_model_and_the_same_draws(differing: Any) -> None:
    data, member, found = differing
    again = Grouped.from_kept(ModifiedBetaGeoNBD, json.loads(json.dumps(found.kept(), allow_nan=False)))
    assert np.array_equal(bought(law_of(again.law, member), data), bought(law_of(found.law, member), data))
    for a, b in zip(again.drawn_laws(3, 7), found.drawn_laws(3, 7), strict=True):
        assert np.array_equal(bought(law_of(a, member), data), bought(law_of(b, member), data))


def test_alike_groups_forecast_as_one_and_are_as_unsure_as_one(world: Any) -> None:
    """Shrunk to the same numbers, groups still share the doubt of what they have in common."""
    half = histories(world, 400, seed=6)
    data = Triples(*(np.tile(v, 3) for v in (half.x, half.t_x, half.T, half.count)))
    member = Membership("store", ("a", "b", "c"), np.repeat([0, 1, 2], 400))
    found = fit_grouped(ModifiedBetaGeoNBD, data, member)
    plain = ModifiedBetaGeoNBD().fit_grouped(data.x, data.t_x, data.T, data.count)
    assert np.allclose(bought(law_of(found.law, member), data), bought(plain.law, data), rtol=0.01, atol=1e-3)
    by_groups = np.std([bought(law_of(law, member), data).sum() for law in found.drawn_laws(80, 1)])
    by_one = np.std([bought(law, data).sum() for law in plain.drawn_laws(80, 1)])
    assert 0.7 < by_groups / by_one < 1.5


def test_one_group_is_nothing_to_tell_apart(world: Any) -> None:
    data = histories(world, 200, seed=6)
    with pytest.raises(NotEnoughData, match="store has 1 group of 100 customers"):
        fit_grouped(ModifiedBetaGeoNBD, data, Membership("store", ("a",), np.zeros(200, dtype=np.int64)))
