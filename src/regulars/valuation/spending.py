"""How the worth of a purchase is forecast in a run: the ways compete where a share of the lines is sold below cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from regulars.engine import Frame, persist, release
from regulars.measure.current import Current
from regulars.measure.earned import occasion_profits
from regulars.measure.margin import Margin
from regulars.prove.earnings import Earnings, read_earnings
from regulars.prove.origins import Origin, Plan, hashed_sample
from regulars.prove.selection import SAMPLE
from regulars.prove.spending import (
    FITS,
    LOSING,
    NO_PROFIT,
    NORMAL_NORMAL,
    SpendChoice,
    choose_spend,
    default_spend,
)
from regulars.words import T


@dataclass(frozen=True)
class Spending:
    """The way chosen; where it is the profit model, what to fit it on."""

    choice: SpendChoice
    earned: Earnings | None = None


def profits_or_why(lines: Frame, occasions: Frame, current: Current, margin: Margin | None) -> Frame | T:
    """Return the profit of each occasion, stored, where losses let the ways compete; else why they do not."""
    if current.basis != "net_profit":
        return NO_PROFIT
    if current.losing < LOSING:
        return FITS.format(p=f"{current.losing:.1%}")
    return persist(occasion_profits(lines, occasions, margin))


def spending(profits: Frame | T, origins: Plan, *, as_of: date, n_customers: int, customers: Frame) -> Spending:
    """Choose on the earlier origins.

    Parameters
    ----------
    profits
        What `profits_or_why` found; given back to the engine.
    origins
        Those of the run: the last chooses nothing.
    as_of, n_customers, customers
        The valuation date, how many customers there are, and one row of each.
    """
    if isinstance(profits, T):
        return Spending(default_spend(profits))
    sample = hashed_sample(profits, size=SAMPLE, of=n_customers, customers=customers)
    try:
        earlier = [read_earnings(sample, each) for each in origins.choosing]
        last = None if origins.card is None else read_earnings(sample, origins.card)
        found = choose_spend(earlier, last)
        if found.name != NORMAL_NORMAL:
            return Spending(found)
        return Spending(found, read_earnings(profits, Origin(as_of, as_of)))
    finally:
        release(profits)
        if sample is not profits:
            release(sample)
