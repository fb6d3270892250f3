"""What a customer would be worth after an order, or after more silence: the models' own answers to those histories."""

from __future__ import annotations

import numpy as np
import pytest

from regulars.measure.lifetime import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
from regulars.measure.lifetime.scenarios import scenarios

MODELS = [
    ModifiedBetaGeoNBD.from_params(r=0.525, alpha=6.183, a=0.891, b=1.614),
    ParetoNBD.from_params(r=0.553, alpha=10.578, s=0.606, beta=11.669),
    BetaGeoNBD.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_each_line_is_what_the_model_says_of_that_history(model):
    then = scenarios(model, 2, 30.43, 38.86, waits=(0, 4, 13), horizon=52, delta=0.002)
    histories = [(2, 30.43, 38.86), (3, 38.86, 38.86), (2, 30.43, 38.86), (2, 30.43, 42.86), (2, 30.43, 51.86)]
    x, t_x, age = (np.array(column, dtype=float) for column in zip(*histories, strict=True))
    np.testing.assert_allclose(then.p_alive, model.probability_alive_at(x, t_x, age), rtol=1e-12)
    np.testing.assert_allclose(then.p_alive * then.given_alive, model.expected_purchases_at(x, t_x, age, 52), rtol=1e-9)
    np.testing.assert_allclose(then.discounted, model.discounted_purchases_at(x, t_x, age, 52, 0.002), rtol=1e-9)
    assert then.ratio[0] == then.ratio[2] == 1


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
@pytest.mark.parametrize("history", [(0, 0.0, 20.0), (2, 30.43, 38.86), (26, 30.86, 31.0)])
def test_an_order_raises_value_and_silence_lowers_it(model, history):
    ratio = scenarios(model, *history, waits=(4, 8, 13), horizon=52, delta=0.002).ratio
    assert ratio[1] > 1
    assert (np.diff([1, *ratio[2:]]) < 0).all()


def test_spend_stays_what_it_is_after_an_order_of_the_expected_size():
    from regulars.measure.lifetime import Spend

    spend, x, mean = Spend(6.25, 3.74, 15.44), 3.0, 22.35
    now = spend.expected(np.array([x]), np.array([mean]))
    after = spend.expected(np.array([x + 1]), np.array([(x * mean + now[0]) / (x + 1)]))
    np.testing.assert_allclose(after, now, rtol=1e-12)
