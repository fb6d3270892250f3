"""Reading an experiment more than once without fooling oneself: looks declared before, each with its own boundary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from regulars.errors import InputError
from regulars.words import T

Floats = NDArray[np.float64]
Spending = Literal["obrien-fleming", "pocock", "bonferroni"]
SPENDINGS: tuple[Spending, ...] = ("obrien-fleming", "pocock", "bonferroni")

FARTHEST = 8.0
"""Standard errors beyond which a boundary is as good as none (chance 10⁻¹⁵)."""
POINTS = 160
"""Points of the Gauss–Legendre rule between the boundaries of a look; doubling them moves no fifth decimal."""
MOST_LOOKS = 400


@dataclass(frozen=True)
class Looks:
    """Times at which an experiment is read, declared before it starts, and how wrong alarms are spread over them.

    Parameters
    ----------
    times
        Share of the final information (customers read so far over those in all) at each look, ascending to 1.
    alpha
        Two-sided probability of a false alarm over all looks together.
    spending
        "obrien-fleming" spends next to nothing early and reads at the end almost as if there had been no look;
        "pocock" spends evenly and stops earlier; "bonferroni" divides alpha by the number of looks.

    Raises
    ------
    InputError
        For times that do not ascend from above 0 to 1, or an alpha that is none.

    References
    ----------
    Lan & DeMets (1983), Discrete sequential boundaries for clinical trials, Biometrika 70. Armitage, McPherson & Rowe
    (1969), JRSS A 132, for the recursion. Jennison & Turnbull (2000), Group Sequential Methods, ch. 7 and 19.
    """

    times: tuple[float, ...]
    alpha: float = 0.05
    spending: Spending = "obrien-fleming"

    def __post_init__(self) -> None:
        steps = np.diff((0.0, *self.times))
        if not self.times or len(self.times) > MOST_LOOKS or (steps <= 0).any() or abs(self.times[-1] - 1) > 1e-9:
            raise InputError(
                T(zh="查看的时点要从小到大、以 1 结束", en="the times of the looks ascend and end with 1"),
                remedy=T(zh=f"写成 0.5, 1 这样，最多 {MOST_LOOKS} 次。", en=f"Such as 0.5, 1; at most {MOST_LOOKS}."),
            )
        if not 0 < self.alpha < 1:
            raise InputError(
                T(zh=f"误报率不能是 {self.alpha}", en=f"the rate of false alarms cannot be {self.alpha}"),
                remedy=T(zh="写成 0.05 这样。", en="Write it like 0.05."),
            )

    @classmethod
    def equal(cls, number: int, *, alpha: float = 0.05, spending: Spending = "obrien-fleming") -> Looks:
        """Return `number` looks at equal distances."""
        return cls(tuple(k / number for k in range(1, number + 1)), alpha, spending)

    @cached_property
    def spent(self) -> Floats:
        """Probability of a false alarm by each look and before, for both sides together."""
        t = np.asarray(self.times)
        half = self.alpha / 2
        if self.spending == "obrien-fleming":
            return np.asarray(4 * ndtr(ndtri(half / 2) / np.sqrt(t)))
        if self.spending == "pocock":
            return np.asarray(2 * half * np.log1p((np.e - 1) * t))
        return self.alpha * np.arange(1, t.size + 1) / t.size

    @cached_property
    def boundaries(self) -> Floats:
        """Standard errors that the difference must be away from zero at each look."""
        if self.spending == "bonferroni":
            return np.full(len(self.times), -ndtri(self.alpha / len(self.times) / 2))
        return np.array(_boundaries(self.times, tuple(np.diff(self.spent, prepend=0.0))))

    def at(self, look: int | None) -> float:
        """Return the boundary of one look, counted from 1.

        Raises
        ------
        InputError
            For a look that was not declared: no boundary keeps its word for it.
        """
        n = len(self.times)
        if look is None or not 1 <= look <= n:
            raise InputError(
                T(zh=f"第 {look} 次查看没有事先声明：一共 {n} 次", en=f"look {look} was not declared: there are {n}")
                if look is not None
                else T(zh=f"声明了 {n} 次查看，这是第几次没有说", en=f"{n} looks were declared; which one is this?"),
                remedy=T(
                    zh="只在声明过的时点读结果，用 --look 说明是第几次。",
                    en="Read the result at the declared times only, and say with --look which one.",
                ),
            )
        return float(self.boundaries[look - 1])

    def alpha_at(self, look: int | None) -> float:
        """Return the two-sided level of one look taken by itself."""
        return float(2 * ndtr(-self.at(look)))

    def power(self, drift: float) -> float:
        """Return the probability of crossing a boundary, for an effect of `drift` standard errors at the last look."""
        return crossing(self.times, self.boundaries, drift)

    def inflation(self, power: float) -> float:
        """Return how many times as many customers are needed in all for the same power as with one look."""
        once = float(-ndtri(self.alpha / 2) + ndtri(power))
        drift = brentq(lambda d: self.power(d) - power, 0.2 * once, 4 * once + 8, xtol=1e-7)
        return (float(drift) / once) ** 2


class _Walk:
    """The score of an experiment from look to look, as long as no boundary was crossed.

    The score Z√t is a Brownian motion with drift; its density is carried on the points of a Gauss–Legendre rule.
    """

    def __init__(self, drift: float = 0.0) -> None:
        self.drift, self.time = drift, 0.0
        self.points, self.mass = np.zeros(1), np.ones(1)

    def crossed(self, time: float, boundary: float) -> float:
        """Return the probability of standing outside of ± boundary at `time`, for the first time."""
        step = time - self.time
        to, scale = boundary * np.sqrt(time), np.sqrt(step)
        ahead = self.points + self.drift * step
        return float(self.mass @ (ndtr((-to - ahead) / scale) + ndtr((ahead - to) / scale)))

    def go_on(self, time: float, boundary: float) -> None:
        """Move to `time` with what has stayed inside."""
        step = time - self.time
        to = boundary * np.sqrt(time)
        nodes, weights = _rule()
        points = to * nodes
        gap = points[:, None] - self.points[None, :] - self.drift * step
        density = np.exp(-(gap**2) / (2 * step)) / np.sqrt(2 * np.pi * step)
        self.mass = to * weights * (density @ self.mass)
        self.points, self.time = points, time


@lru_cache
def _rule() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(POINTS)
    return nodes, weights


@lru_cache(maxsize=64)
def _boundaries(times: tuple[float, ...], spent: tuple[float, ...]) -> tuple[float, ...]:
    walk, found = _Walk(), []
    for time, share in zip(times, spent, strict=True):
        boundary = FARTHEST
        if walk.crossed(time, FARTHEST) < share:
            boundary = brentq(lambda c, t=time, s=share: walk.crossed(t, c) - s, 0.0, FARTHEST, xtol=1e-10)
        found.append(float(boundary))
        walk.go_on(time, boundary)
    return tuple(found)


def crossing(times: Sequence[float], boundaries: Sequence[float] | Floats, drift: float = 0.0) -> float:
    """Return the probability that a standardised difference crosses ± its boundary at one of the looks.

    Parameters
    ----------
    times
        Information at each look, ascending to 1.
    boundaries
        In standard errors.
    drift
        Expected difference in standard errors at time 1; 0 gives the rate of false alarms.
    """
    walk, whole = _Walk(drift), 0.0
    for time, boundary in zip(times, boundaries, strict=True):
        whole += walk.crossed(time, float(boundary))
        walk.go_on(time, float(boundary))
    return whole
