"""A fit that was kept as JSON comes back bit for bit, with the law of its estimates."""

from __future__ import annotations

import json

import numpy as np
import pytest

from regulars.errors import InputError
from regulars.measure.lifetime import NBD, BetaGeoNBD, GammaGamma, LifetimeModel, ModifiedBetaGeoNBD, ParetoNBD

RNG = np.random.default_rng(3)
X = RNG.poisson(RNG.gamma(0.8, 3.0, 400))
AGE = RNG.integers(70, 500, 400) / 7
T_X = np.where(X > 0, AGE * RNG.beta(2.0, 1.0, 400), 0.0)


@pytest.mark.parametrize("kind", [ModifiedBetaGeoNBD, BetaGeoNBD, ParetoNBD, NBD])
def test_kept_model_is_the_same_model(kind: type[LifetimeModel]) -> None:
    fitted = kind().fit_grouped(X, T_X, AGE, np.ones(400))
    again = kind.from_kept(json.loads(json.dumps(fitted.kept())))
    assert repr(again) == repr(fitted)
    assert again.get_params() == fitted.get_params()
    assert again.boundary_ == fitted.boundary_
    assert again.kept() == json.loads(json.dumps(fitted.kept()))
    np.testing.assert_array_equal(again.draw_parameters(20, 1), fitted.draw_parameters(20, 1))
    np.testing.assert_array_equal(again.covariance_, fitted.covariance_)


def test_kept_spend_is_the_same_spend() -> None:
    fitted = GammaGamma().fit_arrays(X, RNG.gamma(4.0, 1.0, 400) / RNG.gamma(4.0, 0.05, 400))
    again = GammaGamma.from_kept(json.loads(json.dumps(fitted.kept())))
    assert again.get_params() == fitted.get_params()
    assert (again.correlation_, again.warning_) == (fitted.correlation_, fitted.warning_)
    np.testing.assert_array_equal(again.draw_parameters(20, 1), fitted.draw_parameters(20, 1))


def test_kept_parameters_of_another_model_are_refused() -> None:
    known = ParetoNBD.from_params(r=0.5, alpha=10.0, s=0.6, beta=11.0)
    assert ParetoNBD.from_kept(known.kept()).get_params() == known.get_params()
    with pytest.raises(InputError, match="takes r, alpha, a, b"):
        BetaGeoNBD.from_kept(known.kept())
