"""What other libraries get wrong, each with the reports it comes from: here it must come out right."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest

from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime import BetaGeoNBD, GammaGamma, ModifiedBetaGeoNBD, ParetoNBD
from regulars.periods import unit_days

BG = BetaGeoNBD.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)
MBG = ModifiedBetaGeoNBD.from_params(r=0.525, alpha=6.183, a=0.891, b=1.614)
PARETO = ParetoNBD.from_params(r=0.553, alpha=10.578, s=0.606, beta=11.669)
MODELS = [BG, MBG, PARETO]
KINDS = [BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD]


def base(n: int, seed: int = 0, weeks: int = 78) -> dict[str, np.ndarray]:
    """Return a small base with heavy, light and one-time buyers."""
    g = np.random.default_rng(seed)
    T = g.integers(20, weeks * 7, n) / 7
    rate = g.gamma(0.5, 0.15, n)
    life = np.minimum(g.exponential(1 / g.gamma(0.6, 0.1, n)), T)
    x = g.poisson(rate * life)
    t_x = np.where(x > 0, life * g.beta(np.maximum(x, 1), 1), 0.0)
    return {"x": x, "t_x": t_x, "T": T}


@pytest.mark.parametrize("kind", KINDS)
def test_heavy_buyers_do_not_overflow_the_likelihood(kind: Any) -> None:
    """Fits with x > 300, 221, 254 overflowed (lifetimes #381, #113, #25; CLVTools #100)."""
    data = base(400)
    for x in (221, 254, 300, 5_000):
        data = {"x": np.append(data["x"], x), "t_x": np.append(data["t_x"], 77.0), "T": np.append(data["T"], 78.0)}
    model = kind().fit(pl.DataFrame(data))
    assert np.isfinite(model.log_likelihood_)
    assert model.optimum_.gradient_norm < 1e-5
    assert np.all(np.isfinite(model.expected_purchases(pl.DataFrame(data), 52)))


@pytest.mark.parametrize("model", MODELS, ids=repr)
@pytest.mark.parametrize("x", [221, 300, 5_000])
def test_heavy_buyers_are_scored(model: Any, x: int) -> None:
    last = 78 - 39 / x  # half a usual gap ago
    low, high = model.purchase_interval(x, last, 78, 52)
    expected = model.expected_purchases_at(x, last, 78, 52)
    assert 0 <= low[0] <= expected[0] * 1.2
    assert expected[0] <= high[0] * 1.2 < np.inf
    assert 0.9 < model.probability_alive_at(x, last, 78)[0] <= 1
    assert model.probability_alive_at(x, 10, 78)[0] < 1e-6


def test_one_time_buyers_where_a_plus_b_is_below_one() -> None:
    """NaN in lifetimes #302 and #442; the number is mpmath's."""
    model = BetaGeoNBD.from_params(r=0.11, alpha=2.24, a=0.31, b=0.50)
    assert model.expected_purchases_at(0, 0, 1, 30)[0] == pytest.approx(0.564588615532784727, rel=1e-12)


@pytest.mark.parametrize("kind", [BetaGeoNBD, ModifiedBetaGeoNBD])
def test_nothing_breaks_at_a_equal_one(kind: Any) -> None:
    """Infinite at a = 1 in the closed form; the value lies between its neighbours."""
    at = [kind.from_params(r=0.3, alpha=5.0, a=a, b=2.0).expected_purchases_at(2, 20, 40, 39)[0]
          for a in (1 - 1e-7, 1.0, 1 + 1e-7)]  # fmt: skip
    assert at[0] > at[1] > at[2]
    assert at[0] == pytest.approx(at[2], rel=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_estimates_at_the_boundary_are_finite_and_named(kind: Any) -> None:
    """A quarter of random subsamples of 100 raised or ran off (lifetimes #258, #259, #419)."""
    g = np.random.default_rng(3)
    T = np.full(200, 40.0)
    x = g.binomial(16, 0.5, 200)  # everyone buys at one rate and nobody leaves
    summary = {"x": x, "t_x": np.where(x > 0, T * g.beta(np.maximum(x, 1), 1), 0.0), "T": T}
    model = kind().fit(pl.DataFrame(summary))
    assert all(np.isfinite(v) and v > 0 for v in (getattr(model, f"{n}_") for n in model.names))
    assert model.boundary_ is not None
    assert "r and alpha run off together" in model.boundary_.en
    assert "购买频率几乎相同" in model.boundary_.zh
    expected = model.expected_purchases(pl.DataFrame(summary), 40)
    assert expected.sum() == pytest.approx(200 * 8, rel=0.1)
    assert np.all(np.isfinite(model.covariance_))


@pytest.mark.parametrize("kind", KINDS)
def test_small_subsamples_fit_or_say_why(kind: Any) -> None:
    data = base(2_000, seed=5)
    g = np.random.default_rng(11)
    for n in (3, 10, 50, 50, 100, 100):
        rows = g.choice(2_000, n, replace=False)
        part = pl.DataFrame({k: v[rows] for k, v in data.items()})
        try:
            model = kind().fit(part)
        except NotEnoughData:
            assert part["x"].sum() == 0
            continue
        assert np.all(np.isfinite(model.expected_purchases(part, 26)))
        assert np.all(np.isfinite(model.discounted_residual_purchases(part, 0.002)))


def test_bg_nbd_one_time_buyers_are_alive_by_assumption_and_it_says_so() -> None:
    """Taken for a fault in lifetimes #44, #165, #239."""
    assert BG.probability_alive_at([0, 0], [0, 0], [1, 500]).tolist() == [1.0, 1.0]
    assert "MBG/NBD" in BetaGeoNBD.one_time_note.en
    assert "假定" in BetaGeoNBD.one_time_note.zh
    for model in (MBG, PARETO):
        alive = model.probability_alive_at([0, 0], [0, 0], [1, 500])
        assert alive[1] < alive[0] < 1


def test_gamma_gamma_takes_zero_spend_in_its_stride() -> None:
    """Zero mean spends raised (lifetimes #172); a refund's negative spend counted as a purchase (#146, #378)."""
    g = np.random.default_rng(0)
    x = g.integers(1, 10, 300)
    m = g.gamma(6 * x, 1 / g.gamma(4, 1 / 15.0, 300)) / x
    clean = GammaGamma().fit(pl.DataFrame({"x": x, "mean_repeat_spend": m}))
    dirty = GammaGamma().fit(pl.DataFrame({
        "x": np.append(x, [2, 3, 1, 0]),
        "mean_repeat_spend": np.append(m, [0.0, -5.0, np.nan, 0.0]),
    }))  # fmt: skip
    assert dirty.n_left_out_ == 3
    assert dirty.get_params() == clean.get_params()
    spend = dirty.expected_spend_at([2, 3, 1, 0], [0.0, -5.0, np.nan, 0.0])
    assert np.all(spend == spend[3])
    assert 0 < spend[3] < np.inf
    with pytest.raises(NotEnoughData, match="above 0"):
        GammaGamma().fit(pl.DataFrame({"x": [2, 3], "mean_repeat_spend": [0.0, -1.0]}))


def test_gamma_gamma_without_a_population_mean_says_so() -> None:
    """q < 1 gave infinite or negative means (lifetimes #211)."""
    model = GammaGamma.from_params(p=3.0, q=0.8, v=10.0)
    assert model.population_note_ is not None
    assert "infinite" in model.population_note_.en
    spend = model.expected_spend_at([0, 1, 5], [0.0, 20.0, 20.0])
    assert np.all(np.isfinite(spend))
    assert np.all(spend > 0)
    assert GammaGamma.from_params(p=3.0, q=1.8, v=10.0).population_note_ is None


def test_one_time_buyers_do_not_outrank_active_repeaters_except_by_assumption() -> None:
    """One-time buyers outranked repeaters in CLV (lifetimes #315): in the BG/NBD only through P(alive) = 1."""
    for model in (MBG, PARETO):
        once = model.expected_purchases_at(0, 0, 50, 52)[0]
        again = model.expected_purchases_at([1, 2, 5, 20], [45, 45, 45, 45], 50, 52)
        assert np.all(again > once)
        assert all(b > a for a, b in pairwise(again))


def test_units_are_explicit_and_checked() -> None:
    """Days read as weeks (lifetimes #27, #215, #233; pymc-marketing #2749)."""
    days = pl.DataFrame({"x": [2], "t_x": [213.0], "T": [272.0], "t_x_days": [213], "T_days": [272]})
    with pytest.raises(InputError, match="unit"):
        MBG.expected_purchases(days, 39)
    daily = ModifiedBetaGeoNBD.from_params(unit="day", r=0.525, alpha=6.183 * 7, a=0.891, b=1.614)
    weeks = days.with_columns(t_x=pl.col("t_x") / 7, T=pl.col("T") / 7)
    assert daily.expected_purchases(days, 39 * 7)[0] == pytest.approx(MBG.expected_purchases(weeks, 39)[0], rel=1e-12)
    with pytest.raises(InputError, match="fortnight"):
        ModifiedBetaGeoNBD(unit="fortnight")


def test_twelve_months_are_a_year() -> None:
    """Months of 30 days, or of 4.345 weeks, lose days of the year (pymc-marketing #2749)."""
    at = {}
    for unit, horizon in (("month", 12), ("year", 1), ("day", 365.25)):
        scale = unit_days("week") / unit_days(unit)
        model = ModifiedBetaGeoNBD.from_params(unit=unit, r=0.525, alpha=6.183 * scale, a=0.891, b=1.614)
        at[unit] = model.expected_purchases_at(2, 30 * scale, 40 * scale, horizon)[0]
    assert at["month"] == pytest.approx(at["year"], rel=1e-12)
    assert at["day"] == pytest.approx(at["year"], rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fit_in_days_is_the_fit_in_weeks(kind: Any) -> None:
    data = base(600, seed=2)
    week = kind().fit(pl.DataFrame(data))
    day = kind(unit="day").fit(pl.DataFrame({"x": data["x"], "t_x": data["t_x"] * 7, "T": data["T"] * 7}))
    for name in kind.names:
        ratio = 7.0 if name in kind.times else 1.0
        assert getattr(day, f"{name}_") == pytest.approx(getattr(week, f"{name}_") * ratio, rel=1e-6)


def test_expected_purchases_are_per_horizon_and_add_up() -> None:
    """Cumulative numbers were read as per period (lifetimes #233)."""
    for model in MODELS:
        at = [model.expected_purchases_at(3, 30, 40, t)[0] for t in (0, 10, 20, 30)]
        assert at[0] == 0
        steps = np.diff(at)
        assert np.all(steps > 0)
        assert np.all(np.diff(steps) < 0)  # dropout: each further ten weeks bring less


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_rows_does_not_matter(kind: Any) -> None:
    """Unsorted input (lifetimes #85, #91): same numbers to the last bit."""
    data = pl.DataFrame(base(500, seed=4))
    shuffled = data.sample(fraction=1.0, shuffle=True, seed=1)
    assert kind().fit(data).get_params() == kind().fit(shuffled).get_params()


def test_grouping_never_coarsens() -> None:
    """Flooring days to weeks biased α: 4.32 for 4.71 (truth 4.5). Grouped on days is the same as ungrouped."""
    g = np.random.default_rng(9)
    T_days = g.integers(30, 500, 3_000)
    x = g.poisson(T_days / 7 * g.gamma(0.5, 0.15, 3_000))
    t_days = np.where(x > 0, np.floor(T_days * g.beta(np.maximum(x, 1), 1)), 0).astype(int)
    whole = {"x": x, "t_x": t_days / 7, "T": T_days / 7}
    exact = ModifiedBetaGeoNBD().fit(pl.DataFrame(whole))
    by_day = ModifiedBetaGeoNBD().fit(pl.DataFrame({**whole, "t_x_days": t_days, "T_days": T_days}))
    listed = ModifiedBetaGeoNBD().fit_grouped(whole["x"], whole["t_x"], whole["T"], np.ones(3_000))
    floored = ModifiedBetaGeoNBD().fit_grouped(x, t_days // 7, T_days // 7, np.ones(3_000))
    assert by_day.get_params() == exact.get_params()
    for name in exact.names:
        assert getattr(listed, f"{name}_") == pytest.approx(getattr(exact, f"{name}_"), rel=1e-4)
    assert abs(floored.alpha_ / exact.alpha_ - 1) > 0.01


def test_the_fit_is_the_maximum_likelihood() -> None:
    """MAP under default priors is not (pymc-marketing): no parameter moves the likelihood up from here."""
    data = base(800, seed=6)
    for kind in KINDS:
        model = kind().fit(pl.DataFrame(data))
        rows = kind()._objective
        from regulars.measure.lifetime.triples import as_rows

        likelihood = rows(as_rows(data["x"], data["t_x"], data["T"]).triples())
        here = np.log([getattr(model, f"{n}_") for n in model.names])
        best = likelihood(here)[0]
        assert best == pytest.approx(model.log_likelihood_, abs=1e-6)
        for i in range(len(here)):
            for step in (-0.05, 0.05):
                moved = here.copy()
                moved[i] += step
                assert likelihood(moved)[0] < best + 1e-9


def test_undiscounted_residual_purchases_are_never_silently_infinite() -> None:
    summary = pl.DataFrame({"x": [2], "t_x": [20.0], "T": [40.0]})
    with pytest.raises(InputError, match="infinite"):
        MBG.residual_purchases(summary)
    finite = ModifiedBetaGeoNBD.from_params(r=0.5, alpha=6.0, a=2.5, b=4.0)
    alive = finite.probability_alive(summary)[0]
    assert finite.residual_purchases(summary)[0] == pytest.approx(alive * (2.5 + 4.0 + 2 + 1 - 1) / 1.5)
    assert finite.residual_purchases(summary)[0] == pytest.approx(finite.expected_purchases(summary, 1e7)[0], rel=1e-3)
