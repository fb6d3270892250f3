"""A small fixed set of what `make calibrate` does at length; a right method breaks a bound once in a thousand runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from regulars.prove.experiments.referee import WORLDS, explained_before, read_campaign, try_design, watch
from regulars.simulate.campaigns import Campaign, run_campaign

RUNS = 150


def within(hits, runs, share):
    low, high = binom.ppf([0.0005, 0.9995], runs, share)
    return low <= hits <= high


@pytest.mark.parametrize("world", ["an offer that pays", "given away to sure buyers", "orders pulled forward"])
def test_intervals_hold_the_effect_of_the_whole_window(world):
    found = [read_campaign(replace(WORLDS[world], seed=7_000 + k)) for k in range(RUNS)]
    assert within(sum(each.plain_inside for each in found), RUNS, 0.95)
    assert within(sum(each.adjusted_inside for each in found), RUNS, 0.95)
    assert np.mean([each.adjusted_width for each in found]) < 0.85 * np.mean([each.plain_width for each in found])
    assert sum(each.early_inside for each in found) < RUNS / 4  # what a window that ends with the offer would say


def test_households_are_read_as_such():
    found = [read_campaign(replace(WORLDS["two to a household"], seed=7_000 + k)) for k in range(RUNS)]
    assert within(sum(each.adjusted_inside for each in found), RUNS, 0.95)


@pytest.mark.parametrize("arriving", [True, False])
def test_daily_looks_keep_false_alarms_where_naive_ones_do_not(arriving):
    quiet = Campaign(customers=1500, discount=0.0, lift=0.0, pulled=0.0)
    found = [watch(replace(quiet, seed=7_000 + k), arriving=arriving, days=14) for k in range(RUNS)]
    most = binom.ppf(0.999, RUNS, 0.05)
    assert sum(each.obrien_fleming for each in found) <= most
    assert sum(each.pocock for each in found) <= most
    assert sum(each.bonferroni for each in found) <= most
    assert sum(each.naive for each in found) > most


@pytest.mark.parametrize("options", [{}, {"explained": 0.47}])
def test_designs_have_the_power_they_promise(options):
    found = [try_design(Campaign(seed=7_000 + k), **options) for k in range(RUNS)]
    assert within(sum(each.shown for each in found), RUNS, 0.8)


def test_what_history_explains_is_about_a_half():
    assert explained_before(Campaign(seed=1)) == pytest.approx(0.47, abs=0.1)


def test_a_campaign_is_what_its_law_says():
    """Mean and spread of 200,000 customers left alone, and the difference to those contacted."""
    campaign = Campaign(customers=400_000, control_share=0.5, household=1)
    lived = run_campaign(campaign)
    left, contacted = lived.profit[~lived.contacted], lived.profit[lived.contacted]
    weeks = campaign.offer + campaign.after
    assert left.mean() == pytest.approx(campaign.margin_rate * weeks * campaign.usual, rel=0.02)
    assert left.std() == pytest.approx(campaign.sd_before(), rel=0.05)
    assert contacted.mean() - left.mean() == pytest.approx(campaign.effect, abs=4.5 * 0.45)
