"""How much groups differ, and what each is to be believed: a normal law between groups, estimated by REML.

What group g's data say is a quadratic, h'θ − ½ θ'Hθ: H is the information, H⁻¹h the estimate where there is one. A
group too small for an estimate has little information, one at a boundary none in that direction, and both are used as
they are. Groups differ by a normal law round a centre, with a spread of its own in each coordinate: the coordinates are
those in which a model's parameters are nearly unrelated, and a dozen groups cannot carry correlations besides.

References: Morris (1983), Parametric empirical Bayes inference; Harville (1977) for restricted maximum likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regulars.measure.lifetime.optimum import Floats, descend

NARROWEST, WIDEST = 1e-3, 3.0
"""Standard deviations between groups that are told apart from none, and that are believed."""
VAGUE = 1e-4
"""Information on the centre besides the groups', so that a coordinate of which nobody knows anything stays."""


@dataclass(frozen=True)
class Between:
    """The law between groups: its centre and the standard deviation in each coordinate."""

    centre: Floats
    spread: Floats


@dataclass(frozen=True)
class Groups:
    """What the data of each group say: information (groups, k, k) and information times estimate (groups, k)."""

    information: Floats
    pull: Floats

    def _inverse(self, spread: Floats) -> Floats:
        """Return (I + H D)⁻¹ of every group."""
        return np.asarray(np.linalg.inv(np.eye(len(spread)) + self.information * spread**2))

    def centre(self, spread: Floats, start: Floats) -> tuple[Floats, Floats]:
        """Return the best centre at this spread and the information on it."""
        inverse = self._inverse(spread)
        known = np.sum(inverse @ self.information, axis=0) + VAGUE * np.eye(len(spread))
        pull = np.sum(np.sum(inverse * self.pull[:, None, :], axis=2), axis=0) + VAGUE * start
        return np.linalg.solve(known, pull), known

    def posterior(self, law: Between) -> tuple[Floats, Floats]:
        """Return each group's mean and covariance, given its data and the law between groups."""
        d = law.spread**2
        covariance = d[:, None] * self._inverse(law.spread)
        rest = self.pull - np.sum(self.information * law.centre, axis=2)
        return law.centre + np.sum(covariance * rest[:, None, :], axis=2), covariance

    def restricted(self, spread: Floats, start: Floats) -> float:
        """Return the restricted log-likelihood of a spread, up to a constant."""
        centre, known = self.centre(spread, start)
        d = spread**2
        rest = self.pull - np.sum(self.information * centre, axis=2)
        explained = np.sum(rest * np.sum((d[:, None] * self._inverse(spread)) * rest[:, None, :], axis=2))
        at_centre = np.sum(self.pull * centre) - 0.5 * np.sum(centre * np.sum(self.information * centre, axis=(0, 2)))
        open_ = np.linalg.slogdet(np.eye(len(d)) + self.information * d)[1].sum() + np.linalg.slogdet(known)[1]
        return float(at_centre + 0.5 * (explained - open_))


def between(groups: Groups, start: Floats) -> Between:
    """Return the law between groups by restricted maximum likelihood, searched from a small and a large spread."""
    k = len(start)
    lower, upper = np.full(k, np.log(NARROWEST)), np.full(k, np.log(WIDEST))
    size = float(len(groups.pull))
    if size == 1:  # one group alone shows no difference
        return Between(groups.centre(np.exp(lower), start)[0], np.exp(lower))

    def loss(log_spread: Floats) -> tuple[float, Floats]:
        at = [groups.restricted(np.exp(log_spread + h), start) for h in np.concatenate([np.eye(k), -np.eye(k)]) * 1e-4]
        value = groups.restricted(np.exp(log_spread), start)
        return -value / size, -(np.array(at[:k]) - np.array(at[k:])) / (2e-4 * size)

    ends = [descend(loss, np.full(k, np.log(sd)), lower, upper, 1e-7) for sd in (0.5, 0.05)]
    spread = np.exp(min(ends, key=lambda e: e[1])[0])
    return Between(groups.centre(spread, start)[0], spread)
