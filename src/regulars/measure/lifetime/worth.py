"""What the purchases of a group of customers are worth together: Gamma-Gamma spend, or normal-normal profit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from regulars.measure.lifetime.quadrature import Floats

if TYPE_CHECKING:
    from regulars.measure.lifetime.gamma_gamma import GammaGamma
    from regulars.measure.lifetime.normal_normal import NormalNormal

LEAST = 0.25
"""A spend whose variance is infinite (p·x + q ≤ 2) enters the total's variance as if p·x + q were 2 + this."""


@dataclass(frozen=True)
class Scored:
    """What the model says of each group: P(alive), E[X | alive], E[X² | alive], discounted over undiscounted E[X]."""

    alive: Floats
    expected: Floats
    second: Floats
    ratio: Floats


class Worth(Protocol):
    """What purchases of each group's customers are worth, added up over them; arrays run parallel to the groups."""

    @property
    def some_lose(self) -> bool:
        """Whether a customer's total can be negative."""
        ...

    def expected(self, x: Floats) -> Floats:
        """Return Σ of what a purchase is expected to be worth, of groups with `x` repeat purchases each."""
        ...

    def variance(self, x: Floats, scored: Scored) -> float:
        """Return the variance of the total of all customers, given the parameters."""
        ...

    def drawn(self, x: Floats, reach: Floats, draws: int, seed: int) -> Floats:
        """Return Σ `reach` · worth at drawn parameters over the same at the estimates."""
        ...


@dataclass(frozen=True)
class Spent:
    """Gamma-Gamma spend, times a factor w of each customer's such as a margin.

    `weight` is Σ w, `scale` Σ w·(v + x·m), `square` Σ (w·(v + x·m))². All repeat occasions of a customer count as
    occasions with spend.
    """

    spend: GammaGamma
    weight: Floats
    scale: Floats
    square: Floats
    some_lose: bool

    def expected(self, x: Floats) -> Floats:
        """Return Σ w · E[spend]."""
        p, q = self.spend.p_, self.spend.q_ + self.spend.p_ * x
        return np.where(q > 1.0, p * self.scale / np.where(q > 1.0, q - 1.0, 1.0),
                        self.weight * self.spend.expected_spend_at(0.0, 0.0))  # fmt: skip

    def variance(self, x: Floats, scored: Scored) -> float:
        """Return the variance: BetaPrime moments given the count, mixed over the count."""
        g, p, q = scored, self.spend.p_, self.spend.q_ + self.spend.p_ * x
        wide, heavy = np.maximum(q - 1.0, LEAST), np.maximum(q - 2.0, LEAST)
        square = g.alive * (p**2 * g.second + p * g.expected) / (wide * heavy)
        spread_of_one = np.maximum(square - (p * (g.alive * g.expected) / wide) ** 2, 0.0)
        return float(np.sum(g.ratio**2 * self.square * spread_of_one))

    def drawn(self, x: Floats, reach: Floats, draws: int, seed: int) -> Floats:
        """Return the total at drawn Gamma-Gamma parameters over that at the estimates."""
        seen = (self.scale - self.spend.v_ * self.weight) * reach
        return drawn_spend(self.spend, x, self.weight * reach, seen, draws, seed)


@dataclass(frozen=True)
class Earned:
    """Normal-normal profit.

    `count` customers of each group whose profits are known, with Σ of their mean profits `mean`; `others` without.
    `worth` is Σ θ over all of them and `square` Σ θ², where θ is the expected profit of a purchase.
    """

    spend: NormalNormal
    count: Floats
    mean: Floats
    others: Floats
    worth: Floats
    square: Floats
    some_lose: bool = True

    def expected(self, x: Floats) -> Floats:
        """Return Σ θ."""
        return self.worth

    def variance(self, x: Floats, scored: Scored) -> float:
        """Return the variance: of θ's doubt and of the profits round it, mixed over the count."""
        g, sigma, tau = scored, self.spend.sigma_, self.spend.tau_
        doubt = self.count * self.spend.standard_error_at(x + 1.0) ** 2 + self.others * tau**2
        square = g.second * (self.square + doubt) + g.expected * sigma**2 * (self.count + self.others)
        return float(np.sum(g.ratio**2 * np.maximum(g.alive * square - (g.alive * g.expected) ** 2 * self.square, 0.0)))

    def drawn(self, x: Floats, reach: Floats, draws: int, seed: int) -> Floats:
        """Return the total at drawn normal-normal parameters over that at the estimates."""
        distinct, code = np.unique(x + 1.0, return_inverse=True)
        known, means = (np.bincount(code, reach * of, len(distinct)) for of in (self.count, self.mean))
        others = float(np.sum(reach * self.others))

        def total(mu: float, tau: float, sigma: float) -> float:
            weight = distinct * tau**2 / (distinct * tau**2 + sigma**2)
            return float(np.sum(mu * (1.0 - weight) * known + weight * means) + mu * others)

        here = total(self.spend.mu_, self.spend.tau_, self.spend.sigma_)
        drawn = np.array([total(*map(float, d)) for d in self.spend.draw_parameters(draws, seed + 1)])
        return np.asarray(drawn / here) if here != 0 else np.ones(draws)


def drawn_spend(spend: Any, n: Floats, weight: Floats, seen: Floats, draws: int, seed: int) -> Floats:
    """Return Σ `weight` · spend at drawn parameters over the same at the estimates; `seen` is Σ weight · n · mean."""
    distinct, code = np.unique(n, return_inverse=True)
    by_n = np.bincount(code, weight, len(distinct))
    by_total = np.bincount(code, seen, len(distinct))

    def total(p: float, q: float, v: float) -> float:
        return float(np.sum(p * (v * by_n + by_total) / np.maximum(p * distinct + q - 1.0, LEAST)))

    here = total(spend.p_, spend.q_, spend.v_)
    drawn = np.array([total(*map(float, d)) for d in spend.draw_parameters(draws, seed + 1)])
    return np.asarray(drawn / here) if here != 0 else np.ones(draws)
