"""Who is in the universal hold-out: drawn by a hash of seed and customer alone, so whoever is in it stays in it."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars import engine
from regulars.prove import experiments
from regulars.web.campaigns.models import UniversalHoldout

Numbers = NDArray[np.int64]


def drawn(numbers: Numbers, setting: UniversalHoldout | None = None) -> Numbers:
    """Return which of `numbers` are in the universal hold-out, whether that was written down yet or not."""
    rule = setting or UniversalHoldout.current()
    if not rule.share or not numbers.size:
        return numbers[:0]
    with engine.session(memory_limit="512MB", threads=1) as connection:
        listed = engine.frame(connection.from_arrow(pa.table({"customer_id": numbers})))
        held = experiments.universal(listed, seed=rule.seed, share=rule.share).filter(nw.col("held_out"))
        found: Numbers = engine.to_arrow(held.select("customer_id"))["customer_id"].to_numpy()
    return np.sort(found)
