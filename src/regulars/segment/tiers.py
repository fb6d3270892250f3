"""Gold, silver, bronze: three tiers by current value."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from regulars import engine
from regulars.engine import Frame
from regulars.segment.ladder import Cut, check_share, ladder, top
from regulars.words import T

TIERS = ("gold", "silver", "bronze")
NAMES: dict[str, T] = {
    "gold": T(zh="金牌", en="Gold tier"),
    "silver": T(zh="银牌", en="Silver tier"),
    "bronze": T(zh="铜牌", en="Bronze tier"),
}
NOT_ENOUGH = "not_enough_data"
GOLD, SILVER = 0.1, 0.2
"""The shares of customers meant for the two upper tiers."""


@dataclass(frozen=True, slots=True)
class TierRule:
    """Where the tiers were cut: the smallest current value of each (``None``: nobody reaches it), the shares meant."""

    gold: float | None
    silver: float | None
    gold_share: float
    silver_share: float
    value: str


def tiers(
    customers: Frame, *, value: str = "net_profit", gold: float = GOLD, silver: float = SILVER
) -> tuple[Frame, TierRule]:
    """Add `tier` and `tier_reason`, and return the lines drawn.

    Gold is the top 10 % of customers by current value, silver the next 20 %, bronze the rest. Equal values share a
    tier: the line moves to the nearest place that does not part them, so a share can be missed, and the actual shares
    are what reports show. A value of zero or less is always bronze. Null values have no tier.

    Parameters
    ----------
    customers
        One row a customer; read once, so hand in a persisted frame.
    value
        The column of current value.
    gold, silver
        The shares of customers meant for the two upper tiers, together below 1.

    Raises
    ------
    InputError
        When a share is not between 0 and 1 or both together leave nobody for bronze.
    """
    rule = tier_rule(customers, value=value, gold=gold, silver=silver)
    return place_tiers(customers, rule), rule


def tier_rule(customers: Frame, *, value: str = "net_profit", gold: float = GOLD, silver: float = SILVER) -> TierRule:
    """Return the lines that `tiers` draws, from a frame that need only have the value column."""
    for share in (gold, silver, gold + silver):
        check_share(share, T(zh="级别占比", en="the share of a tier"))
    rungs = ladder(customers, value)
    first = top(rungs, gold)
    second = top(rungs, gold + silver)
    if second.n <= first.n:
        second = Cut(None, 0)
    return TierRule(first.at, second.at, gold, silver, value)


def place_tiers(customers: Frame, rule: TierRule) -> Frame:
    """Add `tier` and `tier_reason` by lines drawn before."""
    amount = nw.col(rule.value).cast(nw.Float64)
    known = ~nw.col(rule.value).is_null()

    def by_tier(words: tuple[str, str, str], otherwise: str | None) -> nw.Expr:
        lower = nw.lit(words[2])
        if rule.silver is not None:
            lower = nw.when(amount >= rule.silver).then(nw.lit(words[1])).otherwise(lower)
        if rule.gold is not None:
            lower = nw.when(amount >= rule.gold).then(nw.lit(words[0])).otherwise(lower)
        return nw.when(known).then(lower).otherwise(nw.lit(otherwise, dtype=nw.String))

    return customers.with_columns(
        by_tier(TIERS, None).alias("tier"), by_tier(("top", "next", "rest"), NOT_ENOUGH).alias("tier_reason")
    )


def tier_summary(customers: Frame, *, value: str = "net_profit") -> list[dict[str, object]]:
    """Return, best tier first, each tier's customers, their exact current value and its share of all (null if ≤ 0)."""
    sums = customers.filter(~nw.col("tier").is_null()).group_by("tier")
    found = {
        row["tier"]: row
        for row in engine.to_arrow(sums.agg(nw.len().alias("n"), engine.money_sum(value).alias("current"))).to_pylist()
    }
    total = sum(row["current"] or 0 for row in found.values())
    return [
        {
            "key": key,
            "n": int(found[key]["n"]) if key in found else 0,
            "current": found[key]["current"] if key in found else 0,
            "share": float((found[key]["current"] or 0) / total) if key in found and total > 0 else None,
        }
        for key in TIERS
    ]


def crosstab(customers: Frame, rows: str = "matrix", columns: str = "tier") -> list[dict[str, object]]:
    """Return the customers in each pair of classes of two schemes; a customer without either class is left out."""
    both = customers.filter(~nw.col(rows).is_null(), ~nw.col(columns).is_null()).group_by(rows, columns)
    table = engine.to_arrow(both.agg(nw.len().alias("n"))).sort_by([(rows, "ascending"), (columns, "ascending")])
    return [{rows: row[rows], columns: row[columns], "n": int(row["n"])} for row in table.to_pylist()]
