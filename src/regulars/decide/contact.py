"""Contact these first: the customers with most value at risk, each with why and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import narwhals as nw

from regulars import engine
from regulars.engine import Frame
from regulars.segment.reasons import rhythm_line
from regulars.words import T

HOW_MANY = 15
LATE = 2
"""Without a model a customer is late after this many times its own mean gap."""
FEWEST_PURCHASES = 3

HARDLY = 0.001
"""Below this share of future value, the value at risk is called little."""

_CARRIED = (
    "customer_id", "matrix", "tier", "last_purchase", "days_since_last_purchase", "usual_gap_days", "p_alive",
    "future_value", "net_profit", "revenue", "n_purchases",
)  # fmt: skip

_WHAT = {
    "IV": T(zh="今天打电话：问清原因，谈好下一单", en="Call today: ask why, agree the next order"),
    "III": T(
        zh="打电话：问是不是有别家报价，先保住这一单", en="Call: ask whether a rival has quoted, secure this order"
    ),
    "II": T(zh="打电话或发消息：按他的需要给一个方案", en="Call or write: offer what fits their need"),
    "I": T(zh="发一条自动问候，不加投", en="Send one automated greeting, spend no more"),
}
GONE = 0.2
"""Below this P(alive) a customer has more likely left than not, and a call is a win-back."""
_WIN_BACK = T(
    zh="多半已经走了：打一次挽回电话，问清原因，不成就放下",
    en="Probably gone: one win-back call, ask why, then let go",
)
_CLASS_OF_TIER = {"gold": "IV", "silver": "II", "bronze": "I"}


@dataclass(frozen=True, slots=True)
class Contact:
    """One customer to contact.

    Parameters
    ----------
    at_stake
        What it is about (value at risk, or current value where there is no future value): a description, not what
        contact would save.
    why, what
        How late the customer is by its own rhythm, and what to do.
    """

    customer_id: Any
    matrix: str | None
    tier: str | None
    at_stake: Decimal | float
    why: T
    what: T
    last_purchase: date | None
    days_since: int
    usual_gap_days: float | None
    p_alive: float | None
    future_value: float | None
    net_profit: Decimal | None


@dataclass(frozen=True, slots=True)
class ContactList:
    """Whom to contact first, most at stake first, and what has to be said about the choice."""

    contacts: tuple[Contact, ...]
    note: T | None
    by: str


def hardly_at_risk(sums: Mapping[str, Any]) -> bool:
    """Return whether next to nothing is at risk: the model sees hardly anyone leave, so the amounts mean little.

    Parameters
    ----------
    sums
        The totals of a valuation's figures.
    """
    future, risk = sums.get("future_value"), sums.get("value_at_risk")
    return future is not None and risk is not None and bool(risk["value"] < HARDLY * future["value"])


def contact_first(
    customers: Frame, *, value: str = "net_profit", n: int = HOW_MANY, risk_tells: bool = True
) -> ContactList:
    """Return the `n` customers with most value at risk among those who are late by their own rhythm.

    At risk means: the gap since the last purchase exceeds the 90 % point of the customer's own predictive gap (column
    `at_risk`). They are ranked by `value_at_risk`, equal values by `customer_id`. Where there is no future value the
    list is of good customers (gold and silver tier, current value above zero) with at least three purchases who have
    stayed away for more than twice their own mean gap, ranked by current value, and the note says so.

    Parameters
    ----------
    customers
        One row a customer: `customer_id, days_since_last_purchase, n_purchases, first_purchase, last_purchase`,
        `value`, and where they are known `at_risk, value_at_risk, usual_gap_days, p_alive, future_value, matrix,
        tier`.
    value
        The column of current value.
    risk_tells
        False where next to nothing is at risk (`hardly_at_risk`): the late are then ranked by `value`.
    """
    names = customers.collect_schema().names()
    if {"at_risk", "value_at_risk"} <= set(names):
        known = customers.filter(~nw.col("value_at_risk").is_null())
        if engine.n_rows(known) > 0:
            late = known.filter(nw.col("at_risk"))
            by = "value_at_risk" if risk_tells else value
            contacts = _rows(late.filter(nw.col("value_at_risk") > 0), by, n)
            return ContactList(contacts, None if contacts else _nobody(engine.n_rows(late)), by)
    return _without_model(customers, names, value, n)


def _nobody(n_late: int) -> T:
    """Say why there is nobody to contact first."""
    if n_late == 0:
        return T(zh="没有人晚得反常。", en="Nobody is unusually late.")
    return T(
        zh="有 {n} 位晚得反常，但预计都不再带来利润，没有在险价值。",
        en="{n} unusually late, but no profit is expected of any of them, so none is at risk.",
    ).format(n=n_late)


def _without_model(customers: Frame, names: list[str], value: str, n: int) -> ContactList:
    """Pick good customers who have been away for more than twice their own mean gap."""
    enough = customers.filter(nw.col("n_purchases") >= FEWEST_PURCHASES)
    if engine.n_rows(enough) == 0:
        few = T(
            zh=f"数据不足：没有人买过 {FEWEST_PURCHASES} 次，看不出谁晚了。",
            en=f"Not enough data: nobody has bought {FEWEST_PURCHASES} times, so nobody can be called late.",
        )
        return ContactList((), few, value)
    if "tier" in names:
        enough = enough.filter(nw.col("tier").is_in(["gold", "silver"]))
    spans = engine.days_between(enough, "first_purchase", "last_purchase", name="_span")
    repeats = nw.col("n_purchases") - 1
    late = spans.filter(nw.col(value) > 0, nw.col("days_since_last_purchase") * repeats > LATE * nw.col("_span"))
    gaps = late.with_columns((nw.col("_span").cast(nw.Float64) / repeats.cast(nw.Float64)).alias("usual_gap_days"))
    contacts = _rows(gaps, value, n)
    if not contacts:
        return ContactList((), T(zh="没有好客户晚得反常。", en="No good customer is unusually late."), value)
    note = T(
        zh=f"还估不出未来价值：这里是金牌、银牌里超过自己平常间隔 {LATE} 倍没来的，按当前价值排。",
        en=f"No future value yet: gold and silver customers away over {LATE} × their usual gap, by current value.",
    )
    return ContactList(contacts, note, value)


def _rows(late: Frame, stake: str, n: int) -> tuple[Contact, ...]:
    carried = [name for name in (*_CARRIED, stake) if name in late.collect_schema().names()]
    first = late.select(*dict.fromkeys(carried)).sort(stake, "customer_id", descending=[True, False]).head(n)
    found = engine.to_arrow(first).to_pylist()
    found.sort(key=lambda row: row["customer_id"])
    found.sort(key=lambda row: row[stake], reverse=True)
    return tuple(_contact(row, stake) for row in found)


def _contact(row: Mapping[str, Any], stake: str) -> Contact:
    usual = row.get("usual_gap_days") if (row.get("n_purchases") or 2) > 1 else None
    return Contact(
        customer_id=row["customer_id"],
        matrix=row.get("matrix"),
        tier=row.get("tier"),
        at_stake=row[stake],
        why=rhythm_line(row["days_since_last_purchase"], usual),
        what=_what(row),
        last_purchase=row.get("last_purchase"),
        days_since=row["days_since_last_purchase"],
        usual_gap_days=usual,
        p_alive=row.get("p_alive"),
        future_value=row.get("future_value"),
        net_profit=row.get("net_profit"),
    )


def _what(row: Mapping[str, Any]) -> T:
    alive = row.get("p_alive")
    if alive is not None and alive < GONE:
        return _WIN_BACK
    return _WHAT[row.get("matrix") or _CLASS_OF_TIER.get(row.get("tier") or "", "II")]
