"""How long until something happens, where for some it has not happened yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints

Z = 1.959963984540054
"""The normal distribution's point of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A step function of days with pointwise 95 % intervals: from `days[i]` on it is `share[i]`.

    ``at_risk[i]`` customers were still seen just before `days[i]`; beyond `last` nobody was seen any more.
    """

    days: Ints
    share: Floats
    low: Floats
    high: Floats
    at_risk: Ints
    last: int

    def at(self, day: int) -> tuple[float, float, float] | None:
        """Return share, low and high on that day; None beyond the last day that anybody was seen."""
        if day > self.last:
            return None
        i = int(np.searchsorted(self.days, day, side="right")) - 1
        return float(self.share[i]), float(self.low[i]), float(self.high[i])

    def seen_at(self, day: int) -> int:
        """Return how many customers were seen for that long or longer."""
        i = int(np.searchsorted(self.days, day, side="left"))
        return int(self.at_risk[i]) if i < len(self.days) else 0

    def complement(self) -> Curve:
        """Return one minus the curve: what has happened instead of what has not."""
        return Curve(self.days, 1.0 - self.share, 1.0 - self.high, 1.0 - self.low, self.at_risk, self.last)

    def median(self) -> int | None:
        """Return the first day on which the curve is at a half or below; None where it never is."""
        below = np.flatnonzero(self.share <= 0.5)
        return int(self.days[below[0]]) if len(below) else None


def kaplan_meier(durations: Ints, happened: npt.NDArray[np.bool_], counts: Ints) -> Curve:
    """Return the part to which it has not happened yet, by days; the product-limit estimate.

    Parameters
    ----------
    durations
        Days until it happened, or until the customer was last seen.
    happened
        Whether it happened.
    counts
        How many customers each entry stands for.

    Notes
    -----
    Intervals are Greenwood's on the log(−log) scale. Where all have gone the interval is the point 0. Who was last
    seen on a day counts as seen on it.

    References
    ----------
    Kaplan & Meier (1958); Kalbfleisch & Prentice (2002), The Statistical Analysis of Failure Time Data, 1.4.
    """
    days, place = np.unique(np.append(durations, 0), return_inverse=True)
    place = place[:-1]
    every = np.bincount(place, weights=counts, minlength=len(days))
    events = np.bincount(place, weights=counts * happened, minlength=len(days))
    at_risk = every[::-1].cumsum()[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.cumprod(np.where(at_risk > 0, 1.0 - events / at_risk, 1.0))
        variance = np.cumsum(np.where(at_risk > events, events / (at_risk * (at_risk - events)), 0.0))
        spread = Z * np.sqrt(variance) / np.log(share)
        low, high = share ** np.exp(-spread), share ** np.exp(spread)
    certain = (share <= 0) | (share >= 1)
    low, high = np.where(certain, share, low), np.where(certain, share, high)
    last = int(days[-1])
    return Curve(days.astype(np.int64), share, low, high, at_risk.astype(np.int64), last)
