"""The product's own procedure on simulated companies, beside naive rules: choose on two origins, forecast the third."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regulars.measure.lifetime.totals import total_of
from regulars.prove import accuracy
from regulars.prove.baselines import baseline
from regulars.prove.calibration import LEVEL, Z90
from regulars.prove.candidates import Fits, fit_candidate, gaps, stages
from regulars.prove.forecast import Floats, Forecast
from regulars.prove.history import History, day_of, simulated_history
from regulars.prove.selection import choose
from regulars.prove.totals import doubts
from regulars.simulate.company import Company

DRAWS = 100


@dataclass(frozen=True, slots=True)
class Held:
    """Whether an interval of a total held what came, its width and its Winkler score, both in units of what came."""

    inside: bool
    width: float
    winkler: float

    @classmethod
    def of(cls, low: float, high: float, actual: float) -> Held:
        """Hold an interval against what came."""
        score = accuracy.winkler([low], [high], [actual], level=LEVEL)
        return cls(bool(low <= actual <= high), (high - low) / actual, score / actual)


@dataclass(frozen=True, slots=True)
class Trial:
    """One company on its last origin, which chose nothing.

    `chosen` with the measured regularity `k`, and the models `alike` that earlier origins could not tell from it;
    errors of the model and of naive rules, a customer; `totals` the interval of the total with the doubt between models
    (``models``), without it (``parameters``) and by the naive rule (``naive``): as many repeat purchases as in the
    weeks before, give or take the noise of a Poisson count.
    """

    chosen: str
    k: int
    alike: list[str]
    bias: dict[str, float]
    rmse: dict[str, float]
    mae: dict[str, float]
    spearman: dict[str, float]
    coverage: float
    width: float
    pit_distance: float
    totals: dict[str, Held]


def trial(company: Company, *, horizon: float = 26.0, draws: int = DRAWS) -> Trial:
    """Run one company in whole days through three rolling origins, as a run of `regulars value` does."""
    history = simulated_history(company).by_day()
    origins = [company.weeks - horizon * k for k in (3, 2, 1)]
    *earlier, last = [history.cells(origin, horizon) for origin in origins]
    k = stages(gaps(history.occasions(), day_of(origins[0])))
    fit = Fits(k)
    choice = choose(earlier, fit=fit, k=k)
    fitted = fit_candidate(choice.model, last, k=k)
    forecast = Forecast(fitted.law, last)
    y, n = last.actual, last.count
    actual = float(n @ y)
    drawn, models = doubts(forecast, fitted.draws(draws, seed=company.seed), fit.laws(choice.alike))

    def total(between: Floats | None) -> Held:
        found = total_of(forecast.total, drawn, forecast.process_variance, models=between, level=LEVEL)
        return Held.of(found.low, found.high, actual)

    low, high = _naive(history, origins[-1], horizon)
    expected = {"model": forecast.expected, **{key: baseline(key, last) for key in ("repeats", "own_rate", "zero")}}
    cover = accuracy.coverage(*forecast.intervals(LEVEL), y, n)
    pit = accuracy.uniformity(accuracy.randomised_pit(*forecast.pit_bounds, n, seed=company.seed))
    return Trial(
        choice.model,
        k,
        list(choice.alike),
        {key: accuracy.bias(e, y, n) for key, e in expected.items()},
        {key: accuracy.rmse(e, y, n) for key, e in expected.items()},
        {key: accuracy.mae(e, y, n) for key, e in expected.items()},
        {key: accuracy.spearman(e, y, n) for key, e in expected.items()},
        cover.share,
        cover.mean_width,
        pit.distance,
        {"models": total(models), "parameters": total(None), "naive": Held.of(low, high, actual)},
    )


def _naive(history: History, origin: float, horizon: float) -> tuple[float, float]:
    repeats = history.week[np.diff(history.customer, prepend=-1) == 0]
    before = float(np.count_nonzero((repeats > origin - horizon) & (repeats <= origin)))
    return before - Z90 * before**0.5, before + Z90 * before**0.5
