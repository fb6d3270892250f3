"""Random parts of CDNOW's 1/10 sample: a fit inside, a named boundary or a stated lack of data, never anything else.

Peers raise on 24 % of random parts of 100 customers (lifetimes #258, #259, #419). The long run and `make calibrate`
check 400 parts, each with every model.
"""

import datetime as dt

import numpy as np
import pyarrow.parquet as pq
import pytest

from regulars.prove.calibration import check_small
from regulars.prove.origins import Origin, read_cells

pytestmark = pytest.mark.real_data
EXPLAINED = {"ok", "boundary", "not enough data"}


@pytest.mark.parametrize(("size", "seed"), [(50, 1), (50, 2), (50, 3), (100, 4), (100, 5), (100, 6), (300, 7)])
def test_small_parts_end_explained(size, seed, test_data):
    assert endings(size, seed, test_data) <= EXPLAINED


@pytest.mark.long
@pytest.mark.parametrize("seed", range(400))
def test_four_hundred_parts_end_explained(seed, test_data):
    size = int(np.random.default_rng([20261122, seed]).integers(50, 1001))
    assert endings(size, seed, test_data) <= EXPLAINED


def endings(size, seed, test_data):
    """Return how the fits of every model to a random part of the customers end."""
    table = pq.read_table(test_data / "cdnow_sample.parquet", columns=["customer_id", "date"])
    table = table.rename_columns(["customer_id", "occasion_date"])
    table = table.group_by(["customer_id", "occasion_date"]).aggregate([])
    who = np.asarray(table["customer_id"])
    chosen = np.random.default_rng(seed).choice(np.unique(who), size, replace=False)
    cells = read_cells(table.filter(np.isin(who, chosen)), Origin(dt.date(1997, 9, 30), dt.date(1998, 6, 30)))
    assert cells.n == size
    return set(check_small(cells).values())
