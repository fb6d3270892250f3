"""The referee: simulated companies whose truth is known, cut at an origin, and how often intervals keep their word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regulars.errors import NotEnoughData
from regulars.measure.lifetime import GammaGamma
from regulars.prove import accuracy
from regulars.prove.baselines import baseline
from regulars.prove.candidates import PREFERENCE, Fitted, fit_candidate
from regulars.prove.forecast import Forecast
from regulars.prove.origins import Cells
from regulars.prove.selection import choose
from regulars.prove.totals import total_interval
from regulars.simulate.company import Company
from regulars.simulate.counts import Counts, arrivals_and_counts
from regulars.simulate.people import draw_people
from regulars.simulate.purchases import live

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class History:
    """Every purchase of every customer: `customer` (from 0) and `week`, sorted by customer, then week."""

    customer: Ints
    week: Floats

    def cells(self, origin: float, horizon: float) -> Cells:
        """Return what a forecast made at week `origin` knows, and what came within `horizon` weeks after it.

        One row a customer where times are continuous: nothing is coarsened.
        """
        n = int(self.customer[-1]) + 1
        first = np.full(n, np.inf)
        np.minimum.at(first, self.customer, self.week)
        old = self.week <= origin
        last = np.full(n, -np.inf)
        np.maximum.at(last, self.customer[old], self.week[old])
        known = np.flatnonzero(first <= origin)
        new = ~old & (self.week <= origin + horizon)
        columns = np.stack(
            [
                np.bincount(self.customer[old], minlength=n)[known] - 1.0,
                origin - first[known],
                (last - first)[known],
                np.bincount(self.customer[new], minlength=n)[known].astype(np.float64),
            ]
        )
        rows, count = np.unique(columns, axis=1, return_counts=True)
        return Cells(rows[0], rows[2], rows[1], rows[3], count.astype(np.float64), round(horizon * 7))

    def by_day(self) -> History:
        """Return the history as order data tell it: whole days, one purchase a customer-day."""
        rows = np.unique(np.stack([self.customer, np.floor(self.week * 7).astype(np.int64)]), axis=1)
        return History(rows[0], rows[1] / 7)


def simulated_history(company: Company) -> History:
    """Live a company's customers through, from first purchases to the end of the future window."""
    rng = np.random.default_rng([company.seed, 7])
    purchases = live(company, draw_people(company, company.n_customers, rng), rng)
    return History(purchases.customer, purchases.week)


PROCESSES = {"mbg_nbd": "MBG/NBD", "pareto_nbd": "Pareto/NBD", "bg_nbd": "BG/NBD"}
LEVEL = 0.9
Z90 = 1.6448536269514722
WORLD = {"r": 0.6, "alpha": 8.0, "s": 0.7, "beta": 14.0, "a": 0.9, "b": 2.2, "arrival_share": 0.7}
"""The truth that recovery is tested on."""
GRADIENT_LEFT = 1e-4
"""Largest component of the mean log-likelihood's gradient at which a fit counts as converged."""


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
    value_error: float
    value_coverage: float
    value_width: float
    value_slope: float


def recover(process: str, seed: int, *, customers: int = 2000, draws: int = 40) -> Recovery:
    """Simulate a company, fit the model that made it, and hold estimates, forecasts and values against the truth.

    One year is observed and half a year held out. `errors` are those of the log parameters, `inside` whether their 90 %
    intervals hold the truth; the value is what customers spend in the half year.
    """
    settings: dict[str, Any] = {"process": process, "weeks": 52, "future_weeks": 26, **WORLD}
    company = Company(n_customers=customers, seed=seed, **settings)
    counts = arrivals_and_counts(company, grain="exact")
    cells = cells_of(counts, 26 * 7)
    fitted = fit_candidate(PROCESSES[process], cells)
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
        *_values(company, counts, fitted),
    )


def cells_of(counts: Counts, days: int) -> Cells:
    """Return simulated customers with their lived future as the cells of one origin."""
    columns = np.stack([counts.x, counts.T, counts.t_x, counts.future]).astype(np.float64)
    rows, count = np.unique(columns, axis=1, return_counts=True)
    return Cells(rows[0], rows[2], rows[1], rows[3], count.astype(np.float64), days)


def _parameters(fitted: Fitted, company: Company) -> tuple[dict[str, float], dict[str, bool]]:
    covariance = fitted.model.covariance_
    errors, inside = {}, {}
    for at, name in enumerate(fitted.model.names):
        error = float(np.log(getattr(fitted.model, f"{name}_") / getattr(company, name)))
        errors[name] = error
        inside[name] = covariance is not None and abs(error) <= Z90 * float(np.sqrt(covariance[at, at]))
    return errors, inside


def _values(company: Company, counts: Counts, fitted: Fitted) -> tuple[float, float, float, float]:
    """Return the error of total expected spend, coverage and width of intervals, and the slope of truth on forecast."""
    spend = GammaGamma().fit_arrays(counts.x, counts.mean_repeat_spend)
    history = (counts.x.astype(np.float64), counts.t_x, counts.T)
    mean = np.nan_to_num(counts.mean_repeat_spend)
    expected = fitted.model.expected_purchases_at(*history, 26.0) * spend.expected_spend_at(counts.x, mean)
    truth = counts.expected_future * counts.nu
    rng = np.random.default_rng([company.seed, 11])
    bought = counts.future > 0
    spent = np.zeros(truth.size)
    spent[bought] = rng.gamma(company.spend_p * counts.future[bought], counts.nu[bought] / company.spend_p)
    low, high = fitted.model.value_interval(*history, mean, 26.0, spend, level=LEVEL)  # type: ignore[attr-defined]
    cover = accuracy.coverage(low, high, spent)
    slope = float(expected @ truth / (expected @ expected))
    return float(expected.sum() / truth.sum()) - 1, cover.share, cover.mean_width, slope


@dataclass(frozen=True, slots=True)
class Trial:
    """The product's own procedure on one company: choose on two origins, forecast on the third, beside naive rules."""

    chosen: str
    bias: dict[str, float]
    rmse: dict[str, float]
    mae: dict[str, float]
    spearman: dict[str, float]
    coverage: float
    width: float
    pit_distance: float
    totals_inside: list[bool]
    totals_winkler: list[float]
    naive_inside: list[bool]
    naive_winkler: list[float]


def trial(company: Company, *, horizon: float = 26.0, draws: int = 40) -> Trial:
    """Run one company through three rolling origins; the model chosen on the first two forecasts all totals.

    Winkler scores are relative to what was bought, so that companies of any size can be put together. The naive
    interval of a total is "as many repeat purchases as in the weeks before", give or take the noise of a Poisson count.
    """
    history = simulated_history(company).by_day()
    origins = [company.weeks - horizon * k for k in (3, 2, 1)]
    parts = [history.cells(origin, horizon) for origin in origins]
    name = choose(parts[:-1]).model
    fits = [fit_candidate(name, part) for part in parts]
    forecasts = [Forecast(fitted.law, part) for fitted, part in zip(fits, parts, strict=True)]
    totals = [total_interval(f, m.draws(draws, seed=company.seed)) for f, m in zip(forecasts, fits, strict=True)]
    actual = [float(part.count @ part.actual) for part in parts]
    repeats = history.week[np.diff(history.customer, prepend=-1) == 0]
    before = [float(np.count_nonzero((repeats > o - horizon) & (repeats <= o))) for o in origins]
    naive = [(n - Z90 * n**0.5, n + Z90 * n**0.5) for n in before]
    last, y, n = forecasts[-1], parts[-1].actual, parts[-1].count
    expected = {"model": last.expected, **{key: baseline(key, parts[-1]) for key in ("repeats", "own_rate", "zero")}}
    cover = accuracy.coverage(*last.intervals(LEVEL), y, n)
    pit = accuracy.uniformity(accuracy.randomised_pit(*last.pit_bounds, n, seed=company.seed))
    return Trial(
        name,
        {key: accuracy.bias(e, y, n) for key, e in expected.items()},
        {key: accuracy.rmse(e, y, n) for key, e in expected.items()},
        {key: accuracy.mae(e, y, n) for key, e in expected.items()},
        {key: accuracy.spearman(e, y, n) for key, e in expected.items()},
        cover.share,
        cover.mean_width,
        pit.distance,
        [t.low <= a <= t.high for t, a in zip(totals, actual, strict=True)],
        [accuracy.winkler([t.low], [t.high], [a]) / a for t, a in zip(totals, actual, strict=True)],
        [low <= a <= high for (low, high), a in zip(naive, actual, strict=True)],
        [accuracy.winkler([low], [high], [a]) / a for (low, high), a in zip(naive, actual, strict=True)],
    )


def check_small(cells: Cells) -> dict[str, str]:
    """Fit every model to few customers and return how each ended: "ok", "boundary", "not enough data", or a fault.

    A fault is anything not explained: estimates, P(alive), expectations or intervals that are not finite, out of range,
    or a gradient left at the maximum.
    """
    return {name: _ending(name, cells) for name in PREFERENCE}


def _ending(name: str, cells: Cells) -> str:
    try:
        fitted = fit_candidate(name, cells, k=None)
    except NotEnoughData:
        return "not enough data"
    forecast = Forecast(fitted.law, cells)
    total = total_interval(forecast, fitted.draws(20, seed=1))
    estimates = [getattr(fitted.model, f"{parameter}_") for parameter in fitted.model.names]
    figures = [*estimates, total.low, total.high, *forecast.intervals(LEVEL)[1], *forecast.expected]
    if not np.isfinite(figures).all():
        return "fault: not finite"
    if not ((forecast.p_alive >= 0) & (forecast.p_alive <= 1)).all() or (forecast.expected < 0).any():
        return "fault: out of range"
    optimum = fitted.model.optimum_
    if optimum is None or optimum.gradient_norm > GRADIENT_LEFT:
        return "fault: not converged"
    return "ok" if fitted.boundary is None else "boundary"
