"""The annuity formula of the course text: its printed values, its derivative, its limits."""

from __future__ import annotations

import numpy as np
import pytest

from regulars.errors import InputError
from regulars.measure.annuity import annuity_derivative, annuity_value, compound_interest, present_value
from regulars.measure.lifetime import ModifiedBetaGeoNBD


def test_annuity_printed_values() -> None:
    assert round(float(annuity_value(100, 1, 0.10)), 6) == 90.909091
    assert round(float(annuity_value(10_000, 5, 0.10)), 4) == 37_907.8677
    assert round(float(annuity_derivative(10_000, 5, 0.10)), 4) == -96_841.7119


def test_discounting_printed_values() -> None:
    assert round(float(present_value(100, 1, 0.10)), 6) == 90.909091
    assert round(float(present_value(100, 2, 0.10)), 4) == 82.6446
    assert round(float(compound_interest(100, 50, 0.03)), 2) == 338.39


def test_annuity_without_discount_is_the_plain_sum() -> None:
    assert annuity_value(10_000, 5, 0.0) == 50_000
    assert annuity_derivative(10_000, 5, 0.0) == pytest.approx(-10_000 * 5 * 6 / 2)
    assert annuity_value(10_000, 5, 1e-14) == pytest.approx(50_000)
    assert annuity_value(10_000, 0, 0.1) == 0


@pytest.mark.parametrize("r", [1e-9, 1e-7, 1e-6, 1e-5, 1e-3, 0.1, 2.0])
@pytest.mark.parametrize("n", [0.5, 1, 5, 50])
def test_annuity_derivative_is_the_slope(n: float, r: float) -> None:
    h = max(r * 1e-4, 1e-9) if r > 1e-6 else 1e-6
    low = max(r - h, 0.0)
    slope = (annuity_value(1.0, n, r + h) - annuity_value(1.0, n, low)) / (r + h - low)
    assert annuity_derivative(1.0, n, r) == pytest.approx(slope, rel=2e-4)
    assert annuity_derivative(1.0, n, r) <= 0


@pytest.mark.parametrize(("n", "r", "name"), [(-1, 0.1, "years"), (5, -0.1, "rate"), (5, np.inf, "rate")])
def test_annuity_refuses(n: float, r: float, name: str) -> None:
    with pytest.raises(InputError, match=name):
        annuity_value(100, n, r)


def test_annuity_over_the_expected_lifespan_overstates() -> None:
    """Lifespans differ: the annuity over their mean is more than the mean of the annuities (Jensen)."""
    lifespans = np.random.default_rng(0).exponential(8.0, 20_000)
    truth = np.mean(annuity_value(100, lifespans, 0.1))
    assert 1.1 < annuity_value(100, np.mean(lifespans), 0.1) / truth < 1.4
    model = ModifiedBetaGeoNBD.from_params(r=3.0, alpha=4.0, a=1.5, b=30.0)
    undiscounted = model.expected_purchases_at(10, 50, 52, 520)[0]
    assert model.discounted_purchases_at(10, 50, 52, 520, 0.0018)[0] < undiscounted
