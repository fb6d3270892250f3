"""Counts, intervals and totals: against simulation, against the closed forms, and against the exact mixture."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.optimize import brentq
from scipy.special import betaincc

from regulars.measure.lifetime import NBD, BetaGeoNBD, GammaGamma, ModifiedBetaGeoNBD, ParetoNBD

BG = BetaGeoNBD.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)
MBG = ModifiedBetaGeoNBD.from_params(r=0.525, alpha=6.183, a=0.891, b=1.614)
PARETO = ParetoNBD.from_params(r=0.553, alpha=10.578, s=0.606, beta=11.669)
PLAIN = NBD.from_params(r=0.385, alpha=12.07)
MODELS = [BG, MBG, PARETO, PLAIN]
SPEND = GammaGamma.from_params(p=6.25, q=3.74, v=15.44)
CUSTOMERS = [(0, 0.0, 0.0), (0, 0.0, 40.0), (1, 20.0, 40.0), (10, 39.0, 40.0), (60, 77.0, 78.0)]


def future_counts(model: Any, x: int, T: float, t: float, n: int, seed: int) -> np.ndarray:
    """Play out n futures of a customer alive at T, purchase by purchase."""
    g = np.random.default_rng(seed)
    rate = g.gamma(model.r_ + x, 1 / (model.alpha_ + T), n)
    if isinstance(model, ParetoNBD):
        until = np.minimum(t, g.exponential(1 / g.gamma(model.s_, 1 / (model.beta_ + T), n)))
        return g.poisson(rate * until)
    count = g.poisson(rate * t)
    if isinstance(model, NBD):
        return count
    stop = g.beta(model.a_, model.b_ + x + model.first, n)
    return np.minimum(count, g.geometric(stop))


@pytest.mark.parametrize("model", MODELS, ids=repr)
@pytest.mark.parametrize(("x", "T"), [(0, 0.0), (2, 38.86), (12, 50.0)])
def test_counts_given_alive_are_those_of_the_process(model: Any, x: int, T: float) -> None:
    n = 200_000
    played = future_counts(model, x, T, 39.0, n, seed=x)
    pmf = model.given_alive_count_pmf(x, T, 39.0)
    assert pmf.sum() == pytest.approx(1.0, abs=1e-8)
    seen = np.bincount(played, minlength=len(pmf))[:8] / n
    assert np.all(np.abs(seen - pmf[:8]) < 5 * np.sqrt(pmf[:8] / n) + 1e-6)
    mean = float(model.given_alive(x, T, 39.0).expected[0])
    assert np.sum(np.arange(len(pmf)) * pmf) == pytest.approx(mean, rel=1e-6)
    assert abs(played.mean() - mean) < 5 * played.std() / np.sqrt(n)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_count_cdf_is_the_mixture(model: Any) -> None:
    x, t_x, T = 2, 30.43, 38.86
    alive = model.probability_alive_at(x, t_x, T)[0]
    pmf = model.given_alive_count_pmf(x, T, 39.0)
    mixture = 1 - alive + alive * np.cumsum(pmf)
    n = np.arange(len(pmf))
    assert model.count_cdf(n, x, t_x, T, 39.0) == pytest.approx(mixture, abs=2e-9)
    assert model.count_cdf([-1, 0], x, t_x, T, 0.0).tolist() == [0.0, 1.0]


@pytest.mark.parametrize("model", MODELS, ids=repr)
@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_purchase_intervals_are_the_exact_quantiles(model: Any, level: float) -> None:
    x, t_x, T = (np.array(v, dtype=float) for v in zip(*CUSTOMERS, strict=True))
    low, high = model.purchase_interval(x, t_x, T, 39.0, level)
    tail = (1 - level) / 2
    for ends, u in ((low, tail), (high, 1 - tail)):
        assert np.all(model.count_cdf(ends, x, t_x, T, 39.0) >= u - 1e-9)
        assert np.all(model.count_cdf(ends - 1, x, t_x, T, 39.0) < u + 1e-9)
    inside = model.count_cdf(high, x, t_x, T, 39.0) - model.count_cdf(low - 1, x, t_x, T, 39.0)
    assert np.all(inside >= level - 1e-9)


def test_no_horizon_no_purchases() -> None:
    low, high = MBG.purchase_interval([0, 5], [0, 3], [4, 4], 0.0)
    assert low.tolist() == high.tolist() == [0, 0]
    assert [v.tolist() for v in MBG.value_interval([0, 5], [0, 3], [4, 4], 20.0, 0.0, SPEND)] == [[0, 0], [0, 0]]


@pytest.mark.parametrize("model", [MBG, PARETO], ids=repr)
@pytest.mark.parametrize("spend", [SPEND, GammaGamma.from_params(p=0.6, q=1.4, v=15.44),
                                   GammaGamma.from_params(p=60, q=30, v=15.44)], ids=repr)  # fmt: skip
def test_value_intervals_are_within_one_per_cent_of_the_exact_mixture(model: Any, spend: GammaGamma) -> None:
    for x, t_x, T in [*CUSTOMERS, (100, 77.5, 78.0)]:
        alive, pmf = model.probability_alive_at(x, t_x, T)[0], model.given_alive_count_pmf(x, T, 52.0)
        n = np.arange(1, len(pmf))
        scale, q = spend.v_ + 30.0 * x, spend.p_ * x + spend.q_

        def more(
            log_value: float, alive: float = alive, pmf: Any = pmf, n: Any = n, scale: float = scale, q: float = q
        ) -> float:
            f = np.exp(log_value) / scale
            return alive * float(np.sum(pmf[1:] * betaincc(spend.p_ * n, q, f / (1 + f))))

        for level in (0.8, 0.9):
            ends = model.value_interval(x, t_x, T, 30.0, 52.0, spend, level=level)
            for got, u in zip(ends, ((1 - level) / 2, (1 + level) / 2), strict=True):
                if alive * (1 - pmf[0]) <= 1 - u:
                    assert got[0] == 0
                else:
                    exact = np.exp(brentq(lambda v, u=u, f=more: f(v) - (1 - u), -60, 40))
                    assert got[0] == pytest.approx(exact, rel=0.01)


def test_value_intervals_cover_simulated_totals() -> None:
    """Coverage by playing out purchases and spends of one customer."""
    g = np.random.default_rng(5)
    x, t_x, T, m, n = 6, 37.0, 40.0, 25.0, 40_000
    alive = MBG.probability_alive_at(x, t_x, T)[0]
    count = future_counts(MBG, x, T, 52.0, n, seed=6) * (g.random(n) < alive)
    scale = g.gamma(SPEND.p_ * x + SPEND.q_, 1 / (SPEND.v_ + x * m), n)
    total = np.where(count > 0, g.gamma(SPEND.p_ * np.maximum(count, 1), 1 / scale), 0.0)
    low, high = MBG.value_interval(x, t_x, T, m, 52.0, SPEND)
    assert np.mean(total < low[0]) <= 0.055
    assert np.mean(total > high[0]) == pytest.approx(0.05, abs=0.006)


def test_value_intervals_scale_with_money_and_shrink_with_discount() -> None:
    x, t_x, T = [3, 3], [30, 30], [40, 40]
    low, high = PARETO.value_interval(x, t_x, T, [20.0, 20.0], 52, SPEND)
    tenfold = GammaGamma.from_params(p=SPEND.p_, q=SPEND.q_, v=SPEND.v_ * 10)
    assert PARETO.value_interval(x, t_x, T, [200.0, 200.0], 52, tenfold)[1] == pytest.approx(high * 10, rel=1e-9)
    later = PARETO.value_interval(x, t_x, T, [20.0, 20.0], 52, SPEND, delta=0.01)[1]
    ratio = PARETO.discounted_purchases_at(3, 30, 40, 52, 0.01)[0] / PARETO.expected_purchases_at(3, 30, 40, 52)[0]
    assert later == pytest.approx(high * ratio, rel=1e-9)
    assert np.all(low <= high)


def test_fewer_occasions_with_spend_than_purchases() -> None:
    """A zero-spend repeat occasion counts as a purchase and teaches nothing about spend."""
    _, known = MBG.value_interval([5, 5], [30, 30], [40, 40], [20.0, 0.0], 52, SPEND, spend_x=[5, 0])
    _, alone = MBG.value_interval(5, 30, 40, 20.0, 52, SPEND)
    assert known[0] == pytest.approx(alone[0], rel=1e-9)
    assert known[1] > 0


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_moments_are_those_of_the_mixture(model: Any) -> None:
    x, t_x, T = (np.array(v, dtype=float) for v in zip(*CUSTOMERS, strict=True))
    moments = model.moments(x, t_x, T, 26.0)
    assert moments.mean == pytest.approx(model.expected_purchases_at(x, t_x, T, 26.0), rel=1e-6)
    alive, pmf = model.probability_alive_at(*CUSTOMERS[3])[0], model.given_alive_count_pmf(10, 40.0, 26.0)
    n = np.arange(len(pmf))
    variance = alive * np.sum(n**2 * pmf) - (alive * np.sum(n * pmf)) ** 2
    assert moments.variance[3] == pytest.approx(variance, rel=1e-6)


def simulated(n: int, seed: int) -> tuple[pl.DataFrame, np.ndarray]:
    """Return a base from a Pareto/NBD world and what each customer bought in the next 26 weeks."""
    g = np.random.default_rng(seed)
    T = g.integers(70, 420, n) / 7
    rate, life = g.gamma(0.6, 1 / 8.0, n), g.exponential(1 / g.gamma(0.7, 1 / 14.0, n))
    x = g.poisson(rate * np.minimum(life, T))
    t_x = np.where(x > 0, np.minimum(life, T) * g.beta(np.maximum(x, 1), 1), 0.0)
    later = g.poisson(rate * np.clip(life - T, 0, 26))
    summary = pl.DataFrame(
        {"x": x, "t_x": t_x, "T": T, "alive": life > T, "mean_repeat_spend": np.where(x > 0, 30.0, 0.0)}
    )
    return summary, later


def test_totals_contain_what_came_and_know_their_parameters() -> None:
    summary, later = simulated(1_500, seed=1)
    model = ParetoNBD().fit(summary)
    spend = GammaGamma.from_params(p=6.25, q=3.74, v=15.44)
    total = model.interval_total(summary, 26.0, spend=spend, mean_repeat_spend=summary["mean_repeat_spend"])
    assert total["purchases"].low <= later.sum() <= total["purchases"].high
    assert total["still_buying"].low <= summary["alive"].sum() <= total["still_buying"].high
    assert total["purchases"].value == pytest.approx(model.expected_purchases(summary, 26.0).sum(), rel=1e-9)
    assert total["still_buying"].value == pytest.approx(model.probability_alive(summary).sum(), rel=1e-9)
    assert total["purchases"].parameter > 0
    value = model.expected_purchases(summary, 26.0) * spend.expected_spend(summary)
    assert total["value"].value == pytest.approx(value.sum(), rel=1e-9)
    known = ParetoNBD.from_params(r=model.r_, alpha=model.alpha_, s=model.s_, beta=model.beta_)
    narrow = known.interval_total(summary, 26.0)["purchases"]
    assert narrow.parameter == pytest.approx(0.0, abs=1e-9)
    assert narrow.high - narrow.low < total["purchases"].high - total["purchases"].low
    width = np.sqrt(np.sum(model.moments(summary["x"], summary["t_x"], summary["T"], 26.0).variance))
    assert narrow.process == pytest.approx(width, rel=1e-6)


def test_totals_repeat_with_their_seed() -> None:
    summary, _ = simulated(400, seed=2)
    model = ModifiedBetaGeoNBD().fit(summary)
    first = model.interval_total(summary, 26.0, draws=40, seed=3)
    assert model.interval_total(summary.reverse(), 26.0, draws=40, seed=3) == first
    assert model.interval_total(summary, 26.0, draws=40, seed=4) != first


def test_a_margin_weighs_the_value() -> None:
    summary, _ = simulated(300, seed=3)
    each = np.where(np.arange(300) % 2, 0.2, 0.6)
    total = PARETO.interval_total(
        summary, 26.0, spend=SPEND, mean_repeat_spend=summary["mean_repeat_spend"], weight=each
    )
    value = PARETO.expected_purchases(summary, 26.0) * SPEND.expected_spend(summary) * each
    assert total["value"].value == pytest.approx(value.sum(), rel=1e-9)


def test_gaps_are_lomax() -> None:
    """The 90 % point of the customer's own gap, by playing it out."""
    g = np.random.default_rng(1)
    gaps = g.exponential(1 / g.gamma(MBG.r_ + 5, 1 / (MBG.alpha_ + 30.0), 400_000))
    assert MBG.predictive_gap(5, 30.0, 0.9) == pytest.approx(np.quantile(gaps, 0.9), rel=0.01)
    assert MBG.predictive_gap(5, 30.0, 0.5) == pytest.approx(np.quantile(gaps, 0.5), rel=0.01)
    assert MBG.predictive_gap(5, 30.0) == pytest.approx((MBG.alpha_ + 30.0) / (MBG.r_ + 5))
    assert np.isfinite(MBG.predictive_gap(0, 0.0, 0.999999))


def test_alive_in_a_salespersons_words() -> None:
    several = PARETO.explain_alive(20, 180 / 7, 220 / 7)
    assert several.en.startswith("Usually buys every 9 days, last seen 40 days ago: ")
    assert several.zh.startswith("平时每 9 天买一次，最近一次在 40 天前：")
    assert MBG.explain_alive(0, 0, 40 / 7).en.startswith("Bought once, 40 days ago: ")
    assert MBG.explain_alive(1, 1 / 7, 2 / 7).en.startswith("Bought twice, 1 day apart, last seen 1 day ago: ")
    assert PARETO.explain_alive(500, 10, 78).en.endswith(": < 1 % likely to come back")
    assert BG.explain_alive(0, 0, 40).en.endswith(": 100 % likely to come back")
