"""How sure a forecast's total is: the noise of chance, the doubt of the parameters and that between models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from regulars.measure.lifetime.grouped_law import AnyLaw
from regulars.measure.lifetime.totals import Total, total_of
from regulars.prove.forecast import Floats, Forecast

ENOUGH_CELLS = 500
"""The effect of a parameter draw on the total, a ratio, is read from at most about so many cells."""


def total_interval(
    forecast: Forecast, draws: Sequence[AnyLaw], *, rivals: Sequence[AnyLaw] = (), level: float = 0.9
) -> Total:
    """Return the central interval of the total number of purchases.

    Parameters
    ----------
    forecast
        The forecast made with the fitted parameters.
    draws
        The same model under parameters drawn from the law of their estimates; each predicts the original customers.
    rivals
        The models that earlier origins cannot tell apart, the one in use first, all fitted on the same customers; none
        where there is nothing to tell it from.

    Notes
    -----
    As `regulars.measure.lifetime.totals.total_of` has it. The interval is conditional on one of the models being right:
    where habits change, totals stray further.
    """
    drawn, models = doubts(forecast, draws, rivals)
    return total_of(forecast.total, drawn, forecast.process_variance, models=models, level=level)


def doubts(forecast: Forecast, draws: Sequence[AnyLaw], rivals: Sequence[AnyLaw] = ()) -> tuple[Floats, Floats | None]:
    """Return the total at each draw over that at the estimates, and by each rival over that by the first of them."""
    cells = forecast.cells.every(-(-forecast.cells.x.size // ENOUGH_CELLS))

    def totals(laws: Sequence[AnyLaw]) -> Floats:
        return np.array([Forecast(law, cells).total for law in laws])

    here = Forecast(forecast.law, cells).total
    drawn = totals(draws) / here if draws and here > 0 else np.ones(1)
    between = totals(rivals) if rivals else np.ones(1)
    return drawn, between / between[0] if between[0] > 0 else None
