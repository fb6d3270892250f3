"""Which kind of relationship data show: departures seen, purchases at fixed opportunities, or on any day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from regulars.words import T

Ints = npt.NDArray[np.int64]
Name = Literal["contractual", "discrete", "continuous", "unknown"]
Unit = Literal["week", "month", "year"]

FEWEST = 100
"""Repeat purchases below which nothing is said."""
NARROW = 0.25
"""Opportunities are fixed where purchases fall on this part of the days at most, as they would spread by chance."""
OFTEN = 0.05
"""Of the opportunities that customers used, the part at most in which somebody bought on several days."""
FEWEST_TIMES = 4
"""Weeks, months or years with purchases that it takes to see opportunities return."""
OWN = 0.8
"""Customers keep a rhythm of their own where this part of their gaps, or more, are whole periods."""
DAYS: dict[Unit, float] = {"week": 7.0, "month": 365.25 / 12, "year": 365.25}
TOLERANCE: dict[Unit, float] = {"week": 0.0, "month": 3.0, "year": 7.0}
"""Days by which a gap may miss whole periods."""
CALLED: dict[Unit, T] = {
    "week": T(zh="周", en="week"),
    "month": T(zh="月", en="month"),
    "year": T(zh="年", en="year"),
}


@dataclass(frozen=True)
class Kind:
    """The kind of relationship, why, and the numbers behind it.

    Parameters
    ----------
    name
        "contractual": departures are seen. "discrete": purchases come at fixed opportunities only. "continuous": on any
        day. "unknown": too little to tell.
    reason
        The evidence in words.
    unit
        How often an opportunity returns, where they are fixed; each customer's own day where `shared` is False.
    figures
        The evidence in numbers, by name.
    """

    name: Name
    reason: T
    unit: Unit | None = None
    shared: bool = True
    figures: dict[str, float] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what a card carries."""
        return {
            "kind": self.name,
            "reason": self.reason.as_dict(),
            "unit": self.unit,
            "shared": self.shared if self.unit else None,
            "figures": self.figures or {},
            "fits": FITS[self.name].as_dict(),
        }


FITS = {
    "contractual": T(
        zh="适合合同模型 sBG、BdW：regulars contracts", en="models of contracts fit: sBG, BdW (regulars contracts)"
    ),
    "discrete": T(
        zh="适合 BG/BB（库里的 BetaGeoBetaBinomial）；若有到期日，用 regulars contracts",
        en="BG/BB fits (BetaGeoBetaBinomial of the library); where ends are known, regulars contracts",
    ),
    "continuous": T(
        zh="适合 MBG/NBD、Pareto/NBD、BG/NBD：regulars value", en="MBG/NBD, Pareto/NBD, BG/NBD fit (regulars value)"
    ),
    "unknown": T(zh="先按随时可买来估计", en="taken as if purchases came on any day"),
}


def kind_of_contracts(periods: Ints, ended: npt.NDArray[np.bool_]) -> Kind:
    """Return what a table of contract periods shows: departures are seen, however many there were so far.

    Parameters
    ----------
    periods, ended
        One element a relationship: renewals that came up, and whether the last was refused.
    """
    return Kind(
        "contractual",
        T(
            zh="到期 {n:,} 次，没有续的 {gone:,} 次：谁离开了看得到",
            en="{n:,} renewals came up and {gone:,} were refused: who has left is seen",
        ).format(n=int(periods.sum()), gone=int(ended.sum())),
        figures={"renewals": float(periods.sum()), "refused": float(ended.sum())},
    )


def kind_of_purchases(customer: Ints, day: Ints) -> Kind:
    """Return what purchases show: fixed opportunities, shared or each customer's own, or any day.

    Parameters
    ----------
    customer, day
        One element an occasion: who, as whole numbers, and days since 1970.

    Notes
    -----
    **Shared.** Two repeat purchases of different customers are drawn: the chance that they fall on the same day of the
    week, month or year, inverted, is the number of days that purchases effectively spread over (Simpson 1949). Where
    that is a quarter of the days or less, where the times return at least four times, and where hardly anybody buys on
    two days of one, opportunities are fixed; of the units that show it the shortest is taken. A shop that is closed on
    some days of the week still spreads over the others.

    **Own.** Where eight in ten of a customer's gaps, over all customers, are whole weeks, months or years, each has a
    day of their own, as subscriptions have. Chance alone makes one in seven gaps whole weeks, one in four months.
    """
    order = np.lexsort((day, customer))
    who, when = customer[order], day[order]
    again = np.append(False, who[1:] == who[:-1])
    gaps = (when - np.append(when[:1], when[:-1]))[again]
    who, when = who[again], when[again]
    if len(when) < FEWEST:
        return Kind(
            "unknown",
            T(
                zh=f"回头购买只有 {len(when)} 次，至少要 {FEWEST} 次才看得出",
                en=f"{len(when)} repeat purchases, and it takes {FEWEST} to tell",
            ),
        )
    figures: dict[str, float] = {"repeat_purchases": float(len(when))}
    units: tuple[Unit, ...] = ("week", "month", "year")
    for unit in units:
        phase, time = _places(when, unit)
        spread = _effective(who, phase) / DAYS[unit]
        several = _several(who, time)
        figures |= {f"days_used_{unit}": spread, f"bought_twice_{unit}": several}
        if spread <= NARROW and several <= OFTEN and len(np.unique(time)) >= FEWEST_TIMES:
            return Kind("discrete", _shared(unit, spread, several), unit, True, figures)
    for unit in reversed(units):
        long = gaps >= 0.7 * DAYS[unit]
        nearest = np.rint(gaps / DAYS[unit]) * DAYS[unit]
        own = float(np.mean(long & (np.abs(gaps - nearest) <= TOLERANCE[unit] + 0.5 * (unit != "week"))))
        figures[f"whole_{unit}s"] = own
        if own >= OWN:
            return Kind("discrete", _own(unit, own), unit, False, figures)
    return Kind("continuous", _any_day(figures), None, True, figures)


def _places(when: Ints, unit: Unit) -> tuple[Ints, Ints]:
    """Return the day within the unit, and which week, month or year it was."""
    if unit == "week":
        return (when + 3) % 7, (when + 3) // 7
    days = when.astype("datetime64[D]")
    start = days.astype("datetime64[M]" if unit == "month" else "datetime64[Y]")
    return (days - start.astype("datetime64[D]")).astype(np.int64), start.astype(np.int64)


def _effective(who: Ints, phase: Ints) -> float:
    """Return over how many days purchases of different customers effectively spread; infinite where none coincide."""

    def pairs(counts: Ints) -> float:
        return float(np.sum(counts.astype(np.float64) ** 2))

    together = np.unique(np.stack([who, phase]), axis=1, return_counts=True)[1]
    same = pairs(np.bincount(phase)) - pairs(together)
    every = float(len(who)) ** 2 - pairs(np.unique(who, return_counts=True)[1])
    return every / same if same > 0 else float("inf")


def _several(who: Ints, time: Ints) -> float:
    """Return the part of used opportunities in which a customer bought on several days."""
    counts = np.unique(np.stack([who, time]), axis=1, return_counts=True)[1]
    return float(np.mean(counts > 1))


def _shared(unit: Unit, spread: float, several: float) -> T:
    return T(
        zh="所有客户的购买集中在每{unit}里 {spread:.0%} 的日子，一{unit}里买两天的只有 {several:.1%}：只在固定的时候买",
        en="all customers' purchases fall on {spread:.0%} of the days of a {unit}, and on two days of one in "
        "{several:.1%} of cases: they come at fixed opportunities",
    ).format(unit=CALLED[unit], spread=spread, several=several)


def _own(unit: Unit, own: float) -> T:
    return T(
        zh="{own:.0%} 的间隔是整{unit}：每位客户有自己固定的日子，像订阅或合同",
        en="{own:.0%} of the gaps are whole {unit}s: each customer has a day of their own, as under a subscription",
    ).format(unit=CALLED[unit], own=own)


def _any_day(figures: dict[str, float]) -> T:
    return T(
        zh="购买散在一周 {week:.0%}、一月 {month:.0%} 的日子里，整月的间隔只占 {own:.0%}：随时可买",
        en="purchases spread over {week:.0%} of the days of a week and {month:.0%} of a month, and {own:.0%} of the "
        "gaps are whole months: they come on any day",
    ).format(
        week=min(figures["days_used_week"], 1.0),
        month=min(figures["days_used_month"], 1.0),
        own=figures["whole_months"],
    )
