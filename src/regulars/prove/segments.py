"""Whether a segment, such as a channel or a store, is better served by a model of its own: by the rule for everyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw

from regulars import engine
from regulars.errors import NotEnoughData
from regulars.prove.backtest import measured
from regulars.prove.bootstrap import Difference, rmse_differences
from regulars.prove.candidates import Fitted, fit_candidate, stages
from regulars.prove.forecast import Forecast
from regulars.prove.judged import LEVEL, SEED, measures
from regulars.prove.origins import Origin, Plan, hashed_sample, read_cells
from regulars.prove.selection import SAMPLE, Choice, choose_model
from regulars.words import T

FEWEST_CUSTOMERS = 1_000
FEWEST_REPEATERS = 200
MOST = 100
RULE = T(
    zh="起点上至少有 {n:,} 位客户、其中 {r} 位复购过的客户群，按同一规则自选模型、单独估计；其余沿用共同的模型。",
    en="A segment with {n:,} customers at the origin or more, {r} of them repeat buyers, chooses a model of its own by "
    "the same rule; the others keep the common one.",
).format(n=FEWEST_CUSTOMERS, r=FEWEST_REPEATERS)


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment on the last origin: its own model beside the common one, both judged on its customers.

    `gap` is the RMSE of its own model less that of the common one; `choice`, `own` and `gap` are None where the segment
    is too small for a model of its own.
    """

    name: str
    customers: int
    repeaters: int
    common: dict[str, Any]
    choice: Choice | None = None
    own: dict[str, Any] | None = None
    gap: Difference | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the segment as ``backtest.json`` carries it."""
        return {
            "name": self.name,
            "customers": self.customers,
            "repeaters": self.repeaters,
            "choice": None if self.choice is None else self.choice.as_dict(),
            "own": self.own,
            "common": self.common,
            "rmse_against_common": None if self.gap is None else self.gap.as_dict("common", self.customers),
        }


def compare_segments(occasions: Any, members: Any, origins: Plan, common: Fitted) -> list[Segment]:
    """Return the `MOST` largest segments, the largest first, with their own model where they are large enough.

    Parameters
    ----------
    occasions
        One row a customer-day: ``customer_id, occasion_date``.
    members
        ``customer_id, segment``, one row a customer.
    origins
        Earlier origins to choose on and the last one to judge on.
    common
        The model chosen and fitted on everyone, the same for all.
    """
    at = origins.card
    if at is None:
        return []
    joined = engine.persist(engine.frame(occasions).join(engine.frame(members), on="customer_id", how="inner"))
    try:
        return [_judge(joined, name, origins, at, common) for name in _sizes(joined, at.origin)]
    finally:
        engine.release(joined)


def _sizes(joined: engine.Frame, origin: date) -> list[str]:
    """Return the segments known at the origin, the `MOST` largest, the largest first."""
    known = joined.filter(nw.col("occasion_date") <= nw.lit(origin))
    counts = known.group_by("segment").agg(n=nw.col("customer_id").n_unique().cast(nw.Int64))
    return [str(row["segment"]) for row in sorted(
        engine.to_arrow(counts).to_pylist(), key=lambda row: (-row["n"], row["segment"])
    )][:MOST]  # fmt: skip


def _judge(joined: engine.Frame, name: str, origins: Plan, at: Origin, common: Fitted) -> Segment:
    theirs = joined.filter(nw.col("segment") == name)
    cells = read_cells(theirs, at)
    shared = Forecast(common.law, cells).expected
    plain = Segment(name, cells.n, cells.repeaters, measures(shared, cells))
    if cells.n < FEWEST_CUSTOMERS or cells.repeaters < FEWEST_REPEATERS:
        return plain
    sample = hashed_sample(theirs, size=SAMPLE, of=cells.n)
    k = stages(measured(sample, origins))
    choice = choose_model([read_cells(sample, each) for each in origins.choosing], sampled=sample is not theirs, k=k)
    if sample is not theirs:
        engine.release(sample)
    try:
        own = Forecast(fit_candidate(choice.model, cells, k=k).law, cells).expected
    except NotEnoughData:
        return plain
    forecasts = {"own": own, "common": shared}
    gap = rmse_differences(forecasts, cells.actual, cells.count, against="common", seed=SEED, level=LEVEL)["own"]
    return Segment(name, cells.n, cells.repeaters, plain.common, choice, measures(own, cells), gap)
