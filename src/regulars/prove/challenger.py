"""The challenger: boosted trees on what was known of each customer, taught on one origin and tried on the next.

It is there to be compared with. It says how many purchases to expect and nothing of who is gone or how sure it is, so
it is never chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa

from regulars import engine
from regulars.errors import NotEnoughData
from regulars.measure.lifetime.grouped_law import AnyLaw
from regulars.prove.bootstrap import Difference, rmse_differences
from regulars.prove.candidates import YARDSTICK
from regulars.prove.features import earlier, features_at, outcomes
from regulars.prove.forecast import Forecast
from regulars.prove.judged import measures
from regulars.prove.members import CODE, Members
from regulars.prove.origins import DAYS_A_WEEK, SHORTEST_DAYS, Cells, Floats, Origin, hashed_sample
from regulars.prove.selection import enough
from regulars.words import T

NAME = "challenger"
TITLE = T(zh="挑战者（提升树）", en="challenger (boosted trees)")
LARGEST = 100_000
"""Customers that the challenger learns from and is tried on, where there are more: a hashed sample."""
SEED = 20011001
NO_LIBRARY = T(
    zh='没有安装 scikit-learn，所以没有挑战者：pip install "regulars[challenger]"。',
    en='scikit-learn is not installed, so there is no challenger: pip install "regulars[challenger]".',
)
TOO_LITTLE = T(
    zh="较早的历史太短或客户太少，挑战者无从学起。", en="The history is too short or too small to teach a challenger."
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Customers at an origin, one row each: what was known of them, and `cells` with what they then did."""

    known: Floats
    cells: Cells


def lesson(occasions: Any, at: Origin, members: Members | None = None) -> Lesson:
    """Read what was known of every customer at the origin, and what came of it; rows in an order of their own."""
    came = outcomes(occasions, after=at.origin, until=at.until)
    rows = features_at(occasions, at.origin, days=at.days).join(came, on="customer_id", how="left")
    rows = rows if members is None else members.join(rows)
    table = engine.to_arrow(rows.with_columns(nw.col("actual").fill_null(0)).drop("customer_id"))
    columns = {name: _numbers(table[name]) for name in table.column_names}
    names = [*sorted(columns.keys() - set(KEYS)), *KEYS]  # the last sorts first, and the order is that of `Cells`
    order = np.lexsort([columns[name] for name in names])
    x, age, t_x, actual = (columns[name][order] for name in reversed(KEYS))
    known = np.stack([columns[name][order] for name in names if name != "actual"], axis=1)
    group = None if members is None else members.membership(table[CODE]).at(order)
    return Lesson(known, Cells(x, t_x / DAYS_A_WEEK, age / DAYS_A_WEEK, actual, np.ones(x.size), at.days, group))


KEYS = ("actual", "t_x_days", "T_days", "x")


def _numbers(column: pa.ChunkedArray) -> Floats:
    values: Floats = column.cast(pa.float64()).to_numpy()
    return values


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the challenger learns from and what it is tried on; nothing after this reads a table."""

    taught: Lesson
    tried: Lesson

    def forecast(self) -> Floats:
        """Return the purchases that boosted trees expect of the customers of `tried`, one element a row.

        Notes
        -----
        Histogram gradient boosting with the Poisson deviance; without early stopping, so that nothing is drawn. Where
        it was taught on a shorter hold-out, what it expects is stretched to the longer one.

        Raises
        ------
        NotEnoughData
            Where scikit-learn is not installed, or nobody bought while it was taught.
        """
        try:
            from sklearn.ensemble import HistGradientBoostingRegressor
            from threadpoolctl import threadpool_limits
        except ImportError:
            raise NotEnoughData(NO_LIBRARY) from None
        taught, tried = self.taught, self.tried
        if not enough(taught.cells) or not taught.cells.actual.any():
            raise NotEnoughData(TOO_LITTLE)
        trees = HistGradientBoostingRegressor(
            loss="poisson", max_iter=150, learning_rate=0.05, max_leaf_nodes=15, min_samples_leaf=30,
            l2_regularization=1.0, early_stopping=False, random_state=SEED,
        )  # fmt: skip
        with threadpool_limits(1, user_api="openmp"):  # trees this small wait for each other more than they work
            trees.fit(taught.known, taught.cells.actual)
            expected: Floats = trees.predict(tried.known) * (tried.cells.days / taught.cells.days)
        return expected


def see_challenge(
    occasions: Any, at: Origin, *, first: date, n_customers: int, members: Members | None = None
) -> Challenge:
    """Read what a challenge at an origin needs: taught on what was known by then, tried on what came after.

    Parameters
    ----------
    occasions
        One row a customer-day: ``customer_id, occasion_date`` and, where spend is to count, ``net_amount``.
    at
        The origin of the card.
    first
        Day of the first purchase.
    n_customers
        Customers in `occasions`; above `LARGEST` a hashed sample is taken.
    members
        Customers' groups, where they are known: the challenger may go by them, too.

    Raises
    ------
    NotEnoughData
        Where there is no history to teach it on.
    """
    learning = Origin(*earlier(at.origin, first, at.days))
    if learning.days < SHORTEST_DAYS // 2:
        raise NotEnoughData(TOO_LITTLE)
    sample = hashed_sample(occasions, size=LARGEST, of=n_customers)
    try:
        return Challenge(lesson(sample, learning, members), lesson(sample, at, members))
    finally:
        if sample is not occasions:
            engine.release(sample)


WHO = T(zh="挑战者", en="The challenger")
STAYS = T(
    zh="{said}它说不出谁还会来、有几分把握，所以仍用 {model}。",
    en="{said} It cannot say who is gone nor how sure it is, so {model} stays.",
)


@dataclass(frozen=True, slots=True)
class Tried:
    """How the challenger did: its row of the card, and whether it beat the chosen model, in words."""

    row: dict[str, Any]
    said: T


def try_challenger(challenge: Challenge, chosen: str, laws: Mapping[str, AnyLaw]) -> Tried | T:
    """Teach the challenger, try it beside the models on the same customers, and say what came of it, or why nothing."""
    try:
        expected = challenge.forecast()
    except NotEnoughData as error:
        return error.why
    cells = challenge.tried.cells
    beside = {name: Forecast(laws[name], cells).expected for name in {chosen, YARDSTICK} & laws.keys()}
    beside = {NAME: expected, **dict(sorted(beside.items()))}

    def less(base: str) -> Difference:
        return rmse_differences(beside, cells.actual, cells.count, against=base, seed=SEED)[NAME]

    found = measures(expected, cells)
    row = {
        "name": TITLE.as_dict(), "key": NAME, "kind": "challenger", "fitted_on": challenge.taught.cells.n, **found,
        "rmse_against": less(YARDSTICK).as_dict(YARDSTICK, cells.n) if YARDSTICK in beside else None,
    }  # fmt: skip
    gap = less(chosen)
    said = gap.said(WHO, chosen)
    return Tried(row, STAYS.format(said=said, model=chosen) if gap.high < 0 else said)
