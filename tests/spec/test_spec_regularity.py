"""Regularity by the last two gaps, on every engine, against gaps of known regularity."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from regulars.errors import NotEnoughData
from regulars.measure.regularity import regularity

START = dt.date(2020, 1, 1)
AS_OF = dt.date(2200, 1, 1)


def lives(k, customers=3000, gaps=4, seed=1):
    rng = np.random.default_rng(seed)
    rate = rng.gamma(2.0, 1.0, (customers, 1)) + 0.2
    length = np.maximum(np.round(rng.gamma(k, 100.0 / k, (customers, gaps)) / rate), 1).astype(int)
    days = np.cumsum(np.pad(length, ((0, 0), (1, 0))), axis=1)
    table = pa.table({
        "customer_id": np.repeat(np.arange(customers), gaps + 1),
        "occasion_date": [START + dt.timedelta(days=int(d)) for d in days.ravel()],
    })  # fmt: skip
    return table, length


@pytest.mark.parametrize("k", [1, 3])
def test_regularity_is_found_again(on_engine, k):
    table, length = lives(k)
    found = regularity(on_engine(table), as_of=AS_OF)
    assert abs(found.k - k) < 3 * found.standard_error + 0.1 * k  # whole days
    assert (found.customers, found.gaps) == (3000, length.size)
    assert found.log_gaps == pytest.approx(np.log(length / 7).sum())
    assert ("purchases come at random" in found.words.en) == (k == 1)


def test_few_customers_say_nothing(on_engine):
    table, _ = lives(1, customers=5)
    with pytest.raises(NotEnoughData):
        regularity(on_engine(table), as_of=AS_OF)
