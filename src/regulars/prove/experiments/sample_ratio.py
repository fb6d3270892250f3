"""Whether the arms have as many customers as they should: if not, something beside chance chose who is in them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from scipy import stats

SUSPICIOUS = 0.001
"""Probability below which the sizes of the arms are not put down to chance."""
FEW = 5
"""Expected customers of an arm below which the chi-square law is not close enough and exact probabilities are used."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Sizes of the arms beside what their shares lead to expect, and the probability of a gap so large by chance."""

    counts: dict[str, int]
    expected: dict[str, float]
    p_value: float
    exact: bool

    @property
    def suspicious(self) -> bool:
        """Whether the reading cannot be trusted before the cause is found."""
        return self.p_value < SUSPICIOUS


def mismatch(counts: Mapping[str, int], shares: Mapping[str, float]) -> Mismatch:
    """Test the sizes of the arms against their shares.

    Parameters
    ----------
    counts
        Customers (or households, where these were assigned) of each arm.
    shares
        Share of each arm as planned; they are scaled to add up to one. An arm without share was not planned: any
        customer in it is a mismatch.

    Notes
    -----
    Pearson's chi-square test; where an arm is expected to have fewer than five, the exact binomial test of each arm
    with Bonferroni's correction (for two arms: the exact test). The threshold of 0.001 is the custom of online
    experiments. After systematic assignment the sizes vary less than under independent draws, so that the test says
    too little rather than too much.

    References
    ----------
    Pearson (1900). Fabijan et al. (2019), Diagnosing sample ratio mismatch in online controlled experiments, KDD.
    """
    n = sum(counts.values())
    whole = math.fsum(shares.values())
    arms = sorted(counts.keys() | shares.keys())
    expected = {arm: n * shares.get(arm, 0.0) / whole for arm in arms}
    seen = {arm: counts.get(arm, 0) for arm in arms}
    if any(expected[arm] <= 0 < seen[arm] for arm in arms):
        return Mismatch(seen, expected, 0.0, True)
    planned = [arm for arm in arms if expected[arm] > 0]
    if n == 0 or len(planned) < 2:
        return Mismatch(seen, expected, 1.0, True)
    if min(expected[arm] for arm in planned) < FEW:
        tests = len(planned) if len(planned) > 2 else 1
        smallest = min(float(stats.binomtest(seen[arm], n, expected[arm] / n).pvalue) for arm in planned)
        return Mismatch(seen, expected, min(1.0, tests * smallest), True)
    distance = math.fsum((seen[arm] - expected[arm]) ** 2 / expected[arm] for arm in planned)
    return Mismatch(seen, expected, float(stats.chi2.sf(distance, len(planned) - 1)), False)
