"""Any discount curve: a constant rate's curve is that rate, for every model; later money weighs less."""

import numpy as np
import pyarrow as pa
import pytest

from regulars.errors import InputError
from regulars.measure.lifetime import NBD, BetaGeoNBD, ModifiedBetaGeoCNBD, ModifiedBetaGeoNBD, ParetoNBD

BG = {"r": 0.5, "alpha": 6.2, "a": 0.9, "b": 1.6}
MODELS = [
    NBD.from_params(r=0.4, alpha=12.0),
    BetaGeoNBD.from_params(**BG),
    ModifiedBetaGeoNBD.from_params(**BG),
    ParetoNBD.from_params(r=0.55, alpha=10.6, s=0.6, beta=11.7),
    ModifiedBetaGeoCNBD.from_params(k=3, **BG),
]
SUMMARY = pa.table({"x": [0, 2, 12], "t_x": [0.0, 20.0, 30.0], "T": [30.0, 39.0, 31.0]})


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_the_curve_of_a_constant_rate_is_that_rate(model):
    delta = 0.004
    found = model.purchases_discounted_by(SUMMARY, 104, lambda s: np.exp(-delta * s))
    np.testing.assert_allclose(found, model.discounted_purchases(SUMMARY, 104, delta), rtol=2e-5)
    np.testing.assert_allclose(model.purchases_discounted_by(SUMMARY, 104, np.ones_like),
                               model.expected_purchases(SUMMARY, 104), rtol=1e-12)  # fmt: skip
    table = model.purchases_discounted_by(SUMMARY, 104, lambda s: np.interp(s / 52, [0, 1, 2], [1.0, 0.9, 0.5]))
    assert (0.5 * model.expected_purchases(SUMMARY, 104) < table).all()
    assert (table < model.expected_purchases(SUMMARY, 104)).all()


def test_a_curve_that_is_none_is_refused():
    with pytest.raises(InputError):
        MODELS[0].purchases_discounted_by(SUMMARY, 10, lambda s: -s)


def test_the_sum_of_log_gaps_is_read_from_the_summary():
    summary = SUMMARY.append_column("log_gaps", pa.array([None, 2 * np.log(10.0), 12 * np.log(2.5)]))
    model = ModifiedBetaGeoCNBD().fit(summary)
    assert model.k_ > 1  # gaps that are all alike
    assert set(model.tried_) >= {1, 2, 3}
