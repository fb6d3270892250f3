"""Who leaves next among IBM's Telco customers: no worse than plain gradient boosting, and as often as it says."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from regulars.ingest.contracts import read_contracts
from regulars.measure.contracts import Period, from_tenure
from regulars.measure.lifetime import ShiftedBetaGeometric
from regulars.measure.lifetime.hazard import RenewalHazard

pytestmark = pytest.mark.real_data
FEATURES = (
    "gender", "SeniorCitizen", "Partner", "Dependents", "PhoneService", "MultipleLines", "InternetService",
    "OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV", "StreamingMovies", "Contract",
    "PaperlessBilling", "PaymentMethod", "MonthlyCharges", "TotalCharges",
)  # fmt: skip


@pytest.fixture(scope="module")
def telco(test_data: Path):
    with duckdb.connect() as connection:
        return read_contracts(test_data / "telco_churn.parquet", connection=connection, features=FEATURES)


@pytest.fixture(scope="module")
def held_out(telco):
    """Tenure, who left, and the chance that a model said of each customer without having seen them; five folds."""
    left, t = telco.columns["churned"].astype(bool), np.maximum(telco.columns["tenure"].astype(np.int64), 1)
    fold, said = np.random.default_rng(1).permutation(len(left)) % 5, np.zeros(len(left))
    for k in range(5):
        kept, out = fold != k, fold == k
        known, new = ({name: column[some] for name, column in telco.features.items()} for some in (kept, out))
        said[out] = RenewalHazard().fit(t[kept] - 1, t[kept], left[kept], known).leaving(t[out], new)
    return left, said, fold


def test_what_is_said_happens(held_out):
    left, said, _ = held_out
    assert said.mean() == pytest.approx(left.mean(), abs=0.01)
    for part in np.array_split(np.argsort(said, kind="stable"), 10):
        error = np.sqrt(said[part].mean() * (1 - said[part].mean()) / len(part))
        assert abs(said[part].mean() - left[part].mean()) < 3.5 * error + 0.005
    assert np.mean((said - left) ** 2) < 0.135


def test_no_worse_than_gradient_boosting_beyond_noise(telco, held_out):
    ensemble = pytest.importorskip("sklearn.ensemble")
    left, said, fold = held_out
    columns = [telco.columns["tenure"]]
    for column in telco.features.values():
        numbers = column.dtype != object
        columns += [np.nan_to_num(column)] if numbers else [column == level for level in sorted(set(column))[1:]]
    x = np.column_stack(columns).astype(float)
    out = fold == 0
    rival = ensemble.GradientBoostingClassifier(random_state=0).fit(x[~out], left[~out]).predict_proba(x[out])[:, 1]
    gap = (said[out] - left[out]) ** 2 - (rival - left[out]) ** 2
    rng = np.random.default_rng(3)
    draws = [gap[rng.integers(0, len(gap), len(gap))].mean() for _ in range(500)]
    assert np.quantile(draws, 0.025) < 0


def test_reading_a_snapshot_as_a_history_makes_everybody_look_loyal(telco):
    """Of 7,043 customers of one month 1,869 left in it: one in four, not one in a hundred."""
    month = Period(months=1)
    history, snapshot = (from_tenure(telco, period=month, last_only=last) for last in (False, True))
    rates = [r.ended.sum() / (r.periods - r.entered).sum() for r in (history, snapshot)]
    assert rates == [pytest.approx(1869 / 227_990, rel=1e-6), pytest.approx(1869 / 7032, rel=1e-6)]
    entered, periods, ended = snapshot.histories()
    model = ShiftedBetaGeometric().fit_grouped(periods, ended, np.ones(len(periods)), entered)
    expected = float(np.sum(1 - model.retention(periods[periods > 0])))
    assert expected == pytest.approx(1869, rel=0.005)
