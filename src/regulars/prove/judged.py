"""How well one forecast knew its own doubt: PIT, intervals, the total, and what each tenth of customers did."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from regulars.measure.lifetime.grouped_law import AnyLaw
from regulars.measure.lifetime.totals import Total
from regulars.prove import accuracy
from regulars.prove.forecast import Floats, Forecast
from regulars.prove.origins import Cells
from regulars.prove.totals import total_interval

LEVEL = 0.9
SEED = 20051101
MOST = 7
"""Customers with this many repeat purchases or more are taken together."""


def measures(expected: Floats, cells: Cells) -> dict[str, float | None]:
    """Return level, errors and ranking of a forecast, as the card shows them; None where a figure does not exist."""
    y, n = cells.actual, cells.count
    order = accuracy.ranking(expected, y, n)
    found = {
        "total_actual": float(n @ y),
        "total_expected": float(n @ expected),
        "bias": accuracy.bias(expected, y, n),
        "rmse": accuracy.rmse(expected, y, n),
        "mae": accuracy.mae(expected, y, n),
        "spearman": order.spearman,
        "gini": order.gini,
        "capture20": order.capture,
    }
    return {key: value if math.isfinite(value) else None for key, value in found.items()}


def judged(forecast: Forecast, draws: Sequence[AnyLaw], rivals: Sequence[AnyLaw] = ()) -> dict[str, Any]:
    """Return the calibration of a whole predictive distribution on what then happened, as the card shows it.

    `coverage90`, `mean_width` and `winkler` are of customers' 90 % intervals, `pit` the histogram's ten shares and
    `pit_distance` Kolmogorov's; `total_*` of all purchases together; `draws` and `rivals` as in
    `total_interval`.
    """
    cells, n = forecast.cells, forecast.cells.count
    below, upto = forecast.pit_bounds
    low, high = forecast.intervals(LEVEL)
    cover = accuracy.coverage(low, high, cells.actual, n)
    pit = accuracy.uniformity(accuracy.randomised_pit(below, upto, n, seed=SEED))
    total = total_interval(forecast, draws, rivals=rivals, level=LEVEL)
    return {
        "coverage90": cover.share,
        "mean_width": cover.mean_width,
        "winkler": accuracy.winkler(low, high, cells.actual, n, level=LEVEL),
        "pit": [float(share) for share in accuracy.pit_histogram(below, upto, n)],
        "pit_distance": pit.distance,
        **judged_total(total, cells),
    }


def judged_total(total: Total, cells: Cells) -> dict[str, Any]:
    """Return the interval of the total and its Winkler score, in purchases."""
    actual = float(cells.count @ cells.actual)
    return {
        "total_interval": [total.low, total.high],
        "total_process_sd": total.process,
        "total_parameter_sd": total.parameter,
        "total_model_sd": total.model,
        "total_winkler": accuracy.winkler([total.low], [total.high], [actual], level=LEVEL),
        "contains": bool(total.low <= actual <= total.high),
    }


def deciles(expected: Floats, cells: Cells) -> list[dict[str, float]]:
    """Return customers, mean forecast and mean outcome of each tenth of customers by forecast."""
    return [each._asdict() for each in accuracy.by_decile(expected, cells.actual, cells.count)]


def by_repeats(expected: Floats, cells: Cells) -> list[dict[str, float]]:
    """Return the same by repeat purchases so far, 0 to `MOST` and more: the conditional expectations."""
    groups = np.minimum(cells.x, MOST)
    found = accuracy.binned(groups, expected, cells.actual, cells.count)
    return [{"x": float(x), **each._asdict()} for x, each in zip(np.unique(groups), found, strict=True)]
