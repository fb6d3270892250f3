"""BG/NBD against Fader, Hardie & Lee (2005), "Counting your customers" the easy way, and peers' tests of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from regulars.measure.lifetime import NBD, BetaGeoNBD

PAPER = BetaGeoNBD.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)
CALIBRATED = BetaGeoNBD.from_params(r=0.24259, alpha=4.4136, a=0.79292, b=2.42591)


@pytest.fixture(scope="module")
def fitted(cdnow: Any) -> BetaGeoNBD:
    return BetaGeoNBD().fit(cdnow)


@pytest.mark.real_data
def test_bg_nbd_estimates_on_cdnow(fitted: BetaGeoNBD) -> None:
    assert fitted.r_ == pytest.approx(0.24259, abs=5.5e-6)  # 0.242595: the print truncates
    assert fitted.alpha_ == pytest.approx(4.4136, abs=5e-5)
    assert fitted.a_ == pytest.approx(0.79292, abs=5e-6)
    assert fitted.b_ == pytest.approx(2.42591, abs=5e-6)
    assert fitted.log_likelihood_ == pytest.approx(-9582.4292, abs=5e-5)
    assert fitted.n_customers_ == 2357
    assert fitted.boundary_ is None


@pytest.mark.real_data
def test_bg_nbd_on_the_published_rounded_summary(cdnow_rounded: Any) -> None:
    model = BetaGeoNBD().fit(cdnow_rounded)
    found = [round(v, 3) for v in (model.r_, model.alpha_, model.a_, model.b_)]
    assert found == [0.243, 4.414, 0.793, 2.426]
    assert model.log_likelihood_ == pytest.approx(-9582.4256, abs=5e-5)


def test_bg_nbd_conditional_expectation_example() -> None:
    """The paper's customer: x = 2, t_x = 30.43, T = 38.86, the next 39 weeks."""
    value = PAPER.expected_purchases_at(2, 30.43, 38.86, 39)[0]
    assert value == pytest.approx(1.226028174767, abs=5e-13)


def test_bg_nbd_expected_purchases_of_a_new_customer() -> None:
    times = [0.1429, 1.0, 3.0, 31.857, 32.0]
    assert np.round(CALIBRATED.expected_purchases_new(times), 4).tolist() == [0.0078, 0.0532, 0.1506, 1.0405, 1.0437]


def test_bg_nbd_expected_purchases_of_a_new_customer_at_week_78() -> None:
    """Peers print 1.8576 and compare it to three places; with these parameters 50 digits say 1.857931933…."""
    value = float(CALIBRATED.expected_purchases_new(78.0))
    assert value == pytest.approx(1.8576, abs=5e-4)
    assert value == pytest.approx(1.857931933050, abs=1e-11)


def test_bg_nbd_probability_of_no_purchase() -> None:
    assert round(float(PAPER.probability_of_count(0, 39)), 5) == 0.57379


@pytest.mark.real_data
def test_nbd_without_dropout_on_cdnow(cdnow: Any) -> None:
    model = NBD().fit(cdnow)
    assert model.r_ == pytest.approx(0.38477, abs=5e-6)
    assert model.alpha_ == pytest.approx(12.072, abs=5e-4)
    assert model.log_likelihood_ == pytest.approx(-9763.66, abs=5e-3)
