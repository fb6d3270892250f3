"""How long until something happens, where for some it has not happened yet: counted, without a model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regulars.errors import InputError
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints
from regulars.words import T

Z = 1.959963984540054
"""The normal distribution's point of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A mean as far as the curve goes, with its 95 % interval.

    `closed` says that nobody was left at the end: then it is the mean itself; else only the part up to `until`.
    """

    value: float
    low: float
    high: float
    until: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """A step function of days, or periods, with pointwise 95 % intervals: from `days[i]` on it is `share[i]`.

    ``at_risk[i]`` customers were still seen just before `days[i]`, of whom to ``events[i]`` it happened on it; beyond
    `last` nobody was seen any more.
    """

    days: Ints
    share: Floats
    low: Floats
    high: Floats
    at_risk: Ints
    events: Ints
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
        return Curve(self.days, 1.0 - self.share, 1.0 - self.high, 1.0 - self.low, self.at_risk, self.events, self.last)

    def median(self) -> int | None:
        """Return the first day on which the curve is at a half or below; None where it never is."""
        below = np.flatnonzero(self.share <= 0.5)
        return int(self.days[below[0]]) if len(below) else None

    @property
    def closed(self) -> bool:
        """Whether the curve reaches 0: nobody is left of whom the end is not known."""
        return bool(self.share[-1] <= 0.0)

    def restricted_mean(self, until: int | None = None) -> Seen:
        """Return the mean time up to `until` (default: the last day seen), the area under the curve.

        Raises
        ------
        InputError
            For an `until` that is negative or beyond what is seen.

        References
        ----------
        Klein & Moeschberger (2003), Survival Analysis, 4.5, with Greenwood's variance.
        """
        until = self.last if until is None else until
        if not 0 <= until <= self.last:
            raise InputError(
                T(
                    zh=f"只看到第 {self.last} 个单位时间，算不到 {until}",
                    en=f"what is seen ends at {self.last}, not at {until}",
                ),
                remedy=T(zh="给一个更早的时间。", en="Choose an earlier time."),
            )
        inside = self.days <= until
        widths = np.diff(np.append(self.days[inside], until)).astype(np.float64)
        areas = self.share[inside] * widths
        mean = float(areas.sum())
        ahead = areas[::-1].cumsum()[::-1]  # the area from each step on to `until`
        n, d = self.at_risk[inside].astype(np.float64), self.events[inside].astype(np.float64)
        open_ = n > d
        variance = float(np.sum(ahead[open_] ** 2 * d[open_] / (n[open_] * (n[open_] - d[open_]))))
        half = Z * variance**0.5
        return Seen(mean, max(mean - half, 0.0), min(mean + half, float(until)), until, self.closed)

    def expected_renewals(self, renewed: int, *, discount: float = 0.0, due_now: bool = False) -> tuple[float, bool]:
        """Return the discounted renewals to expect of who has renewed `renewed` times, of a curve in periods.

        The sum Σ S(n + k) / S(n) · vᵏ over the table. The second part says whether that is all: where customers are
        left at the end of what is seen, renewals beyond it are missing and the sum is a lower bound.

        Parameters
        ----------
        discount
            Rate a period.
        due_now
            The next renewal is due at once and not discounted; otherwise it lies one period ahead.

        Raises
        ------
        InputError
            For a negative discount, and where nobody is seen to have renewed so often.
        """
        now = self.at(renewed)
        if discount < 0 or now is None or now[0] <= 0.0:
            raise InputError(
                T(zh="期数超出了看到的范围，或折现率为负", en="beyond what is seen, or a negative discount"),
                remedy=T(zh="用模型推算更长的时间。", en="Use a model for what lies beyond."),
            )
        k = np.arange(1, self.last - renewed + 1, dtype=np.float64)
        place = np.searchsorted(self.days, renewed + k, side="right") - 1
        weight = (1.0 + discount) ** -(k - 1.0 if due_now else k)
        return float(np.sum(self.share[place] / now[0] * weight)), self.closed


def kaplan_meier(
    durations: Ints, happened: npt.NDArray[np.bool_], counts: Ints, entered: npt.ArrayLike | None = None
) -> Curve:
    """Return the part to which it has not happened yet, by days or periods; the product-limit estimate.

    Parameters
    ----------
    durations
        Days until it happened, or until the customer was last seen.
    happened
        Whether it happened.
    counts
        How many customers each entry stands for.
    entered
        Days after which the customer was under observation, 0 where None: who came into view later says nothing of
        the time before, since those who had gone by then are not among the customers seen.

    Notes
    -----
    Intervals are Greenwood's on the log(−log) scale. Where all have gone the interval is the point 0. Who was last
    seen on a day counts as seen on it.

    References
    ----------
    Kaplan & Meier (1958); Kalbfleisch & Prentice (2002), The Statistical Analysis of Failure Time Data, 1.4; Tsai,
    Jewell & Wang (1987) for late entry.
    """
    days, place = np.unique(np.append(durations, 0), return_inverse=True)
    place = place[:-1]
    every = np.bincount(place, weights=counts, minlength=len(days))
    events = np.bincount(place, weights=counts * happened, minlength=len(days))
    at_risk = every[::-1].cumsum()[::-1]
    if entered is not None:
        first = np.searchsorted(days, np.asarray(entered), side="right")  # at risk from the first day after
        at_risk = at_risk - np.bincount(first, weights=counts, minlength=len(days) + 1)[::-1].cumsum()[::-1][1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.cumprod(np.where(at_risk > 0, 1.0 - events / at_risk, 1.0))
        variance = np.cumsum(np.where(at_risk > events, events / (at_risk * (at_risk - events)), 0.0))
        spread = Z * np.sqrt(variance) / np.log(share)
        low, high = share ** np.exp(-spread), share ** np.exp(spread)
    certain = (share <= 0) | (share >= 1)
    low, high = np.where(certain, share, low), np.where(certain, share, high)
    last = int(days[-1])
    steps, risk, gone = (values.astype(np.int64) for values in (days, at_risk, events))
    return Curve(steps, share, low, high, risk, gone, last)
