"""sBG and BdW on Berry & Linoff's retention table against Fader & Hardie (2007) and Fader et al. (2018)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from regulars.measure.lifetime import BetaDiscreteWeibull, ShiftedBetaGeometric

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def survivors(test_data: Path) -> dict[str, list[float]]:
    """Customers left of 1,000 at the start of each renewal year."""
    query = "select segment, list(10 * pct_surviving::double order by year) from read_parquet($file) group by segment"
    with duckdb.connect() as connection:
        file = str(test_data / "sbg_retention_fader_hardie_2007.parquet")
        return dict(connection.sql(query, params={"file": file}).fetchall())


@pytest.mark.parametrize(
    ("segment", "alpha", "beta", "log_likelihood"),
    [("high_end", 0.668, 3.806, -1611.16), ("regular", 0.704, 1.182, -1680.27)],
)
def test_sbg_on_seven_renewals(survivors, segment, alpha, beta, log_likelihood):
    model = ShiftedBetaGeometric().fit_survivors(survivors[segment][:8])
    assert (round(model.alpha_, 3), round(model.beta_, 3)) == (alpha, beta)
    assert model.log_likelihood_ == pytest.approx(log_likelihood, abs=0.005)
    assert (model.n_customers_, model.boundary_) == (1000, None)


@pytest.mark.parametrize(
    ("segment", "estimates", "log_likelihood"),
    [("high_end", (0.259, 1.723, 1.584), -1222.75), ("regular", (0.523, 0.894, 1.196), -1401.38)],
)
def test_bdw_on_four_renewals(survivors, segment, estimates, log_likelihood):
    model = BetaDiscreteWeibull().fit_survivors(survivors[segment][:5])
    assert tuple(round(v, 3) for v in (model.alpha_, model.beta_, model.c_)) == estimates
    assert model.log_likelihood_ == pytest.approx(log_likelihood, abs=0.005)


def test_twelve_years_foreseen_from_seven(survivors):
    for left in survivors.values():
        model = ShiftedBetaGeometric().fit_survivors(left[:8])
        assert np.abs(1000 * model.survival(np.arange(13)) - left).max() < 25
