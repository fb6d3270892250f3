"""Kevin Hillstrom's e-mail test (MineThatData, 2008): 64,000 customers in three arms at random, two weeks of outcomes.

Rates and spend a head: the published means. Differences and intervals: Welch's, refitted row by row with NumPy here.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from regulars.prove.experiments import analyse

ARMS = {"Mens E-Mail": (0.1828, 1.4226), "Womens E-Mail": (0.1514, 1.0772), "No E-Mail": (0.1062, 0.6528)}
SHARES = dict.fromkeys(ARMS, 1 / 3)
INTERVALS = {
    ("Mens E-Mail", "spend"): (0.7698, 0.4851, 1.0545),
    ("Womens E-Mail", "spend"): (0.4244, 0.1690, 0.6799),
    ("Mens E-Mail", "visit"): (0.0766, 0.0700, 0.0832),
    ("Womens E-Mail", "visit"): (0.0452, 0.0389, 0.0516),
}


@pytest.fixture(scope="module")
def table(test_data):
    return pl.read_parquet(test_data / "hillstrom_email.parquet")


@pytest.fixture(scope="module")
def reading(table):
    return analyse(
        table, arm="segment", control="No E-Mail", outcomes=["spend", "visit"], key="customer_id", shares=SHARES
    )


@pytest.mark.parametrize("arm", ["Mens E-Mail", "Womens E-Mail"])
def test_visits_and_spend_a_head(reading, arm):
    visit, spend = (reading.effect(arm, name) for name in ("visit", "spend"))
    assert (round(visit.mean, 4), round(spend.mean, 4)) == ARMS[arm]
    assert (round(visit.control_mean, 4), round(spend.control_mean, 4)) == ARMS["No E-Mail"]


@pytest.mark.parametrize(("arm", "outcome"), INTERVALS)
def test_differences_with_their_intervals(reading, table, arm, outcome):
    found = reading.effect(arm, outcome)
    assert (round(found.difference, 4), round(found.low, 4), round(found.high, 4)) == INTERVALS[arm, outcome]
    y, z = (table.filter(pl.col("segment") == a)[outcome].cast(pl.Float64).to_numpy() for a in (arm, "No E-Mail"))
    assert found.se == pytest.approx(np.sqrt(y.var(ddof=1) / y.size + z.var(ddof=1) / z.size), rel=1e-9)


def test_both_mailings_are_proved_and_the_arms_fit_their_shares(reading):
    assert {verdict.kind.value for verdict in reading.verdicts.values()} == {"proved"}
    assert reading.mismatch.p_value == pytest.approx(0.9037, abs=1e-4)


def test_what_was_known_before_narrows_the_interval(table, reading):
    adjusted = analyse(
        table, arm="segment", control="No E-Mail", outcomes=["visit"], covariates=["recency", "history"],
        strata="channel",
    )  # fmt: skip
    for arm in ("Mens E-Mail", "Womens E-Mail"):
        assert adjusted.effect(arm).se < reading.effect(arm, "visit").se
        assert adjusted.effect(arm).difference == pytest.approx(reading.effect(arm, "visit").difference, abs=0.0005)
