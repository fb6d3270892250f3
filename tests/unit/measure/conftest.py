"""Customers drawn from the lifetime models themselves, each at rates of their own, on a clock that may be uneven."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

START = date(2024, 1, 1)


@pytest.fixture(scope="session")
def world() -> Callable[..., tuple[pa.Table, pa.Table]]:
    """Return `live`."""
    return live


def live(
    n: int,
    *,
    days: int = 546,
    seed: int = 1,
    buying: Any = 1.0,
    mu: Any = None,
    p: Any = None,
    first: bool = True,
    pace: Any = None,
    leaving_pace: Any = None,
    **columns: Any,
) -> tuple[pa.Table, pa.Table]:
    """Return the summary after `days` days and all repeat purchases.

    λ ~ Gamma(0.8, 8) a week times `buying`; dropout at rate `mu` or, after a purchase, with chance `p` (`first`: also
    after the first). `pace` and `leaving_pace` hold one factor a day, `days` + 1 of them, by which rates are higher; a
    day's purchases lie at its end.
    """
    rng = np.random.default_rng(seed)
    born = rng.integers(0, days - 60, n)
    steady = np.ones(days + 1)
    clock, other = (np.cumsum(steady if p is None else p) / 7.0 for p in (pace, leaving_pace))
    every = np.arange(days + 1.0)
    lam = rng.gamma(0.8, 1 / 8.0, n) * buying
    ends = np.full(n, float(days))
    if mu is not None:
        ends = np.interp(other[born] + rng.exponential(1.0 / (mu * np.ones(n))), other, every, right=float(days))
    t = clock[born]
    alive = np.ones(n, dtype=bool) if mu is not None or not first else rng.random(n) >= p
    who, when = [], []
    while alive.any():
        t = t + rng.exponential(1.0 / lam)
        day = np.interp(t, clock, every, right=np.inf)
        alive &= day < ends
        who.append(np.flatnonzero(alive))
        when.append(np.ceil(day[alive]))
        if p is not None:
            alive &= rng.random(n) >= p
    customer, day = np.concatenate(who), np.concatenate(when).astype(np.int64)
    customer, day = np.unique(np.stack([customer, np.maximum(day, born[customer] + 1)]), axis=1)
    x = np.bincount(customer, minlength=n)
    last = born.copy()
    np.maximum.at(last, customer, day)
    summary = pa.table({
        "customer_id": np.arange(n), "x": x, "t_x": (last - born) / 7, "T": (days - born) / 7,
        "t_x_days": last - born, "T_days": days - born,
        "first_purchase": [START + timedelta(days=int(b)) for b in born], **columns,
    })  # fmt: skip
    bought = [START + timedelta(days=int(d)) for d in day]
    return summary, pa.table({"customer_id": customer, "business_date": bought})
