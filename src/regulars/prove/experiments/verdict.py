"""What an experiment says, in one of four words; there is no fifth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from regulars.words import T

FEWEST_UNITS = 30
"""Customers (or households) that each arm must have before anything is said."""
FEWEST_NONZERO = 10
"""Customers of both arms together who must have anything at all in the outcome."""
HOPELESS = 100
"""Times as many customers beyond which a number of them is no advice any more."""
POWER_TO_CONCLUDE = 0.8


class Kind(StrEnum):
    """The four verdicts."""

    PROVED = "proved"
    LOST = "lost"
    INCONCLUSIVE = "inconclusive"
    NOT_ENOUGH = "not_enough"


TITLES = {
    Kind.PROVED: T(zh="有效", en="Proved"),
    Kind.LOST: T(zh="亏损", en="Lost money"),
    Kind.INCONCLUSIVE: T(zh="尚无定论", en="Inconclusive"),
    Kind.NOT_ENOUGH: T(zh="数据不足", en="Not enough data"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict and why; `more` is how many more customers would settle it, for an inconclusive one.

    `more` is None where no number of them is advice: the effect is too close to nothing, or the arms are not what they
    should be.
    """

    kind: Kind
    why: T
    more: int | None = None

    @property
    def title(self) -> T:
        """The verdict in words, one of four."""
        return TITLES[self.kind]

    def as_dict(self) -> dict[str, object]:
        """Return the verdict for JSON."""
        return {
            "kind": self.kind.value,
            "title": self.title.as_dict(),
            "why": self.why.as_dict(),
            "more": self.more,
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict is passed on: the net difference per assigned customer of the outcome that decides.

    Parameters
    ----------
    net, se
        Net of the arm's cost, with its standard error.
    p_adjusted
        Two-sided, adjusted for several arms and for looks: significant where it is at most `alpha`.
    units, nonzero
        Of the smaller arm; of both arms together.
    customers
        Assigned to both arms.
    worthwhile
        The smallest net difference worth having, where one was declared.
    """

    net: float
    se: float
    p_adjusted: float
    alpha: float
    units: int
    nonzero: int
    customers: int
    suspicious: bool = False
    last_look: bool = True
    worthwhile: float | None = None


def judge(evidence: Evidence) -> Verdict:
    """Pass the verdict.

    Notes
    -----
    Proved and Lost money need a difference from zero that survives the correction. How many more customers settle an
    inconclusive one is reckoned for a power of 80 %, taking the smallest worthwhile difference where one was declared,
    else the difference seen so far, which may itself be far off.
    """
    e = evidence
    if e.units < FEWEST_UNITS:
        return Verdict(Kind.NOT_ENOUGH, _FEW_UNITS.format(units=e.units, fewest=FEWEST_UNITS))
    if not enough(e.units, e.nonzero, e.se):
        return Verdict(Kind.NOT_ENOUGH, _FEW_NONZERO.format(n=e.nonzero))
    if e.suspicious:
        return Verdict(Kind.INCONCLUSIVE, _MISMATCH)
    if e.p_adjusted <= e.alpha:
        return Verdict(Kind.PROVED, _PROVED) if e.net > 0 else Verdict(Kind.LOST, _LOST)
    more = customers_to_conclude(e)
    if not e.last_look:
        return Verdict(Kind.INCONCLUSIVE, _EARLY, more)
    return Verdict(Kind.INCONCLUSIVE, _NOT_YET.format(n=f"{more:,}") if more else _HOPELESS, more)


def enough(units: int, nonzero: int, se: float) -> bool:
    """Return whether there is enough for an interval: 30 units in the smaller arm, 10 customers with any outcome."""
    return units >= FEWEST_UNITS and nonzero >= FEWEST_NONZERO and se > 0


def customers_to_conclude(evidence: Evidence) -> int | None:
    """Return how many more customers, in the same shares, would show the difference with a power of 80 %."""
    e = evidence
    aim = abs(e.worthwhile or e.net)
    if aim <= 0:
        return None
    normal = NormalDist()
    reach = (normal.inv_cdf(1 - e.alpha / 2) + normal.inv_cdf(POWER_TO_CONCLUDE)) * e.se / aim
    more = e.customers * (reach**2 - 1)
    return None if more > HOPELESS * e.customers else max(1, int(-(-more // 1)))


_FEW_UNITS = T(
    zh="较小的一组只有 {units} 位，少于 {fewest} 位不作判断。",
    en="The smaller arm has {units}; below {fewest} nothing is said.",
)
_FEW_NONZERO = T(
    zh="两组合起来只有 {n} 位有结果：区间还靠不住。",
    en="Only {n} in both arms have any outcome at all: an interval could not be trusted.",
)
_MISMATCH = T(
    zh="各组人数和分组比例对不上，不像是偶然：先查明原因，再谈结果。",
    en="The arms do not have the sizes they should, beyond chance: find out why before reading any result.",
)
_PROVED = T(
    zh="扣掉给出的成本，比对照组多，不像是偶然。",
    en="More than control, net of the costs that were given, beyond what chance explains.",
)
_LOST = T(
    zh="扣掉给出的成本，比对照组少，不像是偶然。",
    en="Less than control, net of the costs that were given, beyond what chance explains.",
)
_EARLY = T(
    zh="还没跨过这次查看的界线：等下一次事先定好的查看。",
    en="The boundary of this look is not crossed: wait for the next declared one.",
)
_NOT_YET = T(
    zh="差别还可能是偶然。如果真有这么大，再要约 {n} 位客户才看得清。",
    en="The difference may still be chance. If it is real, about {n} more customers would show it.",
)
_HOPELESS = T(
    zh="差别太接近零，再多一百倍的客户也看不清。",
    en="The difference is so close to nothing that a hundred times as many customers would not show it.",
)
