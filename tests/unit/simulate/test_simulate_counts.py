"""Counts follow the laws that the models assume, and break them where a world is meant to."""

from __future__ import annotations

import numpy as np
import pytest

from regulars.simulate import Company, Counts, arrivals_and_counts
from regulars.simulate import block as block_room
from regulars.simulate import counts as counts_room

N = 40_000


def z(sample: np.ndarray, mean: float | np.ndarray) -> float:
    difference = sample - mean
    return float(difference.mean() / (difference.std() / np.sqrt(len(sample))))


def world(**settings: object) -> Counts:
    return arrivals_and_counts(Company(n_customers=N, seed=21, **settings))


def expected_repeats(process: str, counts: Counts) -> np.ndarray:
    lam, mu, p, t = counts.lam, counts.mu, counts.p, counts.T
    if process == "pareto_nbd":
        return lam * -np.expm1(-mu * t) / mu
    bg = -np.expm1(-lam * p * t) / p
    return bg if process == "bg_nbd" else (1 - p) * bg


@pytest.mark.parametrize("process", ["pareto_nbd", "bg_nbd", "mbg_nbd"])
def test_repeats_have_the_mean_of_their_process(process: str) -> None:
    counts = world(process=process)
    assert abs(z(counts.x, expected_repeats(process, counts))) < 4


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"process": "bg_nbd"},
        {"process": "mbg_nbd"},
        {"season": 0.6},
        {"season": 0.6, "process": "mbg_nbd"},
        {"regular": 3},
        {"regular": 4, "process": "bg_nbd"},
        {"regular": 2, "process": "mbg_nbd"},
    ],
    ids=str,
)
def test_the_future_has_the_mean_that_was_expected(settings: dict[str, object]) -> None:
    counts = world(**settings)
    assert abs(z(counts.future, counts.expected_future)) < 4
    # The mean holds where it is large, too, not only over all.
    likely = counts.expected_future > 2
    assert abs(z(counts.future[likely], counts.expected_future[likely])) < 4


@pytest.mark.parametrize("process", ["pareto_nbd", "bg_nbd", "mbg_nbd"])
def test_times_are_in_order(process: str) -> None:
    counts = world(process=process)
    assert (counts.t_x >= 0).all()
    assert (counts.t_x <= counts.T).all()
    assert ((counts.x == 0) == (counts.t_x == 0)).all()
    assert (counts.future[~counts.alive] == 0).all()


def test_dropout_follows_the_purchase_that_its_process_names() -> None:
    # With p = 1 nearly always, BG/NBD customers leave at their first repeat and MBG/NBD customers at once.
    sure = {"a": 1e6, "b": 1e-3}
    assert world(process="bg_nbd", **sure).x.max() == 1
    assert world(process="mbg_nbd", **sure).x.max() == 0


def test_regular_buyers_have_even_gaps() -> None:
    even, plain = (world(regular=k, s=1e-3, beta=1e3, r=400.0, alpha=2000.0, future_weeks=0) for k in (9, 1))
    spread = [float(np.var(c.x / c.T) / np.mean(c.x / c.T)) for c in (even, plain)]
    assert spread[0] < spread[1] / 3


def test_a_season_moves_purchases_into_its_peak() -> None:
    # From 1 January to 30 December with the peak in the middle, more is bought in the middle half.
    settings = {"weeks": 52, "arrival_share": 0.0, "s": 1e-3, "beta": 1e3, "season_peak": 182}
    counts = [world(season=a, **settings) for a in (0.0, 0.8)]
    middle = [np.mean((c.t_x > 13) & (c.t_x < 39)) / np.mean(c.x > 0) for c in counts]
    assert middle[1] > middle[0] + 0.1


def test_spend_has_its_mean_and_drifts_when_told() -> None:
    plain, up = world(), world(drift=0.5)
    many = plain.x > 3
    ratio = plain.mean_repeat_spend[many] / plain.nu[many]
    assert abs(z(ratio, 1.0)) < 4
    assert np.nanmean(up.mean_repeat_spend / up.nu) > 1.1
    assert np.isnan(plain.mean_repeat_spend[plain.x == 0]).all()


def test_rate_and_spend_correlate_only_when_told() -> None:
    def correlation(counts: Counts) -> float:
        ranks = [np.argsort(np.argsort(values)) for values in (counts.lam, counts.nu)]
        return float(np.corrcoef(ranks)[0, 1])

    assert abs(correlation(world())) < 0.03
    told = world(rate_spend_correlation=0.6)
    assert 0.5 < correlation(told) < 0.65
    # The margins stay what they are.
    assert told.lam.mean() == pytest.approx(0.055, rel=0.03)
    assert told.nu.mean() == pytest.approx(4 * 192 / 2.4, rel=0.03)


def test_day_grain_is_what_order_lines_show() -> None:
    company = Company(n_customers=3_000, seed=4, alpha=1.0)
    counts = arrivals_and_counts(company, grain="day")
    exact = arrivals_and_counts(company)
    assert np.allclose(counts.T * 7, np.rint(counts.T * 7))
    assert np.allclose(counts.t_x * 7, np.rint(counts.t_x * 7))
    assert counts.x.sum() < exact.x.sum()
    assert ((counts.x == 0) == (counts.t_x == 0)).all()
    assert counts.T.max() <= 104 - 1 / 7
    assert abs(z(counts.future, counts.expected_future)) < 4


def test_blocks_are_joined_and_repeatable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_room, "BLOCK", 100)
    company = Company(n_customers=250, seed=8)
    first, again = counts_room.arrivals_and_counts(company), counts_room.arrivals_and_counts(company)
    assert len(first.x) == 250
    assert (first.t_x == again.t_x).all()
    assert not np.array_equal(first.lam[:50], first.lam[100:150])
