"""A model with known parameters, as functions of arrays; and what is asked of any forecast before it is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from regulars.errors import InputError
from regulars.measure.lifetime.counts import Future
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints
from regulars.words import T as Words


class Law(Protocol):
    """A model with known parameters."""

    def probability_alive(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        """Return P(alive at T)."""
        ...

    def given_alive(self, x: Floats, t_x: Floats, T: Floats) -> tuple[Future, Ints]:
        """Return the law of the future of customers alive at T and each customer's cell in it.

        Customers whose futures are the same law share a cell: at random (Poisson) buying all with the same (x, T).
        """
        ...


@dataclass(frozen=True)
class GivenAlive:
    """Expected purchases of customers alive at T: within the horizon, discounted within it, and residual (DERT).

    `discounted_residual` is None where no discount rate was given.
    """

    expected: Floats
    discounted: Floats
    discounted_residual: Floats | None


def horizon(value: float) -> float:
    """Check a horizon or rate: finite and not negative."""
    if not 0 <= value < float("inf"):
        raise InputError(
            Words(
                zh="期限和折现率要是 0 或正数，不能是 {v}", en="a horizon or rate must be 0 or positive, not {v}"
            ).format(v=value)
        )
    return float(value)


def finite_residual(future: Future, delta: float) -> Floats:
    """Return the residual purchases of every cell, checked to be finite."""
    value = future.residual(horizon(delta))
    if np.all(np.isfinite(value)):
        return value
    raise InputError(
        Words(zh="不折现时，按这些参数剩余购买次数的期望是无穷大",
              en="without discount the expected number of remaining purchases is infinite under these parameters"),
        remedy=Words(zh="给出折现率，或用有限的期限。", en="Give a discount rate, or use a finite horizon."),
    )  # fmt: skip
