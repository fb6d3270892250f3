"""BG/BB on six years of donations against Fader, Hardie & Shang (2010)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from regulars.measure.lifetime import BetaGeoBetaBinomial

pytestmark = pytest.mark.real_data

# (x, t_x) in order: expected gifts in the five years after, and the chance of being active in the next, as printed.
GIFTS = [0.07, 0.09, 0.31, 0.59, 0.84, 1.02, 1.15, 0.12, 0.54, 1.06, 1.44, 1.67, 0.22, 1.03, 1.80, 2.19, 0.58, 2.03,
         2.71, 1.81, 3.23, 3.75]  # fmt: skip
ACTIVE = [0.11, 0.07, 0.25, 0.48, 0.68, 0.83, 0.93, 0.07, 0.30, 0.59, 0.80, 0.93, 0.10, 0.44, 0.77, 0.93, 0.20, 0.70,
          0.93, 0.52, 0.93, 0.93]  # fmt: skip


@pytest.fixture(scope="module")
def donations(test_data: Path) -> dict[str, Any]:
    with duckdb.connect() as connection:
        file = str(test_data / "donations_bgbb.parquet")
        return connection.sql("select * from read_parquet($f) order by x, t_x", params={"f": file}).fetchnumpy()


@pytest.fixture(scope="module")
def model(donations):
    return BetaGeoBetaBinomial().fit_grouped(*(donations[name] for name in ("x", "t_x", "n", "donors")))


def test_estimates(model):
    found = [round(v, 4) for v in (model.alpha_, model.beta_, model.gamma_, model.delta_)]
    assert found == [1.2035, 0.7497, 0.6567, 2.7834]
    assert model.log_likelihood_ == pytest.approx(-33225.581, abs=0.001)
    assert (model.n_customers_, model.boundary_) == (11_104, None)


def test_gifts_to_come_and_who_is_active(model, donations):
    history = [donations[name] for name in ("x", "t_x", "n")]
    assert np.array_equal(np.round(model.expected_purchases_at(*history, 5), 2), GIFTS)
    assert np.array_equal(np.round(model.probability_alive_at(*history, ahead=1), 2), ACTIVE)
