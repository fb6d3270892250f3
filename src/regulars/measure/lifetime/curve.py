"""Expected purchases under any discount curve, not a constant rate alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from regulars.errors import InputError
from regulars.measure.lifetime.counts import Future
from regulars.measure.lifetime.quadrature import Floats
from regulars.words import T as Words

PANELS = 128
Curve = Callable[[Floats], Floats]
"""Times from now in the model's unit → discount factors; a table is ``lambda s: np.interp(s, times, factors)``."""


def discounted_by(future: Future, t: float, factor: Curve) -> Floats:
    """Return the expected purchases within `t`, each times the discount factor of its time, given alive.

    The mean of the factor at both ends of 128 even panels times the purchases expected between them: within 1e-5 for a
    curve without jumps (second order in the panels' width).

    Raises
    ------
    InputError
        For factors that are negative or not finite.
    """
    at = np.linspace(0.0, t, PANELS + 1)
    factors = np.broadcast_to(np.asarray(factor(at), dtype=np.float64), at.shape)
    if not np.all(np.isfinite(factors) & (factors >= 0.0)):
        raise InputError(
            Words(zh="折现系数要是 0 或正数", en="discount factors must be 0 or positive"),
            remedy=Words(zh="曲线要覆盖整个期限。", en="The curve must cover the whole horizon."),
        )
    out, before = np.zeros(len(future)), np.zeros(len(future))
    if t > 0.0:
        for i in range(1, len(at)):
            here = future.expected(float(at[i]))
            out += 0.5 * (factors[i - 1] + factors[i]) * (here - before)
            before = here
    return out
