"""When the next purchase is due: at random (Poisson) buying the time to it, given alive, is Lomax."""

from __future__ import annotations

import numpy as np

from regulars.measure.lifetime.quadrature import Floats


def gap_quantile(r: Floats, alpha: Floats, level: float) -> Floats:
    """Return the time by which the next purchase comes with chance `level`, where λ ~ Gamma(r, α).

    P(gap > g) = (α / (α + g))^r, so g = α ((1 − level)^(−1/r) − 1).
    """
    with np.errstate(over="ignore"):
        return np.asarray(alpha * np.expm1(np.minimum(-np.log1p(-level) / r, 600.0)))


def usual_gap(r: Floats, alpha: Floats) -> Floats:
    """Return the gap at the customer's mean purchase rate, α / r: finite where the mean gap α / (r − 1) is not."""
    return alpha / r


class RandomGaps:
    """The gaps of a future at random buying, λ ~ Gamma(`r`, `alpha`)."""

    r: Floats
    alpha: Floats

    def rate(self) -> tuple[Floats, Floats]:
        """Return shape and rate of λ given alive."""
        return self.r, self.alpha

    def gap(self, level: float) -> Floats:
        """Return the time by which the next purchase comes with chance `level`, of customers who stay."""
        return gap_quantile(*self.rate(), level)

    def usual_gap(self) -> Floats:
        """Return the gap at the mean purchase rate."""
        return usual_gap(*self.rate())
