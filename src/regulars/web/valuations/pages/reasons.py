"""Why a customer is worth this much: a few lines from their own numbers, each with what it does to the value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from regulars.measure.lifetime.explain import alive_sentence
from regulars.report.formats import amount, number, span
from regulars.segment.reasons import rhythm_line
from regulars.words import T

LIKELY, UNLIKELY = 0.8, 0.5

EXPECTED = T(
    zh="之后 {h} 预计再买 {n} 次（{level} 在 {low}–{high} 次）{m}",
    en="Expected to buy {n} more times in the next {h} ({level} in {low}–{high}){m}",
)
SPEND = T(zh="，每次约 {m}", en=", about {m} each")
PROFIT = T(zh="，每次利润约 {m}", en=", about {m} of profit each")
RISK = T(
    zh="在险 {m}：可能不再来的概率 × 要是还来会带来的",
    en="{m} at risk: the chance that they no longer buy × what they would bring if they did",
)


@dataclass(frozen=True, slots=True)
class Why:
    """One reason; `tone` is up, down or flat: what it does to the value."""

    tone: str
    words: T


def reasons(row: Mapping[str, Any], *, horizon_days: int, currency: str, level: str = "90%") -> list[Why]:
    """Return why the value to come is what it is; nothing where there is none."""
    return list(_reasons(row, horizon_days, currency, level)) if row["p_alive"] is not None else []


def _each(row: Mapping[str, Any], currency: str) -> T:
    """Return what a purchase is expected to bring: spend, or profit where value rests on that."""
    if row["expected_spend"] is not None:
        return SPEND.format(m=amount(row["expected_spend"], currency))
    if not row["expected_purchases"]:
        return T(zh="", en="")
    return PROFIT.format(m=amount(float(row["future_value"]) / row["expected_purchases"], currency))


def _reasons(row: Mapping[str, Any], horizon_days: int, currency: str, level: str) -> Iterator[Why]:
    alive, silent, gap = row["p_alive"], row["days_since_last_purchase"], row["usual_gap_days"]
    tone = "up" if alive >= LIKELY else "down" if alive < UNLIKELY else "flat"
    yield Why(tone, alive_sentence(row["x"], gap or 0.0, silent, alive))
    if row["at_risk"] and gap is not None:
        yield Why("down", rhythm_line(silent, gap))
    yield Why(
        "flat",
        EXPECTED.format(
            h=span(horizon_days), n=number(row["expected_purchases"], 1), low=row["expected_purchases_low"],
            high=row["expected_purchases_high"], m=_each(row, currency), level=level,
        ),
    )  # fmt: skip
    if row["value_at_risk"] and row["value_at_risk"] > 0:
        yield Why("down" if row["at_risk"] else "flat", RISK.format(m=amount(row["value_at_risk"], currency)))
