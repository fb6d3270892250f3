"""A company that sells some of what it sells at a loss, with what each customer's purchases will leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

FIRST, LAST = date(2023, 1, 2), date(2024, 6, 30)


@dataclass(frozen=True)
class Losing:
    """Order lines, and by customer the mean profit and the profit of the year after."""

    lines: pa.Table
    mean: dict[str, float]
    later: dict[str, float]


def losing(n: int = 800, *, seed: int = 4, mu: float = 6.0, tau: float = 30.0, sigma: float = 25.0) -> Losing:
    """Let `n` customers buy at random until they leave; profit has nothing to do with what they spend.

    Profits scatter by `sigma` round a mean of each customer's own, the means by `tau` round `mu`: delivery, service and
    credit cost what they cost, whatever the basket.
    """
    rng = np.random.default_rng(seed)
    days, ahead = (LAST - FIRST).days, 364
    theta = rng.normal(mu, tau, n)
    rate = rng.gamma(1.4, 1 / 30.0, n)
    rows: list[tuple[str, date, str, float, float]] = []
    later: dict[str, float] = {}
    for i in range(n):
        name, day, left = f"C{i:04d}", float(rng.integers(0, days // 2)), rng.beta(1.5, 14.0)
        later[name], seen = 0.0, set[int]()
        while day < days + ahead:
            profit, spend = rng.normal(theta[i], sigma), 40.0 + rng.lognormal(4.0, 0.9)
            if int(day) not in seen:
                seen.add(int(day))
                if day <= days:
                    bought = FIRST + timedelta(days=int(day))
                    rows.append((name, bought, f"{name}-{int(day)}", round(spend, 2), round(spend - profit, 2)))
                else:
                    later[name] += profit
            if rng.random() < left:  # after a purchase, as the MBG/NBD has it
                break
            day += rng.exponential(1 / rate[i])
    names = ("customer_id", "order_date", "order_id", "amount", "cost")
    columns = zip(*rows, strict=True)
    lines = pa.table({name: list(column) for name, column in zip(names, columns, strict=True)})
    return Losing(lines, {f"C{i:04d}": float(theta[i]) for i in range(n)}, later)
