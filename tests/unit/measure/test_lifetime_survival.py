"""Kaplan–Meier curves and counted shares."""

import numpy as np
import pytest

from regulars.errors import InputError
from regulars.measure.lifetime.survival import kaplan_meier
from regulars.prove.rate import Rate

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


def ones(n):
    return np.ones(n, np.int64)


def test_the_restricted_mean_of_the_same_patients():
    """R's survfit prints rmean 23.29 with standard error 2.83 up to week 35."""
    mean = kaplan_meier(np.array(WEEKS), np.array(OVER, bool), ones(21)).restricted_mean()
    assert (round(mean.value, 2), mean.until, mean.closed) == (23.29, 35, False)
    assert (mean.high - mean.value) / 1.959964 == pytest.approx(2.83, abs=0.005)


def test_where_all_are_seen_to_leave_the_mean_is_the_mean_and_nothing_is_missing():
    stays = np.array([1, 2, 2, 5, 9])
    curve = kaplan_meier(stays, np.ones(5, bool), ones(5))
    mean = curve.restricted_mean()
    assert mean.value == pytest.approx(stays.mean())
    assert (mean.until, mean.closed) == (9, True)
    # who leaves at the n-th renewal has renewed n − 1 times
    assert curve.expected_renewals(0) == (pytest.approx(stays.mean() - 1), True)
    assert curve.expected_renewals(2)[0] == pytest.approx((4 + 8) / 2 - 2)


def test_renewals_beyond_what_is_seen_are_said_to_be_missing():
    curve = kaplan_meier(np.array([1, 2, 4, 4]), np.array([True, True, False, False]), ones(4))
    value, whole = curve.expected_renewals(0, discount=0.1)
    assert value == pytest.approx(0.75 / 1.1 + 0.5 / 1.1**2 + 0.5 / 1.1**3 + 0.5 / 1.1**4)
    assert not whole
    with pytest.raises(InputError, match="Use a model"):
        curve.expected_renewals(5)
    with pytest.raises(InputError, match="ends at 4"):
        curve.restricted_mean(6)


def test_who_came_into_view_late_says_nothing_of_the_time_before():
    """Of customers who joined long before the file begins, only those who stayed are in it."""
    rng = np.random.default_rng(3)
    left, entered = rng.geometric(0.2, 40_000), rng.integers(0, 12, 40_000)
    seen = left > entered  # the others had gone before anybody looked
    plain = kaplan_meier(left[seen], np.ones(seen.sum(), bool), ones(seen.sum()))
    late = kaplan_meier(left[seen], np.ones(seen.sum(), bool), ones(seen.sum()), entered[seen])
    assert late.at(5)[0] == pytest.approx(0.8**5, abs=0.01)
    assert plain.at(5)[0] > 0.8**5 + 0.05


def test_a_counted_share_has_its_exact_interval():
    rate = Rate(10, 50)
    assert (rate.share, round(rate.low, 4), round(rate.high, 4)) == (0.2, 0.1003, 0.3372)
