"""How often a refit is called for where nothing has changed, and how soon where something has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from regulars.prove.accuracy import histogram_distance, pit_histogram
from regulars.prove.candidates import fit_candidate
from regulars.prove.forecast import Forecast
from regulars.prove.history import History, simulated_history
from regulars.prove.refit import refit_due
from regulars.simulate.company import Company

MODEL = "MBG/NBD"
ORIGIN, WEEKS = 78, 13
"""The fit is made after so many weeks and looked at in each of the weeks that follow."""
LOOKS = (4, 8, 13)
"""The weeks at which a changed base is looked at."""
DRAWS = 25
BASE: dict[str, Any] = {
    "process": "mbg_nbd", "weeks": ORIGIN + WEEKS + 1, "future_weeks": 0, "arrival_share": 0.7,
    "r": 0.6, "alpha": 8.0, "a": 0.9, "b": 2.2,
}  # fmt: skip
CHANGES = ("less", "more", "others")
"""After the fit three purchases of ten are not made; three of ten are made twice; half of the customers buy in the
place of one another, so that the total stays."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One base: whether a refit was called for in each week of the quarter, and after each change at each look."""

    steady: list[bool]
    changed: dict[str, list[bool]]


def watch(customers: int, seed: int) -> Watched:
    """Fit a base, then hold the fit against what follows, as it is and changed.

    The PIT of the card is that of an earlier fit a quarter before, as in a run.
    """
    history = simulated_history(Company(n_customers=customers, seed=seed, **BASE)).by_day()
    before = history.cells(float(ORIGIN - WEEKS), float(WEEKS))
    earlier = fit_candidate(MODEL, before, rough=True)
    card = histogram_distance(pit_histogram(*Forecast(earlier.law, before).pit_bounds, before.count))
    fitted = fit_candidate(MODEL, history.cells(float(ORIGIN), 1.0))
    draws = fitted.draws(DRAWS, seed=seed)

    def due(after: History, week: int) -> bool:
        return refit_due(fitted.law, after.cells(float(ORIGIN), float(week)), draws=draws, card_distance=card).due

    rng = np.random.default_rng([seed, 29])
    changed = {kind: _changed(history, kind, rng) for kind in CHANGES}
    return Watched(
        [due(history, week) for week in range(1, WEEKS + 1)],
        {kind: [due(after, week) for week in LOOKS] for kind, after in changed.items()},
    )


def _changed(history: History, kind: str, rng: np.random.Generator) -> History:
    later = history.week > ORIGIN
    some = later & (rng.random(later.size) < 0.3)
    if kind == "less":
        return History(history.customer[~some], history.week[~some])
    if kind == "more":
        days = rng.integers(7 * ORIGIN + 1, 7 * (ORIGIN + WEEKS) + 1, int(some.sum()))
        return _sorted(np.append(history.customer, history.customer[some]), np.append(history.week, days / 7))
    first = np.unique(history.customer, return_index=True)[1]
    known = np.flatnonzero(history.week[first] <= ORIGIN)
    half = known[rng.random(known.size) < 0.5]
    place = np.arange(first.size)
    place[half] = rng.permutation(half)
    return _sorted(np.where(later, place[history.customer], history.customer), history.week)


def _sorted(customer: Any, week: Any) -> History:
    order = np.lexsort((week, customer))
    return History(customer[order], week[order])
