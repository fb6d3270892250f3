"""Fits to few customers: every one ends inside, at a boundary named in words, or with a stated lack of data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regulars.errors import NotEnoughData
from regulars.measure.lifetime import (
    BetaDiscreteWeibull,
    BetaGeoBetaBinomial,
    GammaGamma,
    NormalNormal,
    ShiftedBetaGeometric,
)
from regulars.prove.calibration import LEVEL
from regulars.prove.candidates import PREFERENCE, fit_candidate
from regulars.prove.forecast import Forecast
from regulars.prove.origins import Cells
from regulars.prove.totals import total_interval
from regulars.words import T

Floats = NDArray[np.float64]
GRADIENT_LEFT = 1e-4
"""Largest component of the mean log-likelihood's gradient at which a fit counts as converged."""
DRAWS = 20
PERIODS = 4
OK, BOUNDARY, TOO_LITTLE = "ok", "boundary", "not enough data"
EXPLAINED = (OK, BOUNDARY, TOO_LITTLE)
"""How a fit may end; anything else is a fault."""


def check_small(cells: Cells) -> dict[str, str]:
    """Fit every model of repeat purchases to few customers and return how each ended.

    `OK`, `BOUNDARY` or `TOO_LITTLE`, with the words that the model gave for it after a colon, or a fault: whatever is
    not explained, such as estimates, P(alive), expectations or intervals that are not finite or out of range, or a
    gradient left at the maximum.
    """
    return {name: _repeat_purchases(name, cells) for name in PREFERENCE}


def _repeat_purchases(name: str, cells: Cells) -> str:
    def said(fitted: Any) -> tuple[Iterable[float], Iterable[float]]:
        forecast = Forecast(fitted.law, cells)
        total = total_interval(forecast, fitted.draws(DRAWS, seed=1))
        return forecast.p_alive, [*forecast.expected, total.low, total.high, *forecast.intervals(LEVEL)[1]]

    return _ending(lambda: fit_candidate(name, cells, k=None), said, model_of=lambda fitted: fitted.model)


def check_spend(x: Floats, mean: Floats) -> dict[str, str]:
    """Fit Gamma-Gamma to few customers' mean spend of `x` repeat occasions; as `check_small`."""

    def said(model: GammaGamma) -> tuple[Iterable[float], Iterable[float]]:
        return (), [*model.expected_spend_at(x, mean), *model.draw_parameters(DRAWS).ravel()]

    return {"Gamma-Gamma": _ending(lambda: GammaGamma().fit_arrays(x, mean), said)}


def check_profit(n: Floats, mean: Floats, squares: Floats) -> dict[str, str]:
    """Fit normal-normal to few customers' profits of `n` occasions, which may be losses; as `check_small`."""

    def said(model: NormalNormal) -> tuple[Iterable[float], Iterable[float]]:
        at = [*model.expected_profit_at(n, mean), *model.draw_parameters(DRAWS).ravel()]
        return (), [*np.abs(at), *model.standard_error_at(n)]

    return {"normal-normal": _ending(lambda: NormalNormal().fit_arrays(n, mean, squares), said, signed=("mu",))}


def check_opportunities(x: Floats, t_x: Floats, n: Floats) -> dict[str, str]:
    """Fit BG/BB to few customers' purchases at `n` opportunities, the last at `t_x`; as `check_small`."""

    def said(model: BetaGeoBetaBinomial) -> tuple[Iterable[float], Iterable[float]]:
        drawn = model.drawn(np.random.default_rng(1))
        alive = [*model.probability_alive_at(x, t_x, n), *drawn.probability_alive_at(x, t_x, n)]
        return alive, model.expected_purchases_at(x, t_x, n, PERIODS)

    return {"BG/BB": _ending(lambda: BetaGeoBetaBinomial().fit_grouped(x, t_x, n, np.ones(len(x))), said)}


def check_contracts(periods: Floats, ended: Floats) -> dict[str, str]:
    """Fit sBG and BdW to few contracts, renewed so often and ended or not; as `check_small`."""

    def said(model: Any) -> tuple[Iterable[float], Iterable[float]]:
        drawn = model.drawn(np.random.default_rng(1))
        stay = [*model.survival_after(periods, PERIODS), *drawn.survival_after(periods, PERIODS)]
        return stay, model.expected_renewals(periods, discount=0.1)

    kinds = {"sBG": ShiftedBetaGeometric, "BdW": BetaDiscreteWeibull}
    fit = {name: kind().fit_grouped for name, kind in kinds.items()}
    return {name: _ending(lambda n=name: fit[n](periods, ended, np.ones(len(periods))), said) for name in kinds}  # type: ignore[misc]


def _ending(
    fit: Callable[[], Any],
    said: Callable[[Any], tuple[Iterable[float], Iterable[float]]],
    *,
    model_of: Callable[[Any], Any] = lambda fitted: fitted,
    signed: tuple[str, ...] = (),
) -> str:
    """Say how a fit ended; `said` returns its chances and its other figures, none of which may be negative."""
    try:
        fitted = fit()
    except NotEnoughData as error:
        return f"{TOO_LITTLE}: {error.why.en}"
    model = model_of(fitted)
    estimates = np.array([getattr(model, f"{name}_") for name in model.names])
    chances, figures = (np.array(list(each), dtype=np.float64) for each in said(fitted))
    if not all(np.isfinite(each).all() for each in (estimates, chances, figures)):
        return "fault: not finite"
    positive = [at for at, name in enumerate(model.names) if name not in signed]
    if (estimates[positive] <= 0).any() or (chances < 0).any() or (chances > 1).any() or (figures < 0).any():
        return "fault: out of range"
    optimum = model.optimum_
    if optimum is None or optimum.gradient_norm > GRADIENT_LEFT:
        return "fault: not converged"
    words: T | None = model.boundary_
    return OK if words is None else f"{BOUNDARY}: {words.en}"
