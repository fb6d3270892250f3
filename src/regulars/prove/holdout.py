"""The card: what every model and every naive rule would have said on the last origin, beside what happened."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from regulars.errors import NotEnoughData
from regulars.prove import accuracy
from regulars.prove.candidates import PREFERENCE, Fits, Fitted, fit_candidate
from regulars.prove.forecast import Floats, Forecast
from regulars.prove.origins import Cells, Origin, read_cells
from regulars.prove.selection import enough
from regulars.prove.totals import Total, total_interval
from regulars.prove.tracking import Track, track
from regulars.words import T

LEVEL = 0.9
DRAWS = 100
SEED = 20051101

BASELINES: dict[str, T] = {
    "repeats": T(zh="至今复购次数", en="repeat purchases so far"),
    "own_rate": T(zh="各自的购买频率不变", en="everyone keeps their own rate"),
    "mean_rate": T(zh="人人都按平均频率", en="everyone at the mean rate"),
    "zero": T(zh="没有人再来", en="nobody returns"),
}


LOST = T(
    zh="留出期里，简单的办法“{rule}”比模型预测得准（均方根误差 {best:.2f}，模型 {mine:.2f}）：这里不要太信模型。",
    en="In the hold-out a naive rule, {rule}, came closer than the model (RMSE {best:.2f} against {mine:.2f}): do not "
    "trust the model much here.",
)


def baseline(key: str, cells: Cells) -> Floats:
    """Return what a naive rule expects in the hold-out, one element a cell.

    ``repeats``: as many as so far, whatever the horizon; ``own_rate``: x / T · horizon; ``mean_rate``: Σx / ΣT ·
    horizon for everyone; ``zero``: nothing.
    """
    if key == "repeats":
        return cells.x
    if key == "own_rate":
        rate: Floats = np.divide(cells.x, cells.T, out=np.zeros(cells.x.size), where=cells.T > 0)
        return rate * cells.horizon
    if key == "mean_rate":
        age = float(cells.count @ cells.T)
        return np.full(cells.x.size, float(cells.count @ cells.x) / age * cells.horizon if age > 0 else 0.0)
    if key == "zero":
        return np.zeros(cells.x.size)
    raise KeyError(key)


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


@dataclass(frozen=True)
class Card:
    """The last origin: models and naive rules beside each other, and how well the chosen model knows its own error."""

    origin: Origin
    cells: Cells
    chosen: Fitted
    forecast: Forecast
    table: list[dict[str, Any]]
    total: Total
    track: Track

    def as_dict(self) -> dict[str, Any]:
        """Return the card as the report and ``backtest.json`` carry it."""
        return dict(self._figures)

    @cached_property
    def _figures(self) -> dict[str, Any]:
        n = self.cells.count
        below, upto = self.forecast.pit_bounds
        low, high = self.forecast.intervals(LEVEL)
        cover = accuracy.coverage(low, high, self.cells.actual, n)
        actual = float(n @ self.cells.actual)
        pit = accuracy.uniformity(accuracy.randomised_pit(below, upto, n, seed=SEED))
        return {
            "origin": self.origin.origin.isoformat(),
            "until": self.origin.until.isoformat(),
            "horizon_days": self.origin.days,
            "n_customers": self.cells.n,
            "models": self.table,
            "chosen": self.chosen.name,
            "boundary": _words(self.chosen.boundary),
            "level": LEVEL,
            "coverage90": cover.share,
            "mean_width": cover.mean_width,
            "winkler": accuracy.winkler(low, high, self.cells.actual, n, level=LEVEL),
            "pit": [float(share) for share in accuracy.pit_histogram(below, upto, n)],
            "pit_distance": pit.distance,
            "total_interval": [self.total.low, self.total.high],
            "total_process_sd": self.total.process_sd,
            "total_parameter_sd": self.total.parameter_sd,
            "lost_to": _words(self.lost_to),
            "contains": bool(self.total.low <= actual <= self.total.high),
        }

    @property
    def lost_to(self) -> T | None:
        """Which naive rule came closer than the chosen model (RMSE), in words; None where none did."""
        by_key = {row["key"]: row for row in self.table}
        mine, best = by_key[self.chosen.name], min((by_key[key] for key in BASELINES), key=lambda row: row["rmse"])
        if mine["rmse"] <= best["rmse"]:
            return None
        return LOST.format(rule=BASELINES[best["key"]], best=best["rmse"], mine=mine["rmse"])

    def tracking(self) -> dict[str, Any]:
        """Return cumulative repeat purchases by week, actual and by the chosen model, as the report carries them."""
        t = self.track
        model = t.expected(self.chosen.model.expected_purchases_new)
        return {
            "start": t.start.isoformat(),
            "weeks": [float(day) / 7 for day in t.days],
            "actual": [float(v) for v in t.actual],
            "model": [float(v) for v in model],
            "split_week": (t.origin - t.start).days / 7,
        }


@dataclass(frozen=True)
class Seen:
    """What the card is reckoned from: the customers known at the origin and what they did until its end."""

    origin: Origin
    cells: Cells
    sample: Cells
    track: Track


def see(occasions: Any, origin: Origin, *, sample: Any = None, firsts: Any = None) -> Seen:
    """Read what the card needs; nothing after this reads a table.

    `firsts` has `customer_id, first_purchase`, one row a customer, where that is at hand.

    Raises
    ------
    NotEnoughData
        When the origin knows too few customers or repeat buyers.
    """
    cells = read_cells(occasions, origin)
    if not enough(cells):
        raise NotEnoughData(_too_few(cells, origin))
    fit_cells = cells if sample is None or sample is occasions else read_cells(sample, origin)
    return Seen(origin, cells, fit_cells, track(occasions, origin=origin.origin, until=origin.until, firsts=firsts))


def reckon(seen: Seen, *, chosen: str, fit: Fits) -> Card:
    """Fit on everything up to the origin, forecast to its end, compare.

    The chosen model is fitted on all customers. The others, there for comparison, are fitted on the sample where there
    is one, and the row says so; every row is scored on all customers.
    """
    cells = seen.cells
    fitted = fit_candidate(chosen, cells)
    forecast = Forecast(fitted.law, cells)
    table = [_row(chosen, forecast.expected, cells, fitted.boundary, cells.n)]
    table += _others(seen.sample, cells, chosen, fit)
    table += [
        {"name": words.as_dict(), "key": key, "kind": "baseline", **measures(baseline(key, cells), cells)}
        for key, words in BASELINES.items()
    ]
    total = total_interval(forecast, fitted.draws(DRAWS, seed=SEED), level=LEVEL)
    return Card(seen.origin, cells, fitted, forecast, table, total, seen.track)


def holdout_card(occasions: Any, origin: Origin, *, chosen: str, sample: Any = None) -> Card:
    """Return the card of one origin: `see`, then `reckon`."""
    return reckon(see(occasions, origin, sample=sample), chosen=chosen, fit=Fits())


def _too_few(cells: Cells, origin: Origin) -> T:
    return T(
        zh="{day} 时只有 {n} 位客户、{r} 位复购客户，不够检验预测。",
        en="On {day} there were {n} customers, {r} of them repeat buyers: too few to test a forecast.",
    ).format(day=origin.origin.isoformat(), n=cells.n, r=cells.repeaters)


def _row(name: str, expected: Floats, cells: Cells, boundary: T | None, fitted_on: int) -> dict[str, Any]:
    return {
        "name": name,
        "key": name,
        "kind": "model",
        "fitted_on": fitted_on,
        "boundary": _words(boundary),
        **measures(expected, cells),
    }


def _words(words: T | None) -> dict[str, str] | None:
    return None if words is None else words.as_dict()


def _others(fit_cells: Cells, cells: Cells, chosen: str, fit: Fits) -> list[dict[str, Any]]:
    rows = []
    for name in PREFERENCE:
        if name == chosen:
            continue
        try:
            fitted = fit(name, fit_cells)
            rows.append(_row(name, Forecast(fitted.law, cells).expected, cells, fitted.boundary, fit_cells.n))
        except NotEnoughData:
            continue
    return rows
