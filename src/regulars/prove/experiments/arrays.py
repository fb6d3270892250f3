"""Sums of an experiment whose customers are arrays already: simulations, and formulas tried out by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from regulars.prove.experiments.moments import Cell, Moments
from regulars.prove.experiments.survey import MISSING


def moments_of(
    arm: ArrayLike,
    outcomes: Mapping[str, ArrayLike],
    covariates: Mapping[str, ArrayLike] | None = None,
    *,
    strata: ArrayLike | None = None,
    household: ArrayLike | None = None,
) -> Moments:
    """Return sums by arm and stratum, as the engine takes them from a table, in floating point.

    Parameters
    ----------
    arm, strata, household
        One element a customer.
    outcomes, covariates
        Columns by name; NaN in a covariate is a customer without it.
    """
    names, columns = list(outcomes), [np.asarray(each, np.float64) for each in outcomes.values()]
    for name, values in (covariates or {}).items():
        column = np.asarray(values, np.float64)
        missing = np.isnan(column)
        names.append(name)
        columns.append(np.where(missing, 0.0, column))
        if missing.any():
            names.append(MISSING.format(name))
            columns.append(missing.astype(np.float64))
    values = np.stack(columns)
    mean = values.mean(axis=1)
    nonzero = values[: len(outcomes)] != 0
    rows = np.vstack([np.ones(values.shape[1]), values - mean[:, None]])
    arms, place = np.unique(np.asarray(arm).astype(str), return_inverse=True)
    levels, level = np.unique(np.asarray("" if strata is None else strata).astype(str), return_inverse=True)
    at = place * levels.size + level  # one stratum is broadcast
    cells = {}
    for code in np.unique(at):
        inside = at == code
        mine = rows[:, inside] if household is None else _added(rows[:, inside], np.asarray(household)[inside])
        bought = tuple(int(n) for n in nonzero[:, inside].sum(axis=1))
        key = (str(arms[code // levels.size]), str(levels[code % levels.size]))
        cells[key] = Cell(mine.shape[1], mine.sum(axis=1), mine @ mine.T, bought)
    k = len(outcomes)
    return Moments(tuple(names[:k]), tuple(names[k:]), np.append(0.0, mean), cells)


def _added(rows: np.ndarray, household: np.ndarray) -> np.ndarray:
    homes, place = np.unique(household, return_inverse=True)
    return np.stack([np.bincount(place, weights=row, minlength=homes.size) for row in rows])
