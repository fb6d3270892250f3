"""Scoring: what a fitted model says of each distinct history, as a small table that is joined back to the customers.

Customers with the same (x, t_x, T) have the same P(alive), purchases to come and interval; what they will spend differs
by a factor of their own, v + x·m. So nothing is computed a customer: a table of histories goes back to the engine, and
closed expressions do the rest there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pyarrow as pa

from regulars.engine import Frame, lookup, to_arrow
from regulars.errors import NotEnoughData
from regulars.measure.lifetime.counts import table
from regulars.measure.lifetime.grouped_law import AnyLaw, Membership, law_of
from regulars.measure.lifetime.law import Law
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.spend import Spend
from regulars.measure.lifetime.triples import Ints
from regulars.measure.lifetime.value import factor_table
from regulars.periods import discount_per_unit
from regulars.prove.members import CODE, Members
from regulars.valuation.settings import Settings
from regulars.words import T

KEYS = ("x", "t_x_days", "T_days")
IN_ORDER = ("x", "T_days", "t_x_days")
"""How histories are sorted, wherever arrays run parallel to them."""

DAYS_A_WEEK = 7.0
LATE = 0.9
"""A customer is late beyond this point of the gap that their own history predicts."""


@dataclass(frozen=True)
class Histories:
    """Distinct (x, t_x, T) in whole days, sorted, with the customers of each; of each group, where groups differ."""

    x: Ints
    t_x_days: Ints
    T_days: Ints
    count: Ints
    group: Membership | None = None

    @property
    def weeks(self) -> tuple[Floats, Floats, Floats]:
        """x, t_x and T with times in weeks, as the models take them."""
        return self.x.astype(np.float64), self.t_x_days / DAYS_A_WEEK, self.T_days / DAYS_A_WEEK

    def together(self) -> Histories:
        """Return the same histories with groups no longer told apart."""
        if self.group is None:
            return self
        rows = np.stack([self.x, self.T_days, self.t_x_days])
        starts = np.flatnonzero(np.concatenate([[True], (np.diff(rows, axis=1) != 0).any(axis=0)]))
        count = np.add.reduceat(self.count, starts)
        return Histories(self.x[starts], self.t_x_days[starts], self.T_days[starts], count)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that tell histories apart."""
        return KEYS if self.group is None else (*KEYS, CODE)


def histories(summary: Frame, members: Members | None = None) -> Histories:
    """Return the distinct histories of a customer summary; nothing is rounded.

    With `members` the summary has their `CODE`, and the same history in two groups is two.
    """
    keys = KEYS if members is None else (*KEYS, CODE)
    counted = summary.group_by(*keys).agg(nw.len().cast(nw.Int64).alias("count"))
    table = to_arrow(counted.sort(*in_order(keys)))
    x, t_x, age, count = (table[name].to_numpy().astype(np.int64) for name in (*KEYS, "count"))
    return Histories(x, t_x, age, count, None if members is None else members.membership(table[CODE]))


def in_order(keys: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that tell histories apart in the order in which they sort."""
    return (*IN_ORDER, *(key for key in keys if key not in KEYS))


@dataclass(frozen=True)
class Scores:
    """What the model says of every history; arrays run parallel to `histories`.

    ``given_*`` are given alive. ``factor_low, factor_high`` times (v + x·m) bound the spend of the horizon; 0 where
    value does not rest on spend.
    """

    histories: Histories
    p_alive: Floats
    given_expected: Floats
    given_discounted: Floats
    given_residual: Floats
    given_variance: Floats
    purchases_low: Ints
    purchases_high: Ints
    factor_low: Floats
    factor_high: Floats
    late_after_days: Floats
    due_after_days: Floats

    @property
    def expected(self) -> Floats:
        """Expected purchases within the horizon."""
        return self.p_alive * self.given_expected

    def table(self) -> pa.Table:
        """Return the lookup table: keys and scores."""
        h = self.histories
        columns: dict[str, Floats | Ints] = {
            "x": h.x,
            "t_x_days": h.t_x_days,
            "T_days": h.T_days,
            "p_alive": self.p_alive,
            "expected_purchases": self.expected,
            "expected_purchases_low": self.purchases_low,
            "expected_purchases_high": self.purchases_high,
            "_discounted": self.p_alive * self.given_discounted,
            "_residual": self.p_alive * self.given_residual,
            "_lost": (1.0 - self.p_alive) * self.given_discounted,
            "_factor_low": self.factor_low,
            "_factor_high": self.factor_high,
            "_late_after_days": self.late_after_days,
            "_due_after_days": self.due_after_days,
            **({} if h.group is None else {CODE: h.group.code}),
        }
        return pa.table(columns)


def score(law: AnyLaw, spend: Spend | None, known: Histories, settings: Settings) -> Scores:
    """Evaluate a fitted law on every distinct history.

    Parameters
    ----------
    law
        The lifetime model with its parameters, in weeks; where they differ by group, `known` says of which group.
    spend
        The Gamma-Gamma parameters; None: no interval of spend (the factors are 0).
    known
        The distinct histories.
    settings
        Horizon, discount rate and level.

    Notes
    -----
    Value intervals are those of undiscounted spend times the ratio of discounted to undiscounted expected purchases;
    the quantile of the factor is read from a table within 1 %. All are conditional on the fitted parameters.
    """
    x, t_x, T = known.weeks
    law = law_of(law, known.group)
    weeks, delta = settings.horizon_weeks, discount_per_unit(settings.discount_rate)
    future, row = law.given_alive(x, t_x, T)
    alive = law.probability_alive(x, t_x, T)
    counts = table(future, weeks)
    mean, square = counts.moments()
    expected, discounted = future.expected(weeks), future.discounted(weeks, delta)
    low_level, high_level = (1 - settings.level) / 2, (1 + settings.level) / 2
    factor_low = factor_high = np.zeros(len(x))
    if spend is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(expected > 0, discounted / expected, 1.0)
        cell_x = np.empty(len(future))
        cell_x[row] = x
        factors = factor_table(counts, cell_x, spend)
        factor_low, factor_high = (
            factors.quantile(level, alive, row) * ratio[row] for level in (low_level, high_level)
        )
    late, due = _gaps(law, x, t_x)
    return Scores(
        known,
        alive,
        expected[row],
        discounted[row],
        future.residual(delta)[row],
        (square - mean**2)[row],
        counts.quantile(low_level, alive, row),
        counts.quantile(high_level, alive, row),
        factor_low,
        factor_high,
        late,
        due,
    )


def _gaps(law: Law, x: Floats, t_x: Floats) -> tuple[Floats, Floats]:
    """Return after how many days of silence a customer is late, and after how many the next order is due.

    Both are points of the gap that was to be expected on the day of the last purchase.
    """
    future, row = law.given_alive(x, t_x, t_x)
    late, due = (np.minimum(future.gap(level) * DAYS_A_WEEK, 1e6)[row] for level in (LATE, 0.5))
    return late, due


def check(scores: Scores) -> None:
    """Refuse scores that are not numbers or not probabilities: a model that fails this publishes nothing.

    Raises
    ------
    NotEnoughData
        Saying that the model failed its checks.
    """
    arrays = (
        scores.p_alive,
        scores.given_expected,
        scores.given_discounted,
        scores.given_residual,
        scores.factor_low,
        scores.factor_high,
    )
    sound = all(np.isfinite(a).all() and (a >= 0).all() for a in arrays) and bool((scores.p_alive <= 1).all())
    if not sound:
        raise NotEnoughData(
            T(zh="模型没有通过检查，不发布它的数字", en="the model failed its checks, so its numbers are held back")
        )


def with_scores(customers: Frame, scores: Scores) -> Frame:
    """Join the scores of each history to its customers."""
    return customers.join(lookup(customers, scores.table()), on=list(scores.histories.keys), how="left")
