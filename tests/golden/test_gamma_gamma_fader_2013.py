"""Gamma-Gamma on CDNOW against Fader & Hardie (2013), The Gamma-Gamma model of monetary value, and CLVTools."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.measure.lifetime import GammaGamma


@pytest.mark.real_data
def test_gamma_gamma_estimates_on_cdnow(cdnow: Any) -> None:
    model = GammaGamma().fit(cdnow)
    assert [round(v, 4) for v in (model.p_, model.q_, model.v_)] == [6.2496, 3.7442, 15.4435]
    assert model.log_likelihood_ == pytest.approx(-4055.9177, abs=5e-5)
    assert model.n_customers_ == 946
    assert model.n_left_out_ == 0
    assert model.warning_ is None
    assert model.correlation_ == pytest.approx(0.11, abs=0.005)


def test_gamma_gamma_population_mean_on_cdnow() -> None:
    model = GammaGamma.from_params(p=6.25, q=3.74, v=15.44)
    assert model.expected_spend_at(0, 0.0)[0] == pytest.approx(6.25 * 15.44 / 2.74)
    assert model.expected_spend_at(2, 22.35)[0] == pytest.approx(24.66, abs=0.005)
