"""Spend times a margin, or profit as it is: what forecast better at earlier origins, the default where neither did."""

from dataclasses import replace

import numpy as np
import pytest

from regulars.prove.earnings import Earnings
from regulars.prove.spending import GAMMA_GAMMA, NORMAL_NORMAL, choose_spend, default_spend
from regulars.words import T


def earnings(seed, *, n=600, tied=False):
    """Customers whose profit is a share of what they spend (tied), or has nothing to do with it."""
    rng = np.random.default_rng(seed)
    bought, later = rng.integers(2, 12, n).astype(float), rng.poisson(3.0, n).astype(float)
    size, after = 2.0 / rng.gamma(3.5, 1 / 75.0, n), np.maximum(later, 1.0)  # as the Gamma-Gamma has it
    spend = size * rng.gamma(2.0 * (bought - 1), 1.0 / (2.0 * (bought - 1)))
    own, noise = rng.normal(5.0, 30.0, n), 20.0
    profit = own + noise * rng.normal(0, 1, n) / np.sqrt(bought)
    squares, next_one = noise**2 * (bought - 1), own + noise * rng.normal(0, 1, n) / np.sqrt(after)
    if tied:
        profit, squares = 0.3 * spend, (bought - 1) * (0.3 * size) ** 2 / 2.0
        next_one = 0.3 * size * rng.gamma(2.0 * after, 1.0 / (2.0 * after))
    total = spend * bought
    return Earnings(
        n=bought, spend=spend, total_spend=total, profit=profit, squares=squares, year_revenue=total,
        year_profit=profit * bought, later=later, later_profit=next_one, known=np.ones(n),
    )  # fmt: skip


def test_profit_is_forecast_itself_where_it_has_nothing_to_do_with_spend():
    found = choose_spend([earnings(1), earnings(2)], earnings(3))
    assert found.name == NORMAL_NORMAL
    assert "beat spend times the margin" in found.reason.en
    assert "亏损" not in found.reason.zh
    by_name = {each.name: each for each in found.held_out}
    assert by_name[NORMAL_NORMAL].rmse < 0.95 * by_name[GAMMA_GAMMA].rmse
    assert {each.name for each in found.scores} == {GAMMA_GAMMA, NORMAL_NORMAL}


def test_spend_times_the_margin_stays_where_profit_is_a_share_of_it():
    found = choose_spend([earnings(1, tied=True)], None)
    assert found.name == GAMMA_GAMMA
    assert found.held_out == ()


def test_a_gain_within_its_error_does_not_move_the_default():
    found = choose_spend([earnings(3, tied=True)], None)
    gain = {each.name: each.rmse for each in found.scores}
    assert gain[NORMAL_NORMAL] < gain[GAMMA_GAMMA]
    assert found.name == GAMMA_GAMMA
    assert "little better" in found.reason.en


@pytest.mark.parametrize(
    ("origins", "why"), [([], "no earlier origin"), ([earnings(5, n=40)], "too few customers")], ids=["none", "few"]
)
def test_where_nothing_can_be_judged_the_default_says_why(origins, why):
    found = choose_spend(origins, None)
    assert (found.name, found.scores) == (GAMMA_GAMMA, ())
    assert why in found.reason.en


def test_a_way_that_cannot_be_fitted_is_named():
    alone = earnings(6)
    found = choose_spend([replace(alone, profit=np.full(600, 3.0), squares=np.zeros(600))], None)
    assert found.name == GAMMA_GAMMA
    assert "Normal-normal could not be fitted" in found.reason.en
    assert next(each for each in found.scores if each.name == NORMAL_NORMAL).failed is not None


def test_customers_with_a_cost_that_is_not_known_are_forecast_as_everybody():
    some = replace(earnings(7), known=np.repeat([0.0, 1.0], 300))
    for forecast in (some.by_profit(),):
        assert np.unique(forecast[:300]).size == 1
        assert np.unique(forecast[300:]).size == 300


def test_the_default_is_said_in_both_languages():
    said = default_spend(T(zh="没有成本", en="no costs")).as_dict()
    assert said["reason"] == {"zh": "用默认的 Gamma-Gamma：没有成本。", "en": "The default Gamma-Gamma: no costs."}
    assert said["rule"]["zh"]
    assert said["scores"] == said["held_out"] == []
