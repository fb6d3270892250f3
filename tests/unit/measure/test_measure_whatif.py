"""What-ifs agree with the law they ask: horizon, rate, lower dropout; the texts' claims stay theirs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta

from regulars.errors import InputError
from regulars.measure.lifetime import NBD, BetaGeoCNBD, BetaGeoNBD, LifetimeModel, ModifiedBetaGeoNBD, ParetoNBD
from regulars.measure.lifetime.pareto import ParetoFuture
from regulars.measure.whatif import (
    HORIZONS,
    LOWER,
    PRESETS,
    RATES,
    Base,
    Outlook,
    own_preset,
    profit_effects,
    rate_help,
)
from regulars.periods import discount_per_unit

MODELS = [
    ModifiedBetaGeoNBD.from_params(r=0.525, alpha=6.183, a=0.891, b=1.614),
    BetaGeoNBD.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426),
    ParetoNBD.from_params(r=0.553, alpha=10.578, s=0.606, beta=11.669),
]
X, T_X, AGE = np.array([0, 2, 7, 2]), np.array([0.0, 30.43, 35.0, 30.43]), np.array([38.86, 38.86, 77.86, 38.86])
WORTH = np.array([10.0, 20.0, -5.0, 30.0])


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_whatif_base_is_the_sum_of_its_customers(model: LifetimeModel) -> None:
    base = Base.of(X, T_X, AGE, WORTH)
    assert len(base.x) == 3
    assert base.count.sum() == 4
    outlook, delta = Outlook(model, base), discount_per_unit(0.1)
    point = outlook.at(52, rate=0.1)
    assert point.value == pytest.approx(np.sum(WORTH * model.discounted_purchases_at(X, T_X, AGE, 52, delta)), rel=1e-9)
    assert point.purchases == pytest.approx(np.sum(model.expected_purchases_at(X, T_X, AGE, 52)), rel=1e-9)
    whole = outlook.at(None, rate=0.1)
    assert whole.value == pytest.approx(
        np.sum(WORTH * model.discounted_residual_purchases_at(X, T_X, AGE, delta)), rel=1e-9
    )
    assert whole.purchases is None  # infinite for these parameters, and said so


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_whatif_value_grows_with_the_horizon_and_falls_with_the_rate(model: LifetimeModel) -> None:
    outlook = Outlook(model, Base.of(2, 30.43, 38.86, 25.0))
    assert outlook.at(0).value == 0.0  # who never comes again was worth the first sale
    ahead = [p.value for p in outlook.by_horizon(rate=0.1)]
    assert len(ahead) == len(HORIZONS)
    assert all(a < b for a, b in pairwise(ahead))
    by_rate = outlook.by_rate(weeks=104, rate=0.1)
    assert [p.rate for p in by_rate] == list(RATES)
    assert all(a.value > b.value for a, b in pairwise(by_rate))
    assert next(p for p in by_rate if p.rate == 0.1).change == 0.0


@pytest.mark.parametrize("model", MODELS[:2], ids=repr)
@pytest.mark.parametrize("lower", [0.05, 0.5, 0.9])
def test_whatif_lower_dropout_is_each_customers_own_chance_scaled(model: ModifiedBetaGeoNBD, lower: float) -> None:
    x, t_x, age = 2.0, 30.43, 38.86
    k, r, alpha, b = 1 - lower, model.r_ + x, model.alpha_ + age, model.b_ + x + model.first
    by_hand = quad(
        lambda p: beta.pdf(p, model.a_, b) * -np.expm1(-r * np.log1p(k * p * 52 / alpha)) / (k * p), 0, 1, limit=200
    )[0]
    alive = model.probability_alive_at(x, t_x, age)[0]
    point = Outlook(model, Base.of(x, t_x, age, 1.0)).at(52, rate=0.0, lower=lower)
    assert point.value == pytest.approx(alive * by_hand, rel=1e-7)


@pytest.mark.parametrize("lower", [0.05, 0.5, 0.9])
def test_whatif_lower_dropout_is_each_customers_own_rate_scaled(lower: float) -> None:
    model, k, delta = MODELS[2], 1 - lower, discount_per_unit(0.1)
    own = ParetoFuture(*(np.array([v]) for v in (7.553, 88.438)), 0.606, np.array([(11.669 + 77.86) / k]))
    alive = model.probability_alive_at(7, 35, 77.86)[0]
    outlook = Outlook(model, Base.of(7, 35, 77.86, 3.0))
    assert outlook.at(52, lower=lower).value == pytest.approx(3 * alive * own.discounted(52, delta)[0], rel=1e-9)
    assert outlook.at(None, lower=lower).value == pytest.approx(3 * alive * own.residual(delta)[0], rel=1e-6)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_whatif_retention_runs_from_the_fit_to_nobody_leaving(model: LifetimeModel) -> None:
    outlook = Outlook(model, Base.of(X, T_X, AGE, np.abs(WORTH)))
    values = [outlook.at(104).value, *[p.value for p in outlook.by_retention((*LOWER, 0.999, 1.0), weeks=104)]]
    assert all(a < b for a, b in pairwise(values))
    assert values[-2] == pytest.approx(values[-1], rel=2e-3)
    assert outlook.at(104, lower=1e-12).value == pytest.approx(values[0], rel=1e-9)
    assert outlook.by_retention((0.1,))[0].change > 0
    assert "0.9" in outlook.scaled(0.1).en


def test_whatif_does_not_depend_on_the_unit() -> None:
    weeks = Outlook(MODELS[2], Base.of(7, 35, 77.86, 1.0))
    days_model = ParetoNBD.from_params(unit="day", r=0.553, alpha=7 * 10.578, s=0.606, beta=7 * 11.669)
    days = Outlook(days_model, Base.of(7, 7 * 35, 7 * 77.86, 1.0, unit="day"))
    assert days.at(26).value == pytest.approx(weeks.at(26).value, rel=1e-9)


def test_whatif_of_regular_buyers_has_no_end_and_no_nonsense() -> None:
    model = BetaGeoCNBD.from_params(k=2, r=0.836, alpha=4.292, a=0.044, b=0.863)  # as fitted on a real wholesaler
    x, t_x, T = np.array([0.0, 0, 1, 5, 40]), np.array([0.0, 0, 10, 30, 52]), np.array([0.0, 20, 12, 50, 53])
    *near, end = Outlook(model, Base.of(x, t_x, T, 1.0)).by_horizon()
    assert end.purchases is None
    assert near[-1].value < end.value < np.inf


def test_whatif_refuses() -> None:
    base = Base.of(1, 5, 10, 1.0)
    with pytest.raises(InputError, match="has no dropout"):
        Outlook(NBD.from_params(r=0.4, alpha=12.0), base).at(52, lower=0.1)
    outlook = Outlook(MODELS[0], base)
    for wrong in ({"weeks": -1}, {"rate": -0.1}, {"lower": -0.1}, {"lower": 1.5}):
        with pytest.raises(InputError):
            outlook.at(**wrong)
    with pytest.raises(InputError, match="low to high"):
        own_preset(0.5, 0.2)


def test_whatif_rate_help_has_the_texts_figures() -> None:
    said = rate_help(0.1)
    assert "90.91" in said[1].en
    assert "82.64" in said[1].zh
    assert "338 万" in said[2].zh
    assert "3,383,906" in said[2].en
    assert "95.24" in rate_help(0.05)[1].en


def test_whatif_presets_as_printed() -> None:
    printed = {p.key: (p.change, p.low, p.high) for p in PRESETS}
    assert printed == {"retention": (0.05, 0.25, 0.95), "churn": (None, 0.5, None), "value": (0.01, 0.03, 0.03)}
    assert all(p.source.zh and p.source.en for p in PRESETS)
    effects = profit_effects(1000.0, [*PRESETS, own_preset(0.1)])
    assert [(e.low, e.high) for e in effects] == [(250.0, 950.0), (500.0, None), (30.0, 30.0), (100.0, 100.0)]


def test_a_customer_worth_nothing_adds_nothing_to_an_endless_relationship():
    model = ModifiedBetaGeoNBD.from_params(r=0.525, alpha=6.183, a=0.891, b=1.614)
    base = Base.of([2, 3], [30.0, 12.0], [38.0, 14.0], [0.0, 0.0])
    assert Outlook(model, base).at(None, rate=0.0).value == 0
    assert Outlook(model, base).at(None, rate=0.0).purchases is None
