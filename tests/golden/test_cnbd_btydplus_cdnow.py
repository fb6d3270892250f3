"""BTYDplus' demo on CDNOW's 1/10 sample: the gaps show no regularity (k = 1), so the estimates are the published ones.

Platzer & Reutterer's package says so of BG/CNBD-k and MBG/CNBD-k alike; k = 1 is Fader, Hardie & Lee's BG/NBD.
"""

import datetime as dt

import pyarrow.parquet as pq
import pytest

from regulars.measure.lifetime import BetaGeoCNBD, ModifiedBetaGeoCNBD
from regulars.measure.regularity import regularity
from regulars.prove.origins import Origin, read_cells

pytestmark = pytest.mark.real_data
SPLIT = dt.date(1997, 9, 30)


@pytest.fixture(scope="module")
def occasions(test_data):
    table = pq.read_table(test_data / "cdnow_sample.parquet", columns=["customer_id", "date"])
    return (
        table.rename_columns(["customer_id", "occasion_date"]).group_by(["customer_id", "occasion_date"]).aggregate([])
    )


@pytest.mark.parametrize("by_gaps", [True, False])
@pytest.mark.parametrize(
    ("model", "published", "log_likelihood"),
    [
        (BetaGeoCNBD, (0.24259, 4.4136, 0.79292, 2.42591), -9582.4292),
        (ModifiedBetaGeoCNBD, (0.52484, 6.18309, 0.89136, 1.614), None),
    ],
)
def test_no_regularity_and_the_published_estimates(occasions, model, published, log_likelihood, by_gaps):
    cells = read_cells(occasions, Origin(SPLIT, dt.date(1998, 6, 30)))
    seen = regularity(occasions, as_of=SPLIT)
    assert abs(seen.k - 1.0) < 2 * seen.standard_error
    assert seen.gaps == cells.x @ cells.count
    fitted = model().fit_grouped(*cells.histories(), log_gaps=seen.log_gaps if by_gaps else None)
    assert fitted.k_ == 1
    assert fitted._parameters() == pytest.approx(published, rel=2e-5)
    if log_likelihood is not None:
        assert fitted.log_likelihood_ == pytest.approx(log_likelihood, abs=1e-4)
