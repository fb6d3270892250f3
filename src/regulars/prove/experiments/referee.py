"""The referee: campaigns whose effect is known, read blind; how often intervals, looks and designs keep their word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri

from regulars.prove.experiments.arrays import moments_of
from regulars.prove.experiments.comparing import Difference, compare
from regulars.prove.experiments.design import required_size
from regulars.prove.experiments.looks import Looks
from regulars.simulate.campaigns import Campaign, Lived, run_campaign, watch_campaign

DAYS = 28
WORLDS: dict[str, Campaign] = {
    "an offer that pays": Campaign(persuadable=0.5, lift=1.2),
    "no effect at all": Campaign(discount=0.0, lift=0.0, pulled=0.0),
    "given away to sure buyers": Campaign(persuadable=0.0, discount=0.2),
    "orders pulled forward": Campaign(persuadable=0.1, pulled=0.6),
    "a control group of a tenth": Campaign(control_share=0.1, customers=4000),
    "80 left alone of 800": Campaign(control_share=0.1, customers=800),
    "two to a household": Campaign(household=2, customers=4000),
}
"""Campaigns that intervals are tested on."""


@dataclass(frozen=True, slots=True)
class Read:
    """One campaign read: whether each interval held the true effect, and what the readings said.

    `plain` by strata alone, `adjusted` for what the customers brought before, too; `early` is the reading of
    the offer's weeks alone, held against the effect of the whole window.
    """

    plain_inside: bool
    adjusted_inside: bool
    early_inside: bool
    plain_error: float
    adjusted_error: float
    plain_width: float
    adjusted_width: float
    says_more: bool
    says_less: bool


def read_campaign(campaign: Campaign, *, alpha: float = 0.05) -> Read:
    """Let a campaign happen and read it, blind to its truth."""
    lived = run_campaign(campaign)
    truth = campaign.effect
    plain = _compare(lived, "profit", adjust=False, household=campaign.household > 1)
    better = _compare(lived, "profit", adjust=True, household=campaign.household > 1)
    early = _compare(lived, "early", adjust=True, household=campaign.household > 1)
    (low, high), (best_low, best_high), (first, last) = (d.interval(alpha) for d in (plain, better, early))
    return Read(
        low <= truth <= high, best_low <= truth <= best_high, first <= truth <= last,
        plain.estimate - truth, better.estimate - truth, high - low, best_high - best_low,
        best_low > 0, best_high < 0,
    )  # fmt: skip


def _compare(lived: Lived, outcome: str, *, adjust: bool, household: bool) -> Difference:
    moments = moments_of(
        lived.contacted,
        {outcome: getattr(lived, outcome)},
        {"before": lived.before} if adjust else None,
        strata=lived.stratum,
        household=lived.household if household else None,
    )
    return compare(moments, arm="True", control="False", outcome=outcome)


@dataclass(frozen=True, slots=True)
class Watched:
    """A campaign without effect, looked at every day: whether it raised a false alarm, by rule.

    `naive` takes each day's interval as if it were the only one. `arriving` has a share of the customers join each
    day, `same` the same customers' profit grow from day to day.
    """

    naive: bool
    obrien_fleming: bool
    pocock: bool
    bonferroni: bool


def watch(campaign: Campaign, *, arriving: bool, alpha: float = 0.05, days: int = DAYS) -> Watched:
    """Read a campaign without effect every day and say who would have stopped it."""
    contacted, profit = watch_campaign(campaign, days)
    z = np.array([_surprise(*each) for each in _days(contacted, profit, arriving)])
    found = [(z > Looks.equal(days, alpha=alpha, spending=how).boundaries).any()
             for how in ("obrien-fleming", "pocock", "bonferroni")]  # fmt: skip
    naive = (z > Looks.equal(1, alpha=alpha).boundaries[0]).any()
    return Watched(bool(naive), *(bool(each) for each in found))


def _days(contacted: np.ndarray, profit: np.ndarray, arriving: bool) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    days = profit.shape[1]
    so_far = np.cumsum(profit, axis=1)
    for day in range(1, days + 1):
        if arriving:
            n = contacted.size * day // days
            yield contacted[:n], so_far[:n, -1]
        else:
            yield contacted, so_far[:, day - 1]


def _surprise(contacted: np.ndarray, profit: np.ndarray) -> float:
    """Return the standard errors that a normal law would need for the same probability as Student's."""
    found = compare(moments_of(contacted, {"profit": profit}), arm="True", control="False", outcome="profit")
    return float(-ndtri(found.p_value() / 2))


@dataclass(frozen=True, slots=True)
class Powered:
    """A campaign of the size that the design asked for: its size, and whether the effect was shown."""

    customers: int
    shown: bool


TO_FIND = 0.15
"""The difference that designs are tried with, in standard deviations of a customer's profit."""


PAST = 20_000
"""Customers of an earlier campaign, from whom what covariates explain is taken."""


def explained_before(campaign: Campaign) -> float:
    """Return the share of variance that what customers brought before explains, from a large campaign."""
    lived = run_campaign(replace(_quiet(campaign), customers=PAST))
    found = compare(
        moments_of(lived.contacted, {"profit": lived.profit}, {"before": lived.before}),
        arm="True", control="False", outcome="profit",
    )  # fmt: skip
    return 1 - (found.se / found.plain) ** 2


def _quiet(campaign: Campaign) -> Campaign:
    return replace(campaign, discount=0.0, lift=0.0, pulled=0.0)


def try_design(campaign: Campaign, *, power: float = 0.8, explained: float = 0.0, looks: int = 1) -> Powered:
    """Plan a campaign from the customers' own variance, let it bring everybody contacted the same, and read it.

    With `explained` the reading is adjusted for what the customers brought before; with several `looks` it is read as
    customers join, until a boundary is crossed.
    """
    quiet = _quiet(campaign)
    difference = TO_FIND * quiet.sd_before()
    design = required_size(
        sd=quiet.sd_before(), difference=difference, control_share=quiet.control_share, power=power,
        explained=explained, looks=looks if looks > 1 else None,
    )  # fmt: skip
    lived = run_campaign(replace(quiet, customers=design.customers))
    profit = lived.profit + difference * lived.contacted
    order = np.random.default_rng([campaign.seed, 23]).permutation(design.customers)
    plan = Looks.equal(looks)
    for look, time in enumerate(plan.times, 1):
        read = order[: round(time * design.customers)]
        before = {"before": lived.before[read]} if explained else None
        found = compare(
            moments_of(lived.contacted[read], {"profit": profit[read]}, before),
            arm="True", control="False", outcome="profit",
        )  # fmt: skip
        if found.estimate > 0 and found.p_value() <= plan.alpha_at(look):
            return Powered(design.customers, True)
    return Powered(design.customers, False)
