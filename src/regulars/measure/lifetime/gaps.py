"""When the next purchase is due: the time to it, given alive, is Lomax."""

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
