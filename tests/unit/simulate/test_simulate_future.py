"""Expected profit is what comes in on average, in every world."""

from __future__ import annotations

import numpy as np
import pytest

from regulars.simulate import Company
from regulars.simulate.block import draw_block, open_shop, outcome


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"process": "mbg_nbd", "return_share": 0.2},
        {"discount": 1.0},
        {"drift": 0.3, "drift_sd": 0.2},
        {"drift": -0.3, "season": 0.5, "process": "bg_nbd"},
        {"regular": 3, "lines_per_order": 4.0},
    ],
    ids=str,
)
def test_future_profit_has_the_mean_that_was_expected(settings: dict[str, object]) -> None:
    # Little heterogeneity in spend, so that an error of a few percent would show.
    company = Company(n_customers=20_000, seed=31, spend_q=12.0, spend_v=800.0, alpha=4.0, s=0.3, **settings)
    shop = open_shop(company)
    result = outcome(company, shop, draw_block(company, shop, 0, 0, company.n_customers))
    profit = result.future_profit / 100
    error = profit - result.expected_profit
    assert abs(error.mean()) < 4 * error.std() / np.sqrt(len(error)) + 0.01 * profit.mean()
    assert abs(profit.sum() / result.expected_profit.sum() - 1) < 0.04
    assert abs(result.future_purchases.sum() / result.expected_purchases.sum() - 1) < 0.03
