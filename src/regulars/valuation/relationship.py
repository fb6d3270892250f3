"""Which kind of relationship the purchases of a run show, on some of its customers."""

from __future__ import annotations

from datetime import date

import numpy as np

from regulars import engine
from regulars.engine import Frame
from regulars.measure.lifetime.kind import Kind, kind_of_purchases
from regulars.prove.origins import hashed_sample

SAMPLE = 5_000
_ORIGIN = date(1970, 1, 1)


def relationship(occasions: Frame, *, n_customers: int, customers: Frame) -> Kind:
    """Return the kind that occasions show, on about 5,000 customers chosen by a hash of their ids."""
    some = hashed_sample(occasions, size=SAMPLE, of=n_customers, customers=customers, salt="relationship")
    days = engine.days_between(engine.frame(some), _ORIGIN, "occasion_date", name="day").select("customer_id", "day")
    table = engine.to_arrow(days)
    codes = table["customer_id"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    return kind_of_purchases(codes.astype(np.int64), table["day"].to_numpy().astype(np.int64))
