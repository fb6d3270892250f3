"""The referee: simulated companies of a model's own world, and how often what was true lies where it should."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from regulars.measure.lifetime import GammaGamma
from regulars.prove import accuracy
from regulars.prove.candidates import Fitted, fit_candidate
from regulars.prove.forecast import Forecast
from regulars.prove.history import cells_of
from regulars.prove.totals import total_interval
from regulars.simulate.company import Company
from regulars.simulate.counts import Counts, arrivals_and_counts

PROCESSES = {
    "mbg_nbd": "MBG/NBD",
    "pareto_nbd": "Pareto/NBD",
    "bg_nbd": "BG/NBD",
    "mbg_cnbd": "MBG/CNBD-k",
    "bg_cnbd": "BG/CNBD-k",
}
"""The worlds in which truth is recovered, and the model whose own each is."""
STAGES = 3
"""The stages of a gap in the worlds of regular buyers, told to the model; `trials.trial` reads them from the gaps."""
LEVEL = 0.9
Z90 = 1.6448536269514722
WORLD = {"r": 0.6, "alpha": 8.0, "s": 0.7, "beta": 14.0, "a": 0.9, "b": 2.2, "arrival_share": 0.7}
"""The truth that recovery is tested on."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """One company of a model's own world, fitted with that model: what came back of the truth."""

    errors: dict[str, float]
    inside: dict[str, bool]
    boundary: bool
    pit: list[float]
    pit_distance: float
    pit_p: float
    coverage: float
    width: float
    total_error: float
    total_inside: bool
    total_winkler: float
    value_error: float
    value_coverage: float
    value_width: float
    value_slope: float


def recover(process: str, seed: int, *, customers: int = 2000, draws: int = 40) -> Recovery:
    """Simulate a company, fit the model that made it, and hold estimates, forecasts and values against the truth.

    One year is observed and half a year held out. `errors` are those of the log parameters, `inside` whether their 90 %
    intervals hold the truth; the total's Winkler score is relative to what came; the value is what customers spend in
    the half year.
    """
    stages = STAGES if process.endswith("_cnbd") else 1
    lived = process.replace("_cnbd", "_nbd")
    settings: dict[str, Any] = {"process": lived, "regular": stages, "weeks": 52, "future_weeks": 26, **WORLD}
    company = Company(n_customers=customers, seed=seed, **settings)
    counts = arrivals_and_counts(company, grain="exact")
    cells = cells_of(counts, 26 * 7)
    fitted = fit_candidate(PROCESSES[process], cells, k=stages)
    forecast = Forecast(fitted.law, cells)
    errors, inside = _parameters(fitted, company)
    pit = accuracy.uniformity(accuracy.randomised_pit(*forecast.pit_bounds, cells.count, seed=seed))
    cover = accuracy.coverage(*forecast.intervals(LEVEL), cells.actual, cells.count)
    total = total_interval(forecast, fitted.draws(draws, seed=seed), level=LEVEL)
    actual = float(cells.actual @ cells.count)
    return Recovery(
        errors,
        inside,
        fitted.boundary is not None,
        [float(share) for share in accuracy.pit_histogram(*forecast.pit_bounds, cells.count)],
        pit.distance,
        pit.p_value,
        cover.share,
        cover.mean_width,
        total.value / float(counts.expected_future.sum()) - 1,
        total.low <= actual <= total.high,
        accuracy.winkler([total.low], [total.high], [actual], level=LEVEL) / actual,
        *_values(company, counts, fitted),
    )


def _parameters(fitted: Fitted, company: Company) -> tuple[dict[str, float], dict[str, bool]]:
    covariance = fitted.common.covariance_
    errors, inside = {}, {}
    for at, name in enumerate(fitted.common.names):
        truth = getattr(company, name)
        if name == "alpha":  # the model's rate is that of stages, the company's that of purchases
            truth /= company.regular
        error = float(np.log(getattr(fitted.model, f"{name}_") / truth))
        errors[name] = error
        inside[name] = covariance is not None and abs(error) <= Z90 * float(np.sqrt(covariance[at, at]))
    return errors, inside


def _values(company: Company, counts: Counts, fitted: Fitted) -> tuple[float, float, float, float]:
    """Return the error of total expected spend, coverage and width of intervals, and the slope of truth on forecast."""
    spend = GammaGamma().fit_arrays(counts.x, counts.mean_repeat_spend)
    history = (counts.x.astype(np.float64), counts.t_x, counts.T)
    mean = np.nan_to_num(counts.mean_repeat_spend)
    expected = fitted.common.expected_purchases_at(*history, 26.0) * spend.expected_spend_at(counts.x, mean)
    truth = counts.expected_future * counts.nu
    rng = np.random.default_rng([company.seed, 11])
    bought = counts.future > 0
    spent = np.zeros(truth.size)
    spent[bought] = rng.gamma(company.spend_p * counts.future[bought], counts.nu[bought] / company.spend_p)
    low, high = fitted.common.value_interval(*history, mean, 26.0, spend, level=LEVEL)  # type: ignore[attr-defined]
    cover = accuracy.coverage(low, high, spent)
    slope = float(expected @ truth / (expected @ expected))
    return float(expected.sum() / truth.sum()) - 1, cover.share, cover.mean_width, slope
