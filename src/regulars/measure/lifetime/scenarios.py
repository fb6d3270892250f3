"""What a customer's future would look like after an order today, or after more silence: no refit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regulars.measure.lifetime.model import LifetimeModel
from regulars.measure.lifetime.quadrature import Floats


@dataclass(frozen=True)
class Scenarios:
    """One customer as things stand, after an order today, and after each wait without one; all arrays in this order.

    Parameters
    ----------
    p_alive
        P(alive) at the day in question, in [0, 1].
    given_alive
        Expected purchases within the horizon from that day on, given alive.
    discounted
        Expected purchases within the horizon from that day on, each discounted to that day: value is in proportion to
        it, since an order of the expected size leaves the expected spend where it is.
    """

    p_alive: Floats
    given_alive: Floats
    discounted: Floats

    @property
    def ratio(self) -> Floats:
        """Value over value as things stand, ≥ 0; NaN where nothing is expected now."""
        now = self.discounted[0]
        return self.discounted / now if now > 0 else np.full(self.discounted.size, np.nan)


def scenarios(
    model: LifetimeModel, x: float, t_x: float, T: float, *, waits: Sequence[float], horizon: float, delta: float
) -> Scenarios:
    """Return how one customer's future changes with what they do next, at the model's parameters.

    Parameters
    ----------
    model
        A model with known parameters.
    x, t_x, T
        The history so far: repeat purchases, time of the last one, age; in the model's unit.
    waits
        Times without an order, counted from now, in the model's unit.
    horizon, delta
        How far ahead, and the discount rate per unit.

    Examples
    --------
    >>> from regulars.measure.lifetime import ModifiedBetaGeoNBD
    >>> model = ModifiedBetaGeoNBD.from_params(r=0.525, alpha=6.183, a=0.891, b=1.614)
    >>> then = scenarios(model, 2, 30.43, 38.86, waits=(13,), horizon=52, delta=0.0)
    >>> [round(float(p), 2) for p in then.p_alive]  # as it stands, after an order, after 13 weeks of silence
    [0.71, 0.84, 0.56]
    """
    ages = np.array([T, T, *(T + wait for wait in waits)], dtype=np.float64)
    repeats = np.full(ages.size, float(x))
    last = np.full(ages.size, float(t_x))
    repeats[1], last[1] = x + 1, T
    alive = model.probability_alive_at(repeats, last, ages)
    future = model.given_alive(repeats, ages, horizon, delta, t_x=last)
    return Scenarios(alive, future.expected, alive * future.discounted)
