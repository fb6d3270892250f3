"""Kaplan–Meier curves and counted shares."""

import numpy as np
import pytest

from regulars.prove.rate import Rate
from regulars.prove.survival import kaplan_meier

# Remission of leukaemia under 6-MP, in weeks; + not over yet (Freireich et al. 1963, as in Kalbfleisch & Prentice).
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
OVER = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_the_published_estimate():
    curve = kaplan_meier(np.array(WEEKS), np.array(OVER, bool), np.ones(len(WEEKS), np.int64))
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {week: round(curve.at(week)[0], 3) for week in published} == published
    assert (curve.at(5)[0], curve.at(36), curve.median()) == (1.0, None, 23)


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")
def test_the_same_as_scipy_interval_included():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(7)
    born, gone = rng.integers(0, 100, 400), rng.integers(1, 200, 400)
    days, happened = np.minimum(gone, 100 - born), gone <= 100 - born
    days, happened = days[days > 0], happened[days > 0]
    curve = kaplan_meier(days, happened, np.ones(len(days), np.int64))
    reference = stats.ecdf(stats.CensoredData(uncensored=days[happened], right=days[~happened])).sf
    interval = reference.confidence_interval(method="log-log")
    for day, share, low, high in zip(
        reference.quantiles,
        reference.probabilities,
        interval.low.probabilities,
        interval.high.probabilities,
        strict=True,
    ):
        found = curve.at(int(day))
        assert found[0] == pytest.approx(share)
        if not np.isnan(low):
            assert found[1:] == pytest.approx((low, high))


def test_counts_stand_for_customers():
    one = kaplan_meier(np.array(WEEKS), np.array(OVER, bool), np.full(len(WEEKS), 3))
    many = kaplan_meier(np.repeat(WEEKS, 3), np.repeat(np.array(OVER, bool), 3), np.ones(3 * len(WEEKS), np.int64))
    assert np.array_equal(one.days, many.days)
    assert np.allclose([one.share, one.low, one.high], [many.share, many.low, many.high])


def test_a_counted_share_has_its_exact_interval():
    rate = Rate(10, 50)
    assert (rate.share, round(rate.low, 4), round(rate.high, 4)) == (0.2, 0.1003, 0.3372)
