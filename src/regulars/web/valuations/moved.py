"""Why a customer moved from one class to another: their own numbers of both runs, beside the lines of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from regulars.report import formats
from regulars.segment.reasons import amount
from regulars.words import T

HIGH_NOW, HIGH_LATER = ("IV", "III"), ("IV", "II")
NEW = T(zh="第一次出现在估值里", en="in a valuation for the first time")
GONE = T(zh="这次估值里没有", en="not in this valuation")
NOW, LATER = T(zh="近 12 个月", en="last 12 months"), T(zh="以后", en="to come")
LINE_MOVED = T(zh="（界线也动了：{before} → {after}）", en=" (the line moved, too: {before} → {after})")


@dataclass(frozen=True, slots=True)
class Moved:
    """One customer who moved.

    Parameters
    ----------
    change
        What their value changed by, from the one run to the other.
    why
        In both languages, from their own numbers.
    """

    customer_id: int
    before: str | None
    after: str | None
    value_before: Decimal | None
    value_after: Decimal | None
    why: T

    @property
    def change(self) -> Decimal:
        """What their value changed by."""
        return (self.value_after or Decimal(0)) - (self.value_before or Decimal(0))


@dataclass(frozen=True, slots=True)
class Lines:
    """Where a run drew the lines of its classes, from its model card."""

    now: float | None = None
    later: float | None = None
    gold: float | None = None
    silver: float | None = None

    @classmethod
    def of(cls, card: Mapping[str, Any]) -> Lines:
        """Read them from a model card."""
        rules = card.get("rules") or {}
        matrix, tiers = rules.get("matrix") or {}, rules.get("tiers") or {}
        found = (matrix.get("current"), matrix.get("future"), tiers.get("gold"), tiers.get("silver"))
        return cls(*(None if value is None else float(value) for value in found))


def moved(row: Mapping[str, Any], scheme: str, earlier: Lines, later: Lines, currency: str) -> Moved:
    """Return one customer's move with its reason."""
    return Moved(
        customer_id=row["customer_id"],
        before=row[f"b_{scheme}"],
        after=row[f"a_{scheme}"],
        value_before=row["b_customer_value"],
        value_after=row["a_customer_value"],
        why=_why(row, scheme, earlier, later, currency),
    )


def _why(row: Mapping[str, Any], scheme: str, earlier: Lines, later: Lines, currency: str) -> T:
    if row["b_id"] is None:
        return NEW
    if row["a_id"] is None:
        return GONE
    said = [*_crossed(row, scheme, earlier, later, currency), _behaved(row)]
    return T(zh="；".join(one.zh for one in said), en="; ".join(one.en for one in said))


def _crossed(row: Mapping[str, Any], scheme: str, earlier: Lines, later: Lines, currency: str) -> list[T]:
    """Say for each axis that was crossed: the value of both runs beside the line."""
    before, after = row[f"b_{scheme}"], row[f"a_{scheme}"]
    if scheme == "matrix":
        axes = (
            (HIGH_NOW, "current_value", NOW, earlier.now, later.now),
            (HIGH_LATER, "future_value", LATER, earlier.later, later.later),
        )
        return [
            _step(row, column, words, was, now, currency)
            for high, column, words, was, now in axes
            if (before in high) != (after in high)
        ]
    if scheme == "tier":
        gold = "gold" in (before, after)
        was, now = (earlier.gold, later.gold) if gold else (earlier.silver, later.silver)
        return [_step(row, "current_value", NOW, was, now, currency)]
    return []


def _step(row: Mapping[str, Any], column: str, words: T, was: float | None, now: float | None, currency: str) -> T:
    said = T(zh="{words} {before} → {after}，界线 {line}", en="{words} {before} → {after}, the line is {line}").format(
        words=words,
        before=amount(row[f"b_{column}"], currency),
        after=amount(row[f"a_{column}"], currency),
        line=amount(now, currency),
    )
    if was is None or now is None or abs(now - was) < 0.1 * max(abs(was), abs(now)):
        return said
    tail = LINE_MOVED.format(before=amount(was, currency), after=amount(now, currency))
    return T(zh=said.zh + tail.zh, en=said.en + tail.en)


def _behaved(row: Mapping[str, Any]) -> T:
    """Say what the customer did between the two runs."""
    bought = (row["a_n_purchases"] or 0) - (row["b_n_purchases"] or 0)
    if bought > 0:
        did = T(zh=f"其间买了 {bought} 次", en=f"bought {bought} {'time' if bought == 1 else 'times'} between")
    else:
        days = row["a_days_since_last_purchase"]
        did = T(zh=f"其间没有买，{days} 天没来", en=f"nothing bought between, {days} days since the last order")
    was, now = row["b_p_alive"], row["a_p_alive"]
    if was is None or now is None or abs(now - was) < 0.1:
        return did
    chances = f"{formats.chance(was)} → {formats.chance(now)}"
    return T(zh=f"{did.zh}，活跃概率 {chances}", en=f"{did.en}, P(alive) {chances}")
