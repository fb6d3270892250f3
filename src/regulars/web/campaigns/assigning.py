"""Who of an audience is treated and who is left alone: by chance, alike in every value class, households together."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars import engine
from regulars.prove import control
from regulars.web.campaigns.models import Campaign
from regulars.web.customers.selectors import linked
from regulars.web.facts.actions import matrix_of_all
from regulars.web.valuations.selectors import current

Numbers = NDArray[np.int64]


def assign(campaign: Campaign, numbers: Numbers) -> pa.Table:
    """Return the group of each customer: `customer_id, arm, propensity, stratum, household`, in order of customers.

    The same audience is split the same way by the same campaign, however often.
    """
    people = pa.table({"customer_id": numbers, "household": _households(numbers, linked())})
    with engine.session(memory_limit="1GB", threads=2) as connection:
        listed = engine.frame(connection.from_arrow(people))
        if campaign.by_class and (valuation := current()) is not None:
            classes = matrix_of_all(valuation.pk)
            listed = listed.join(engine.lookup(listed, classes), on="customer_id", how="left")
            stratum = "matrix"
        else:
            stratum = None
        together = "household" if people["household"].null_count < len(numbers) else None
        split = control.split(listed, seed=campaign.seed, share=campaign.share, stratum=stratum, household=together)
        columns = ("customer_id", "arm", "propensity", "stratum", "household")
        return engine.to_arrow(split.select(*columns).sort("customer_id"))


def _households(numbers: Numbers, pairs: Iterable[tuple[int, int]]) -> pa.Array:
    """Return the smallest number of those whom links hold together, null for who has none in the audience."""
    inside = {int(n) for pair in pairs for n in pair}
    inside &= set(numbers[np.isin(numbers, np.fromiter(inside, np.int64, len(inside)))].tolist()) if inside else set()
    above = {n: n for n in inside}

    def top(n: int) -> int:
        while above[n] != n:
            above[n] = above[above[n]]
            n = above[n]
        return n

    linked_here = set[int]()
    for a, b in pairs:
        if a in inside and b in inside:
            first, second = sorted((top(a), top(b)))
            above[second] = first
            linked_here |= {a, b}
    found: list[int | None] = [None] * len(numbers)
    for n in linked_here:
        found[int(np.searchsorted(numbers, n))] = top(n)
    return pa.array(found, pa.int64())
