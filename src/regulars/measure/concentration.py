"""Concentration: how much of the value how few of the customers bring, from exact sums."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import narwhals as nw

from regulars import engine
from regulars.engine import MONEY, Frame
from regulars.words import T

STEPS = 2000
POINTS = 180
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Concentration:
    """The cumulative curve of value over customers, best customers first, and what it says.

    Parameters
    ----------
    n
        Customers with a value.
    total
        Their value, exact.
    points
        At most 181 pairs (share of customers, share of value) from (0, 0) to (1, 1); above 1 where customers at the
        end cost more than they bring. Empty where the total is not above zero: a share of nothing says nothing.
    top10, top20
        Share of value that the best 10 % and 20 % of customers bring (rounded up to whole customers).
    share_for_80
        Smallest share of customers that brings 80 % of the value, to 1/2000.
    n_negative, negative_value
        Customers who cost more than they bring, and the exact sum of it (≤ 0).
    head_value, tail_value
        Exact sums of the best 20 % and of the other 80 %: the long tail.
    """

    n: int
    total: Decimal
    points: tuple[tuple[float, float], ...]
    top10: float | None
    top20: float | None
    share_for_80: float | None
    n_negative: int
    negative_value: Decimal
    head_value: Decimal
    tail_value: Decimal
    basis: str

    @property
    def sentence(self) -> T:
        """The finding in one sentence."""
        what = T(zh="收入", en="revenue") if self.basis == "revenue" else T(zh="净利", en="net profit")
        if self.top20 is None:
            return T(zh="{what}合计不到零，谈不上集中。", en="The {what} adds up to nothing.").format(what=what)
        head = T(zh="前 20% 的客户带来 {share:.0%} 的{what}", en="The top 20% of customers bring {share:.0%} of {what}")
        if self.n_negative:
            tail = (
                T(zh="；末尾 {n:,} 位退的比买的多。", en="; {n:,} at the end returned more than they bought.")
                if self.basis == "revenue"
                else T(zh="；末尾 {n:,} 位在亏钱。", en="; {n:,} at the end lose money.")
            )
        else:
            tail = T(zh="；其余 80% 带来 {rest:.0%}。", en="; the other 80% bring {rest:.0%}.")
        return T(zh=head.zh + tail.zh, en=head.en + tail.en).format(
            share=self.top20, what=what, n=self.n_negative, rest=1 - self.top20
        )


def concentration(customers: Frame, *, value: str = "net_profit", basis: str | None = None) -> Concentration:
    """Return how concentrated `value` is over the customers that have one.

    Customers are ranked by value in the engine and summed there in DECIMAL, in steps of 1/2000 of them; only the steps
    leave it. Equal values make the order among them irrelevant to every sum.

    Parameters
    ----------
    customers
        One row a customer; read once (twice for the count), so hand in a persisted frame.
    value
        A column of amounts.
    basis
        What the value is, "net_profit" or "revenue", for the sentence; default: the column's name.
    """
    amounts = customers.filter(~nw.col(value).is_null()).select(
        nw.col(value).cast(MONEY).alias("value"), (-nw.col(value).cast(nw.Float64)).alias("_rank_by")
    )
    n = engine.n_rows(amounts)
    if n == 0:
        return Concentration(0, _NOTHING, (), None, None, None, 0, _NOTHING, _NOTHING, _NOTHING, basis or value)
    ranked = engine.row_number(amounts, order_by=["_rank_by"], name="rank").with_columns(
        step=(nw.col("rank") - 1) * STEPS // n, loses=nw.col("_rank_by") > 0
    )
    sums = ranked.group_by("step", "loses").agg(nw.len().alias("n"), engine.money_sum("value").alias("value"))
    rows = engine.to_arrow(sums).sort_by([("step", "ascending"), ("loses", "ascending")]).to_pylist()
    return _summarise(rows, n, basis or value)


def _summarise(rows: list[dict[str, object]], n: int, basis: str) -> Concentration:
    """Accumulate the steps; `rows` are (step, loses, n, value) in order."""
    curve: list[tuple[int, Decimal]] = []
    people, money = 0, _NOTHING
    ends: dict[object, int] = {}
    losing, lost = 0, _NOTHING
    for row in rows:
        amount, count = Decimal(str(row["value"])), int(str(row["n"]))
        people, money = people + count, money + amount
        if row["loses"]:
            losing, lost = losing + count, lost + amount
        if row["step"] in ends:
            curve[ends[row["step"]]] = (people, money)
        else:
            ends[row["step"]] = len(curve)
            curve.append((people, money))
    head = _reached(curve, n, 20)
    shares = money > 0
    return Concentration(
        n=n,
        total=money,
        points=_thin(curve, n, money) if shares else (),
        top10=float(_reached(curve, n, 10) / money) if shares else None,
        top20=float(head / money) if shares else None,
        share_for_80=next(k / n for k, got in curve if got * 10 >= money * 8) if shares else None,
        n_negative=losing,
        negative_value=lost,
        head_value=head,
        tail_value=money - head,
        basis=basis,
    )


def _reached(curve: list[tuple[int, Decimal]], n: int, percent: int) -> Decimal:
    """Return the sum of the best `percent` of customers, rounded up to whole customers: always the end of a step."""
    wanted = -(-n * percent // 100)
    return next(money for people, money in curve if people >= wanted)


def _thin(curve: list[tuple[int, Decimal]], n: int, total: Decimal) -> tuple[tuple[float, float], ...]:
    """Keep the last step within each 1/180 of the customers: the curve's own points, never interpolated ones."""
    kept: dict[int, tuple[float, float]] = {}
    for people, money in curve:
        kept[-(-people * POINTS // n)] = (people / n, float(money / total))
    return ((0.0, 0.0), *kept.values())
