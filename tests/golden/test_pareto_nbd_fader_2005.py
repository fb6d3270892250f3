"""Pareto/NBD on CDNOW against Fader & Hardie (2005), A note on deriving the Pareto/NBD model, and CLVTools."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.measure.lifetime import ParetoNBD

PAPER = ParetoNBD.from_params(r=0.5533, alpha=10.5777, s=0.6062, beta=11.669)


@pytest.fixture(scope="module")
def fitted(cdnow: Any) -> ParetoNBD:
    return ParetoNBD().fit(cdnow)


@pytest.mark.real_data
def test_pareto_nbd_estimates_on_cdnow(fitted: ParetoNBD) -> None:
    assert [round(fitted.r_, 4), round(fitted.alpha_, 4), round(fitted.s_, 4)] == [0.5533, 10.5777, 0.6062]
    assert fitted.beta_ == pytest.approx(11.669, abs=5e-4)
    assert fitted.log_likelihood_ == pytest.approx(-9594.976, abs=5e-4)


def test_pareto_nbd_conditional_expectation() -> None:
    assert round(float(PAPER.expected_purchases_at(26, 30.86, 31, 52)[0]), 2) == 25.46
