"""Groups that share strength: what must be equal is, and forecasts of small groups gain by it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime import BetaGeoCNBD, BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD, pooled
from regulars.measure.lifetime.shrinkage import Between, Groups, between


@pytest.fixture(scope="module")
def summary(world: Any) -> pa.Table:
    p = np.random.default_rng(2).beta(0.9, 2.5, 900)
    table: pa.Table = world(900, p=p, seed=6)[0]
    return table


def with_store(table: pa.Table, store: Any) -> pa.Table:
    return table.append_column("store", pa.array(store))


@pytest.mark.parametrize("model", [BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD])
def test_one_group_is_the_plain_model(summary: pa.Table, model: Any) -> None:
    table = with_store(summary.slice(0, 400), ["a"] * 400)
    both = pooled(model, table, by="store")
    plain = model().fit(table)
    assert np.allclose(both.groups_["a"].model._parameters(), plain._parameters(), rtol=1e-3)
    assert np.allclose(both.expected_purchases(table, 26), plain.expected_purchases(table, 26), rtol=1e-4)


def test_equal_groups_shrink_to_what_they_have_in_common(summary: pa.Table) -> None:
    half = summary.slice(0, 450)
    table = with_store(pa.concat_tables([half] * 4), np.repeat(["a", "b", "c", "d"], 450))
    both = pooled(ModifiedBetaGeoNBD, table, by="store")
    plain = ModifiedBetaGeoNBD().fit(half)
    assert max(both.spread_.values()) < 0.002
    for group in both.groups_.values():
        assert np.allclose(group.model._parameters(), plain._parameters(), rtol=1e-2)
        assert max(group.weight.values()) < 0.01


def test_a_group_too_small_to_fit_gets_the_typical_one_and_a_large_one_keeps_its_own(world: Any) -> None:
    rng = np.random.default_rng(7)
    store = np.repeat(np.arange(8), 400)
    rates = np.exp(np.linspace(-0.8, 0.8, 8))
    table = world(3_200, buying=rates[store], p=rng.beta(0.9, 2.5, 3_200), seed=3)[0]
    named = with_store(table, np.where((store == 3) & (np.arange(3_200) % 400 < 3), 9, store))
    few = named.filter(pa.array((store != 3) | (np.arange(3_200) % 400 < 3)))
    both = pooled(ModifiedBetaGeoNBD, few, by="store")
    assert both.groups_[9].customers == 3
    assert both.groups_[9].weight["r/alpha"] < 0.35
    typical = np.log(both.base_._parameters())
    assert np.abs(np.log(both.groups_[9].model._parameters()) - typical).max() < 0.6
    for k in (0, 7):
        assert both.groups_[k].weight["r/alpha"] > 0.85
        own = ModifiedBetaGeoNBD().fit(few.filter(pa.array(np.asarray(few["store"]) == k)))
        models = (own, both.groups_[k].model, both.base_)
        alone, shrunk, middle = (np.log(m._parameters()[0] / m._parameters()[1]) for m in models)
        assert abs(shrunk - alone) < 0.5 * abs(alone - middle)
    assert 0.25 < both.spread_["r/alpha"] < 1.0


def test_small_groups_that_differ_are_forecast_better_together(world: Any) -> None:
    groups, each, cut = 20, 120, 480
    rng = np.random.default_rng(11)
    store = np.repeat(np.arange(groups), each)
    rate, leaving = np.exp(0.6 * rng.standard_normal(groups)), 0.6 * rng.standard_normal(groups)
    p = rng.beta(1.2 * np.exp(leaving[store] / 2), 3.0 * np.exp(-leaving[store] / 2))
    whole, orders = world(groups * each, days=660, buying=rate[store], p=p, seed=12)
    born = 660 - np.asarray(whole["T_days"])
    customer = np.asarray(orders["customer_id"])
    day = np.asarray(orders["business_date"]).astype("datetime64[D]").astype(int) - 19_723
    past, n = day <= cut, groups * each
    x, last = np.bincount(customer[past], minlength=n), born.copy()
    np.maximum.at(last, customer[past], day[past])
    ahead = np.bincount(customer[~past], minlength=n)
    known = born <= cut - 30
    table = pa.table({
        "x": x, "t_x": (last - born) / 7, "T": (cut - born) / 7, "store": store,
    }).filter(pa.array(known))  # fmt: skip
    bought, t = ahead[known], (660 - cut) / 7

    def loss(model: Any, *at: Any) -> float:
        chance = model.count_cdf(bought, *at, t) - model.count_cdf(bought - 1, *at, t)
        return float(-np.mean(np.log(np.maximum(chance, 1e-12))))

    xs, ts, Ts, of = (np.asarray(table[c]) for c in ("x", "t_x", "T", "store"))
    one = ModifiedBetaGeoNBD().fit(table)
    apart = 0.0
    for k in range(groups):
        mine = of == k
        try:
            own = ModifiedBetaGeoNBD().fit_grouped(xs[mine], ts[mine], Ts[mine], 1)
        except NotEnoughData:
            own = one
        at = (xs[mine], ts[mine], Ts[mine], t)
        chance = own.count_cdf(bought[mine], *at) - own.count_cdf(bought[mine] - 1, *at)
        apart -= float(np.sum(np.log(np.maximum(chance, 1e-12)))) / len(xs)
    together = loss(pooled(ModifiedBetaGeoNBD, table, by="store"), table)
    assert together < apart
    assert together < loss(one, xs, ts, Ts)


def test_the_law_between_groups_is_found_from_estimates_of_any_quality() -> None:
    rng = np.random.default_rng(1)
    n, spread = 400, np.array([0.5, 0.001])
    truth = np.array([1.0, -2.0]) + spread * rng.standard_normal((n, 2))
    information = np.zeros((n, 2, 2))
    information[:, [0, 1], [0, 1]] = rng.choice([0.0, 5.0, 100.0], (n, 2))
    noise = np.sqrt(np.diagonal(information, axis1=1, axis2=2)) * rng.standard_normal((n, 2))
    groups = Groups(information, np.sum(information * truth[:, None, :], axis=2) + noise)
    law = between(groups, np.zeros(2))
    assert law.centre == pytest.approx([1.0, -2.0], abs=0.1)
    assert law.spread[0] == pytest.approx(0.5, rel=0.15)
    assert law.spread[1] < 0.05
    mean, covariance = groups.posterior(Between(law.centre, law.spread))
    blind = np.flatnonzero(information[:, 0, 0] == 0)[0]
    assert mean[blind, 0] == pytest.approx(law.centre[0])
    assert covariance[blind, 0, 0] == pytest.approx(law.spread[0] ** 2)


def test_mistakes_are_named(summary: pa.Table) -> None:
    table = with_store(summary, ["a", "b", None] * 300)
    with pytest.raises(InputError, match="store is missing in 300 rows"):
        pooled(BetaGeoNBD, table, by="store")
    with pytest.raises(InputError, match="no such covariates: shop"):
        pooled(BetaGeoNBD, table, by="shop")
    with pytest.raises(InputError, match="cannot be fitted by groups"):
        pooled(BetaGeoCNBD, table, by="store")
    both = pooled(BetaGeoNBD, with_store(summary, ["a", "b", "c"] * 300), by="store")
    with pytest.raises(InputError, match="not seen: z"):
        both.probability_alive(with_store(summary, ["a", "b", "z"] * 300))
    low, high = both.purchase_interval(with_store(summary, ["a", "b", "c"] * 300), 13)
    assert np.all(low <= high)
    with pytest.raises(InputError, match="horizon"):
        both.expected_purchases(with_store(summary, ["a", "b", "c"] * 300), -1)
