"""The pyramid: per class of the matrix, how many customers, what they bring, what is spent on them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import narwhals as nw

from regulars import engine
from regulars.engine import MONEY, Frame
from regulars.segment.matrix import KEYS

RESOURCES = ("cost_to_provide", "cost_to_serve", "marketing_cost")


@dataclass(frozen=True, slots=True)
class Level:
    """One class of the pyramid.

    Parameters
    ----------
    key
        "IV", "III", "II" or "I".
    n, share_n
        Customers, and their share of all customers that have a class.
    current, future, profit
        Exact sums: current value, future value, both together. Levels go by profit now and to come, not by usage.
    share_profit
        Share of the profit of all levels; may be negative or above 1 where a level loses money; ``None`` when the
        whole is not above zero.
    resources, share_resources
        What was spent on the level (provide, serve, market); ``None`` where no cost data says so.
    """

    key: str
    n: int
    share_n: float
    current: Decimal
    future: Decimal
    profit: Decimal
    share_profit: float | None
    resources: Decimal | None
    share_resources: float | None


def pyramid(customers: Frame, *, value: str = "net_profit", future: str = "future_value") -> list[Level]:
    """Return the four levels of the pyramid, best first; an empty list where no customer has a class.

    Parameters
    ----------
    customers
        One row a customer with `matrix`, the two value columns, and the cost columns where there are any.

    References
    ----------
    《客户关系管理》§3.4, the customer pyramid as three triangles.
    """
    spent = [name for name in RESOURCES if name in customers.collect_schema().names()]
    amounts = customers.filter(~nw.col("matrix").is_null()).select(
        "matrix",
        nw.col(value).cast(MONEY).alias("_current"),
        nw.col(future).round(4).cast(MONEY).alias("_future"),
        *[nw.col(name).cast(MONEY) for name in spent],
    )
    sums = amounts.group_by("matrix").agg(
        nw.len().alias("n"),
        engine.money_sum("_current").alias("current"),
        engine.money_sum("_future").alias("future"),
        *[engine.money_sum(name).alias(name) for name in spent],
        *[nw.col(name).count().alias(f"{name}_known") for name in spent],
    )
    found = {row["matrix"]: row for row in engine.to_arrow(sums).to_pylist()}
    return _levels(found, [name for name in spent if any(row[f"{name}_known"] for row in found.values())])


def _levels(found: dict[str, dict[str, object]], spent: list[str]) -> list[Level]:
    """Turn sums into levels with shares; a class without customers is a level of zeros."""

    def of(key: str, column: str) -> Decimal:
        number = found.get(key, {}).get(column)
        return number if isinstance(number, Decimal) else Decimal(0)

    n = {key: int(str(found[key]["n"])) if key in found else 0 for key in KEYS}
    everyone = sum(n.values())
    if everyone == 0:
        return []
    profit = {key: of(key, "current") + of(key, "future") for key in KEYS}
    resources = {key: sum((of(key, name) for name in spent), Decimal(0)) for key in KEYS}
    profits, spendings = sum(profit.values()), sum(resources.values())
    return [
        Level(
            key=key,
            n=n[key],
            share_n=n[key] / everyone,
            current=of(key, "current"),
            future=of(key, "future"),
            profit=profit[key],
            share_profit=float(profit[key] / profits) if profits > 0 else None,
            resources=resources[key] if spent else None,
            share_resources=float(resources[key] / spendings) if spent and spendings > 0 else None,
        )
        for key in KEYS
    ]
