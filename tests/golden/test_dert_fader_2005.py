"""DERT of the Pareto/NBD: Fader, Hardie & Lee (2005), RFM and CLV: using iso-value curves."""

from __future__ import annotations

import numpy as np
import pytest

from regulars.measure.lifetime import BetaGeoNBD, ParetoNBD

MODEL = ParetoNBD.from_params(r=0.5629966, alpha=12.559037, s=0.4081095, beta=10.5148048)


def test_dert_pareto_nbd() -> None:
    """Tricomi's U and quadrature agree on 1.86418 for x = 7, t_x = 35, T = 77.86, δ = .0027 a week."""
    assert round(float(MODEL.discounted_residual_purchases_at(7, 35, 77.86, 0.0027)[0]), 5) == 1.86418


def test_dert_is_the_limit_of_a_long_horizon() -> None:
    for model in (MODEL, BetaGeoNBD.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)):
        whole = model.discounted_residual_purchases_at(7, 35, 77.86, 0.0027)
        assert model.discounted_purchases_at(7, 35, 77.86, 6_000, 0.0027) == pytest.approx(whole, rel=1e-6)


@pytest.mark.parametrize("delta", [1e-5, 0.0027, 0.1, 5.0])
def test_dert_is_finite_where_closed_forms_diverge(delta: float) -> None:
    """CLVTools #132, #163, #171: s near 1, heavy buyers, long ages."""
    for s in (0.05, 0.999999, 1.0, 1.000001, 2.0, 40.0):
        model = ParetoNBD.from_params(r=0.55, alpha=10.6, s=s, beta=11.7)
        value = model.discounted_residual_purchases_at([0, 7, 3000], [0, 35, 599], [0, 77.86, 600], delta)
        assert np.all(np.isfinite(value))
        assert np.all(value >= 0)
