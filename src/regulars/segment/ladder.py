"""Where to cut a column into classes: an exact outline of its distribution, and cuts that never part equal values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw

from regulars import engine
from regulars.engine import Frame
from regulars.errors import InputError
from regulars.words import T

STEPS = 1000
"""Rungs of a ladder: cuts at multiples of 0.1 % of the customers are exact, whatever their number."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """A column's values from low to high in at most `STEPS` rungs; equal values stand on one rung.

    Parameters
    ----------
    lowest
        The smallest value on each rung, ascending.
    counts
        How many customers stand on each rung.
    """

    lowest: tuple[float, ...]
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Customers with a value."""
        return sum(self.counts)


def ladder(customers: Frame, column: str) -> Ladder:
    """Return the outline of `column` over the customers that have a value: one sort in the engine, few rows out.

    A rung begins wherever the number of customers with a smaller value passes a multiple of 1/1000 of all; so the
    value at each such share and the next smaller one are known exactly, and no two customers with equal values are
    parted.
    """
    values = customers.select(nw.col(column).cast(nw.Float64).alias("value")).filter(~nw.col("value").is_null())
    total = engine.n_rows(values)
    if total == 0:
        return Ladder((), ())
    # Equal values first: few are left to be put in order.
    distinct = values.group_by("value").agg(nw.len().cast(nw.Int64).alias("n"))
    below = nw.col("n").cum_sum().over(order_by="value") - nw.col("n")
    rungs = distinct.with_columns((below.cast(nw.Int64) * STEPS // total).alias("rung")).group_by("rung")
    outline = rungs.agg(nw.col("value").min().alias("lowest"), nw.col("n").sum().alias("n"))
    outline = engine.to_arrow(outline).sort_by("lowest")
    return Ladder(tuple(outline["lowest"].to_pylist()), tuple(int(n) for n in outline["n"].to_pylist()))


@dataclass(frozen=True, slots=True)
class Cut:
    """The smallest value that belongs to the top class (``None``: nobody belongs) and how many reach it."""

    at: float | None
    n: int


def top(rungs: Ladder, share: float, *, above: float = 0.0) -> Cut:
    """Return the cut whose top class holds the share of customers nearest to `share`.

    Equal values stay together; of two cuts equally near the lower one counts. Only values greater than `above` can be
    at the top: a customer who brings nothing is not among the best, however poor the others are.

    Parameters
    ----------
    share
        The wanted share of customers at the top, between 0 and 1.
    """
    wanted = share * rungs.total
    best, reached = Cut(None, 0), 0
    for value, n in zip(reversed(rungs.lowest), reversed(rungs.counts), strict=True):
        reached += n
        if value <= above or abs(reached - wanted) > abs(best.n - wanted):
            break
        best = Cut(value, reached)
    return best


def even(rungs: Ladder, n: int, *, low_is_best: bool = False) -> tuple[float, ...]:
    """Return up to ``n - 1`` ascending edges (an edge belongs to the class above) of classes as even as ties allow.

    From the worst value up, each class takes an equal share of those who are still left, so one crowded value (bought
    once) fills the lowest class alone and the others still get all the classes above it.

    Parameters
    ----------
    n
        The wanted number of classes; fewer come where there are fewer different values.
    low_is_best
        Start from the largest value instead: days since the last purchase.
    """
    groups = list(zip(rungs.lowest, rungs.counts, strict=True))
    if low_is_best:
        groups.reverse()
    edges: list[float] = []
    left, taken = rungs.total, 0
    for place, (value, count) in enumerate(groups):
        classes = n - len(edges)
        overshoots = taken + count - left / classes > left / classes - taken
        last_chance = len(groups) - place <= classes - 1
        if taken and classes > 1 and (overshoots or last_chance):
            edges.append(groups[place - 1][0] if low_is_best else value)
            left, taken = left - taken, 0
        taken += count
    return tuple(sorted(edges))


def check_share(share: float, name: T) -> None:
    """Refuse a share that is not strictly between 0 and 1, by the name that the user knows it under."""
    if not 0 < share < 1:
        raise InputError(
            T(zh="{name}不能是 {share}", en="{name} cannot be {share}").format(name=name, share=share),
            remedy=T(zh="写成 0 到 1 之间的数，如 0.8。", en="Give a number between 0 and 1, such as 0.8."),
        )


def step(column: str, edges: Sequence[float], scores: Sequence[int]) -> nw.Expr:
    """Return ``scores[i]`` for a value that has reached `i` of the ascending `edges`; null stays null."""
    value = nw.col(column).cast(nw.Float64)
    score = nw.lit(scores[0])
    for edge, before, after in zip(edges, scores[:-1], scores[1:], strict=True):
        score = score + nw.when(value >= edge).then(after - before).otherwise(0)
    return nw.when(~value.is_null()).then(score.cast(nw.Int64))
