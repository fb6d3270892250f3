"""Covariates: what must be equal is, what was put into a world is found again, and what cannot be used is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from regulars.errors import InputError
from regulars.measure.lifetime import (
    NBD,
    BetaGeoNBD,
    GammaGamma,
    LifetimeRegression,
    ModifiedBetaGeoNBD,
    ParetoNBD,
)
from regulars.measure.lifetime.kernels import split

MODELS = (BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD)
N = 5_000


@pytest.fixture(scope="module")
def summary(world: Any) -> pa.Table:
    rng = np.random.default_rng(5)
    web, age = rng.integers(0, 2, N), rng.integers(20, 70, N)
    mu = rng.gamma(0.9, 1 / 15.0, N) * np.exp(-0.7 * web)
    channel = np.where(web == 1, "web", np.where(rng.random(N) < 0.5, "store", "phone"))
    return world(N, buying=np.exp(0.5 * web + 0.01 * age), mu=mu, channel=channel, age=age)[0]


@pytest.fixture(scope="module")
def small(summary: pa.Table) -> pa.Table:
    return summary.slice(0, 800)


@pytest.fixture(scope="module", params=MODELS, ids=lambda m: m.__name__)
def fitted(request: Any, small: pa.Table) -> LifetimeRegression:
    return LifetimeRegression(request.param, purchase=["channel", "age"], dropout=["channel"]).fit(small)


def test_a_customer_with_covariates_is_one_of_the_plain_model_at_own_parameters(
    fitted: LifetimeRegression, small: pa.Table
) -> None:
    table = small.slice(0, 12).append_column("mean_repeat_spend", pa.array(np.arange(12.0)))
    spend = GammaGamma.from_params(p=6.25, q=3.74, v=15.44)
    low, high = fitted.purchase_interval(table, 30)
    value = fitted.value_interval(table, 30, spend, delta=0.01)
    moments = fitted.moments(table, 30)
    found = {
        "alive": fitted.probability_alive(table), "bought": fitted.expected_purchases(table, 30),
        "worth": fitted.discounted_purchases(table, 30, 0.01),
        "dert": fitted.discounted_residual_purchases(table, 0.01),
        "cdf": fitted.count_cdf(2, table, 30), "low": low, "high": high, "gap": fitted.predictive_gap(table),
        "mean": moments.mean, "variance": moments.variance, "least": value[0], "most": value[1],
    }  # fmt: skip
    for i, row in enumerate(table.to_pylist()):
        plain: Any = fitted.at(channel=row["channel"], age=row["age"])
        at = (row["x"], row["t_x"], row["T"])
        low, high = plain.purchase_interval(*at, 30)
        value = plain.value_interval(*at, float(i), 30, spend, delta=0.01)
        moments = plain.moments(*at, 30)
        expected = {
            "alive": plain.probability_alive_at(*at), "bought": plain.expected_purchases_at(*at, 30),
            "worth": plain.discounted_purchases_at(*at, 30, 0.01),
            "dert": plain.discounted_residual_purchases_at(*at, 0.01), "cdf": plain.count_cdf(2, *at, 30), "low": low,
            "high": high, "gap": plain.predictive_gap(at[0], at[2]), "mean": moments.mean,
            "variance": moments.variance, "least": value[0], "most": value[1],
        }  # fmt: skip
        for name, one in expected.items():
            near = 2e-3 if name in ("least", "most") else 1e-7  # spend is read from a grid that cells share
            assert found[name][i] == pytest.approx(float(np.ravel(one)[0]), rel=near, abs=1e-12), name


def test_rows_of_a_kind_are_scored_once_and_in_the_order_asked(fitted: LifetimeRegression, small: pa.Table) -> None:
    order = np.random.default_rng(2).permutation(np.tile(np.arange(len(small)), 2))
    again = fitted.expected_purchases(small.take(order), 20)
    assert np.array_equal(again, fitted.expected_purchases(small, 20)[order])
    mixed = LifetimeRegression(fitted.model, purchase=["channel", "age"], dropout=["channel"])
    mixed.fit(small.take(np.random.default_rng(3).permutation(len(small))))
    assert np.array_equal(mixed.theta_, fitted.theta_)


def test_without_effect_it_is_the_plain_model(fitted: LifetimeRegression, small: pa.Table) -> None:
    asked = fitted._ask(small, 0.0)
    cases, effects = asked.cases, asked.effects
    plain = fitted.plain_
    zero = np.zeros(len(fitted.theta_))
    zero[:4] = np.log(plain._parameters())
    assert fitted._kernel(cases, effects)(zero)[0] == pytest.approx(plain.log_likelihood_, rel=1e-10)
    alone = LifetimeRegression(fitted.model).fit(small)
    assert alone.log_likelihood_ == pytest.approx(plain.log_likelihood_, abs=1e-6)
    assert np.allclose(alone.expected_purchases(small, 52), plain.expected_purchases(small, 52), rtol=1e-4)
    assert fitted.log_likelihood_ > alone.log_likelihood_


def test_gradients_agree_with_differences(fitted: LifetimeRegression, small: pa.Table) -> None:
    asked = fitted._ask(small, 0.0)
    cases, effects = asked.cases, asked.effects
    kernel = fitted._kernel(cases, effects)
    theta = fitted.theta_ + 0.02 * np.cos(np.arange(len(fitted.theta_)))
    step = np.eye(len(theta)) * 1e-6
    differences = [(kernel(theta + h)[0] - kernel(theta - h)[0]) / 2e-6 for h in step]
    assert np.allclose(kernel(theta)[1], differences, rtol=1e-5, atol=1e-3)
    assert len(split(theta, effects)) == 1 + len(fitted._kernel.slots)


def test_units_and_base_levels_change_the_words_and_not_the_forecast(
    fitted: LifetimeRegression, small: pa.Table
) -> None:
    decades = small.set_column(small.column_names.index("age"), "age", pa.array(np.asarray(small["age"]) / 10))
    other = LifetimeRegression(
        fitted.model, purchase=["channel", "age"], dropout=["channel"], base={"channel": "web"}
    ).fit(decades)
    assert other.log_likelihood_ == pytest.approx(fitted.log_likelihood_, abs=1e-5)
    named, before = ({(c.process, c.name): c for c in m.coefficients_} for m in (other, fitted))
    assert named["purchase", "age"].value == pytest.approx(10 * before["purchase", "age"].value, rel=1e-3)
    there, back = named["purchase", "channel=phone"], before["purchase", "channel=web"]
    assert (there.value, there.std_error) == pytest.approx((-back.value, back.std_error), rel=1e-3, abs=1e-5)
    assert np.allclose(other.expected_purchases(decades, 52), fitted.expected_purchases(small, 52), rtol=1e-3)


def test_effects_put_into_a_world_are_found_again(summary: pa.Table) -> None:
    model = LifetimeRegression(ParetoNBD, purchase=["channel", "age"], dropout=["channel"]).fit(summary)
    truth = {("purchase", "channel=web"): 0.5, ("purchase", "channel=store"): 0.0, ("purchase", "age"): 0.01,
             ("dropout", "channel=web"): -0.7, ("dropout", "channel=store"): 0.0}  # fmt: skip
    assert {(c.process, c.name) for c in model.coefficients_} == set(truth)
    for c in model.coefficients_:
        assert abs(c.value - truth[c.process, c.name]) < 3.3 * c.std_error, c
    assert model.boundary_ is None
    total = model.interval_total(summary, 26, draws=40)
    assert total["purchases"].value == pytest.approx(model.expected_purchases(summary, 26).sum(), rel=1e-6)
    assert total["purchases"].low < total["purchases"].value < total["purchases"].high


@pytest.mark.parametrize("first", [True, False])
def test_both_sides_of_dropout_are_found_again(world: Any, first: bool) -> None:
    rng = np.random.default_rng(8)
    vip = rng.integers(0, 2, N)
    p = rng.beta(0.9 * np.exp(-0.5 * vip), 2.5 * np.exp(0.3 * vip))
    table = world(N, buying=np.exp(0.4 * vip), p=p, first=first, vip=vip)[0]
    kind = ModifiedBetaGeoNBD if first else BetaGeoNBD
    model = LifetimeRegression(kind, purchase=["vip"], dropout=["vip"]).fit(table)
    truth = {"purchase": 0.4, "dropout a": -0.5, "dropout b": 0.3}
    for c in model.coefficients_:
        assert abs(c.value - truth[c.process]) < 3.3 * c.std_error, c


def test_an_effect_without_bound_is_named(small: pa.Table) -> None:
    never = np.where(np.asarray(small["x"]) == 0, (np.arange(len(small)) % 3 == 0) * 1.0, 0.0)
    model = LifetimeRegression(ModifiedBetaGeoNBD, purchase=["never"]).fit(
        small.append_column("never", pa.array(never))
    )
    assert model.boundary_ is not None
    assert "never" in model.boundary_.en
    assert np.isnan(model.coefficients_[0].std_error)


@pytest.mark.parametrize(("column", "values", "said"), [
    ("z", np.ones(800), "z is the same for all"),
    ("z", [None, 1.0] * 400, "z is missing in 400 rows"),
    ("z", ["a", None] * 400, "z is missing in 400 rows (first at row 2)"),
])  # fmt: skip
def test_covariates_that_cannot_be_used_are_named(small: pa.Table, column: str, values: Any, said: str) -> None:
    table = small.append_column(column, pa.array(values))
    with pytest.raises(InputError, match=said.replace("(", r"\(").replace(")", r"\)")) as error:
        LifetimeRegression(BetaGeoNBD, purchase=[column]).fit(table)
    assert column in error.value.message("zh")


def test_other_mistakes_are_named(fitted: LifetimeRegression, small: pa.Table) -> None:
    twice = small.append_column("months", pa.array(np.asarray(small["age"]) * 12 + 3))
    with pytest.raises(InputError, match="months follows from age"):
        LifetimeRegression(BetaGeoNBD, purchase=["age", "months"]).fit(twice)
    with pytest.raises(InputError, match="no such covariates: colour"):
        LifetimeRegression(BetaGeoNBD, purchase=["colour"]).fit(small)
    with pytest.raises(InputError, match="unknown levels: moon"):
        fitted.probability_alive(small.set_column(
            small.column_names.index("channel"), "channel", pa.array(["moon"] * len(small))
        ))  # fmt: skip
    with pytest.raises(InputError, match="a number in one table and a text in the other"):
        fitted.probability_alive(small.set_column(
            small.column_names.index("channel"), "channel", pa.array(np.ones(len(small)))
        ))  # fmt: skip
    with pytest.raises(InputError, match="horizon"):
        fitted.expected_purchases(small, -1)
    with pytest.raises(InputError, match="model's unit"):
        LifetimeRegression(BetaGeoNBD, purchase=["age"], unit="day").fit(small)
    with pytest.raises(InputError, match="unknown levels: fax"):
        LifetimeRegression(BetaGeoNBD, purchase=["channel"], base={"channel": "fax"}).fit(small)
    with pytest.raises(InputError, match="takes no covariates"):
        LifetimeRegression(NBD, purchase=["age"])
    with pytest.raises(InputError, match="Call fit"):
        LifetimeRegression(BetaGeoNBD, purchase=["age"]).probability_alive(small)
    with pytest.raises(InputError, match="give the covariates"):
        fitted.at(age=30)
