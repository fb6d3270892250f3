"""RFM: how recently, how often, how much; 1 (worst) to 5 (best), equal values never parted, edges shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw

from regulars import engine
from regulars.engine import Frame
from regulars.errors import InputError
from regulars.segment.ladder import Ladder, even, ladder, step
from regulars.words import T


@dataclass(frozen=True, slots=True)
class Scale:
    """How one of the three is scored.

    Parameters
    ----------
    column
        The column scored.
    edges
        Ascending; a value on an edge belongs to the class above it.
    scores
        The score of each class from the lowest values to the highest: one more than there are edges.
    """

    column: str
    edges: tuple[float, ...]
    scores: tuple[int, ...]

    def band(self, score: int) -> tuple[float | None, float | None]:
        """Return the values that get `score`: from (inclusive) and to (exclusive), ``None`` for open."""
        place = self.scores.index(score)
        bounds = (None, *self.edges, None)
        return bounds[place], bounds[place + 1]


@dataclass(frozen=True, slots=True)
class RfmEdges:
    """The three scales of one run, and what has to be said about them."""

    r: Scale
    f: Scale
    m: Scale
    notes: tuple[T, ...] = ()

    def as_dict(self) -> dict[str, list[float]]:
        """Return the edges by letter, as reports carry them."""
        return {"r": list(self.r.edges), "f": list(self.f.edges), "m": list(self.m.edges)}


_NAMES = {
    "r": T(zh="距上次下单天数", en="days since the last order"),
    "f": T(zh="下单次数", en="number of orders"),
    "m": T(zh="累计金额", en="total spend"),
}


COLUMNS = {"r": "days_since_last_purchase", "f": "n_purchases", "m": "lifetime_revenue"}
"""What each letter scores, by default."""


def edges_kept(kept: Mapping[str, Sequence[float]], n: int = 5) -> RfmEdges:
    """Return the edges that `RfmEdges.as_dict` gave, of the default columns."""
    r, f, m = (_scored(c, tuple(kept[letter]), n, low_is_best=letter == "r") for letter, c in COLUMNS.items())
    return RfmEdges(r, f, m)


def rfm(
    customers: Frame,
    n: int = 5,
    *,
    recency: str = COLUMNS["r"],
    frequency: str = COLUMNS["f"],
    monetary: str = COLUMNS["m"],
) -> tuple[Frame, RfmEdges]:
    """Add `r_score`, `f_score`, `m_score` (1 … n, n best) and `rfm` ("543"), and return the edges used.

    Recency is the days *since* the last purchase (fewer is better), frequency the purchases so far, monetary the
    total spend so far. Each class takes an equal share of those left after the classes below it, and equal values
    share a class: where half of the customers bought once they fill class 1 and the others still spread over 2 … n.
    With fewer different values than classes the scores spread over 1 … n with gaps (two values: 1 and n; one value:
    the middle) and a note says so. A null value has no score.

    Parameters
    ----------
    customers
        One row a customer; read once for each scale, so hand in a persisted frame.
    n
        Classes of each scale, 2 to 9.

    Raises
    ------
    InputError
        When `n` is not between 2 and 9.
    """
    edges = rfm_edges(customers, n, recency=recency, frequency=frequency, monetary=monetary)
    return score_rfm(customers, edges), edges


def rfm_edges(
    customers: Frame,
    n: int = 5,
    *,
    recency: str = COLUMNS["r"],
    frequency: str = COLUMNS["f"],
    monetary: str = COLUMNS["m"],
) -> RfmEdges:
    """Return the edges that `rfm` draws."""
    if not 2 <= n <= 9:
        raise InputError(
            T(zh=f"RFM 不能分 {n} 档", en=f"RFM cannot have {n} classes"),
            remedy=T(zh="分 2 到 9 档。", en="Use 2 to 9."),
        )
    scales, notes = {}, []
    for letter, column in {"r": recency, "f": frequency, "m": monetary}.items():
        scales[letter] = _scale(column, ladder(customers, column), n, low_is_best=letter == "r")
        classes = len(scales[letter].scores)
        if 0 < classes < n:
            notes.append(
                T(
                    zh="{what}只有 {k} 种能分开的值，所以只分 {k} 档。",
                    en="The {what} can only be told apart in {k} ways, so it has {k} of {n} scores.",
                ).format(what=_NAMES[letter], k=classes, n=n)
            )
    return RfmEdges(**scales, notes=tuple(notes))


def score_rfm(customers: Frame, edges: RfmEdges) -> Frame:
    """Add the scores and `rfm` by edges drawn before."""
    scored = customers.with_columns(
        step(scale.column, scale.edges, scale.scores).alias(f"{letter}_score")
        for letter, scale in (("r", edges.r), ("f", edges.f), ("m", edges.m))
    )
    digits = nw.col("r_score") * 100 + nw.col("f_score") * 10 + nw.col("m_score")
    return scored.with_columns(digits.cast(nw.String).alias("rfm"))


def _scale(column: str, rungs: Ladder, n: int, *, low_is_best: bool) -> Scale:
    return _scored(column, even(rungs, n, low_is_best=low_is_best), n, low_is_best=low_is_best)


def _scored(column: str, edges: tuple[float, ...], n: int, *, low_is_best: bool) -> Scale:
    classes = len(edges) + 1
    scores = [(n + 1) // 2] if classes == 1 else [1 + round(i * (n - 1) / (classes - 1)) for i in range(classes)]
    return Scale(column, edges, tuple(reversed(scores) if low_is_best else scores))


def rfm_cells(customers: Frame, *, value: str) -> list[dict[str, object]]:
    """Return the recency × frequency grid: customers and the exact sum of `value` in each cell that has any."""
    cells = (
        customers.filter(~nw.col("r_score").is_null(), ~nw.col("f_score").is_null())
        .group_by("r_score", "f_score")
        .agg(nw.len().alias("n"), engine.money_sum(value).alias("value"))
    )
    table = engine.to_arrow(cells).sort_by([("r_score", "ascending"), ("f_score", "ascending")])
    return [{"r": c["r_score"], "f": c["f_score"], "n": int(c["n"]), "value": c["value"]} for c in table.to_pylist()]
