"""Differences between forecasts: paired, resampled over customers, the same for groups as for single customers."""

import numpy as np
import pytest

from regulars.prove.bootstrap import Difference, rmse_differences
from regulars.words import T

RNG = np.random.default_rng(4)
TRUTH = RNG.gamma(1.0, 2.0, 4000)
ACTUAL = RNG.poisson(TRUTH).astype(float)
ONES = np.ones(ACTUAL.size)


def test_its_spread_is_that_of_the_textbook():
    noise = RNG.normal(0, 0.5, ACTUAL.size)
    mse = {"a": (TRUTH - ACTUAL) ** 2, "b": (TRUTH + noise - ACTUAL) ** 2}
    found = rmse_differences({"a": TRUTH, "b": TRUTH + noise}, ACTUAL, ONES, against="a", seed=1, draws=2000)["b"]
    slopes = mse["b"] / (2 * np.sqrt(mse["b"].mean())) - mse["a"] / (2 * np.sqrt(mse["a"].mean()))
    error = slopes.std() / np.sqrt(ACTUAL.size)
    assert found.value == pytest.approx(np.sqrt(mse["b"].mean()) - np.sqrt(mse["a"].mean()))
    assert found.high - found.low == pytest.approx(2 * 1.645 * error, rel=0.1)
    assert "worse" in found.said(T(zh="乙", en="B"), "A")["en"]


def test_pairing_tells_what_two_errors_apart_cannot():
    found = rmse_differences({"a": TRUTH, "b": TRUTH + 0.2}, ACTUAL, ONES, against="a", seed=1)["b"]
    alone = rmse_differences({"a": TRUTH, "zero": 0 * TRUTH}, ACTUAL, ONES, against="a", seed=1)["zero"]
    assert found.high - found.low < 0.3 * (alone.high - alone.low)


def test_grouped_rows_stand_for_their_customers():
    rough, whole = np.round(TRUTH), np.stack([np.round(TRUTH), ACTUAL])
    rows, count = np.unique(whole, axis=1, return_counts=True)
    single = rmse_differences({"a": rough, "z": 0 * rough}, ACTUAL, ONES, against="a", seed=2, draws=2000)["z"]
    grouped = rmse_differences({"a": rows[0], "z": 0 * rows[0]}, rows[1], count, against="a", seed=2, draws=2000)["z"]
    assert grouped.value == pytest.approx(single.value)
    assert (grouped.low, grouped.high) == pytest.approx((single.low, single.high), abs=0.01)


def test_what_is_nothing_to_four_decimals_is_even_however_sure():
    sure = Difference(-0.00001, -0.00002, -0.000005)
    assert "equally close, but for chance: RMSE 0.0000" in sure.said(T(zh="乙 ", en="B"), "A")["en"]
    assert "came closer" in Difference(-0.0002, -0.0003, -0.0001).said(T(zh="乙 ", en="B"), "A")["en"]


def test_equal_forecasts_differ_by_nothing_and_say_so():
    found = rmse_differences({"a": TRUTH, "b": TRUTH}, ACTUAL, ONES, against="a", seed=1)["b"]
    assert (found.value, found.low, found.high) == (0, 0, 0)
    assert "equally close" in found.said(T(zh="乙 ", en="B"), "A")["en"]
    assert "分不出高下" in found.said(T(zh="乙 ", en="B"), "A")["zh"]
