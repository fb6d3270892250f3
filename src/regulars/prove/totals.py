"""How sure the total is: the noise of the process and that of the parameters together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from regulars.measure.lifetime.model import Law
from regulars.prove.forecast import Floats, Forecast

ENOUGH_CELLS = 500
"""The effect of a parameter draw on the total, a ratio, is read from at most about so many cells."""


@dataclass(frozen=True, slots=True)
class Total:
    """A forecast of the total purchases of all customers, with a central interval.

    `process_sd` is what chance alone does when the parameters are right, `parameter_sd` what the parameters' own
    uncertainty adds.
    """

    expected: float
    low: float
    high: float
    process_sd: float
    parameter_sd: float


def total_interval(forecast: Forecast, draws: Sequence[Law], *, level: float = 0.9) -> Total:
    """Return the central interval of the total number of purchases.

    Parameters
    ----------
    forecast
        The forecast made with the fitted parameters.
    draws
        The same model under parameters drawn from the law of their estimates; each predicts the original customers.

    Notes
    -----
    Given parameters the total of many independent customers is close to normal; over the draws it is a mixture of such
    normals, whose quantiles are solved for. The interval is conditional on the model being right: where habits change,
    totals stray further.
    """
    means = forecast.total * _ratios(forecast, draws)
    sd = float(np.sqrt(max(forecast.process_variance, 0.0)))
    tail = (1 - level) / 2
    low, high = (_mixture_quantile(means, sd, q) for q in (tail, 1 - tail))
    return Total(forecast.total, max(low, 0.0), max(high, 0.0), sd, float(means.std()))


def _ratios(forecast: Forecast, draws: Sequence[Law]) -> Floats:
    """Return the expected total under each draw over the one at the estimates."""
    cells = forecast.cells.every(-(-forecast.cells.x.size // ENOUGH_CELLS))
    here = Forecast(forecast.law, cells).total
    if not draws or here <= 0:
        return np.ones(1)
    return np.array([Forecast(law, cells).total for law in draws]) / here


def _mixture_quantile(means: Floats, sd: float, level: float) -> float:
    """Solve mean over the draws of Φ((q − m) / sd) = level by bisection."""
    if sd <= 0:
        return float(np.quantile(means, level))
    low, high = float(means.min() - 9 * sd), float(means.max() + 9 * sd)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if ndtr((middle - means) / sd).mean() < level else (low, middle)
    return (low + high) / 2
