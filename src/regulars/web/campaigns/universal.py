"""Who is in the universal hold-out: drawn by a hash of seed and customer alone, so whoever is in it stays in it.

It is read as one experiment on all campaigns and alerts together: those who were there when it began, held out or not.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars import engine
from regulars.prove import experiments
from regulars.prove.control import CONTROL, TREATED
from regulars.web.campaigns.models import Campaign, Proof, UniversalHoldout
from regulars.web.core import tables
from regulars.web.customers.selectors import known_at

Numbers = NDArray[np.int64]

WINDOW_DAYS = 364
LOOKS = (91, 182, 273)
"""It goes on; its first year is read, and each quarter on the way at a level that pays for looking early."""


class Rule(Protocol):
    """A share of all customers and what they are drawn from."""

    share: Decimal
    seed: str


def drawn(numbers: Numbers, setting: Rule | None = None) -> Numbers:
    """Return which of `numbers` are in the universal hold-out, whether that was written down yet or not."""
    rule = setting or UniversalHoldout.current()
    if not rule.share or not numbers.size:
        return numbers[:0]
    with engine.session(memory_limit="512MB", threads=1) as connection:
        listed = engine.frame(connection.from_arrow(pa.table({"customer_id": numbers})))
        held = experiments.universal(listed, seed=rule.seed, share=rule.share).filter(nw.col("held_out"))
        found: Numbers = engine.to_arrow(held.select("customer_id"))["customer_id"].to_numpy()
    return np.sort(found)


def assigned(rule: Rule, began: datetime) -> pa.Table:
    """Return the groups of those who were there when a hold-out began: `customer_id, arm, stratum, household`."""
    numbers = tables.numbers(known_at(began))
    held = np.isin(numbers, drawn(numbers, rule), assume_unique=True)
    return pa.table(
        {
            "customer_id": numbers,
            "arm": pa.array(np.where(held, CONTROL, TREATED)),
            "stratum": pa.array([""]).take(pa.array(np.zeros(len(numbers), np.int64))),
            "household": pa.nulls(len(numbers), pa.int64()),
        }
    )


def spent(first: date, last: date) -> Decimal:
    """Return what the campaigns that began within these days have cost, as far as it is known."""
    within = Campaign.objects.filter(first_day__range=(first, last)).values("holdout")
    total = Decimal(0)
    for one in Proof.objects.filter(holdout__in=within):
        known = one.n_treated * one.contact_cost + one.fixed_cost
        total += known if one.spent is None else Decimal(one.spent).quantize(Decimal("0.01"))
    return total
