"""Why a customer is in a class, in one line that a salesperson understands, from its own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regulars.money import short
from regulars.segment.matrix import MatrixRule
from regulars.segment.tiers import TierRule
from regulars.segment.visits import FLOORS, VisitRule, month_name
from regulars.words import T

Row = Mapping[str, Any]
"""One customer: column name → value."""

NOT_ENOUGH_DATA = T(zh="数据不足", en="Not enough data")

_LEADS = {
    "IV": T(zh="现在赚得多，以后也会多", en="Brings much now and will later"),
    "III": T(zh="现在赚得多，以后会少", en="Brings much now, less later"),
    "II": T(zh="现在赚得少，以后会多", en="Brings little now, more later"),
    "I": T(zh="现在少，以后也少", en="Brings little now and later"),
}


def amount(value: object, currency: str | None = None) -> T:
    """Return money in both languages: 万 / 亿 in Chinese, k / M in English."""
    number = None if value is None else float(str(value))
    return T(zh=short(number, "zh", currency), en=short(number, "en", currency))


def value_name(column: str) -> T:
    """Return what people call the column of current value."""
    return T(zh="收入", en="revenue") if column == "revenue" else T(zh="净利", en="net profit")


def matrix_line(row: Row, rule: MatrixRule, currency: str | None = None) -> T:
    """Return why the customer is in its class of the matrix: both values beside the lines they reach or miss."""
    if row.get("matrix") is None:
        why = not_enough_line(row)
        return T(zh=f"{why.zh}，没有价值类别", en=f"{why.en}, so no class")
    line = T(
        zh="{lead}：近 12 个月{what} {now}，界线 {now_line}；以后 {later}，界线 {later_line}",
        en="{lead}: {what} of 12 months {now}, the line is {now_line}; to come {later}, the line is {later_line}",
    )
    return line.format(
        lead=_LEADS[row["matrix"]],
        what=value_name(rule.value),
        now=amount(row[rule.value], currency),
        now_line=amount(rule.current, currency),
        later=amount(row[rule.future_column], currency),
        later_line=amount(rule.future, currency),
    )


def not_enough_line(row: Row) -> T:
    """Return why there is no number for this customer, as far as its own row says: “数据不足（仅 1 单）”."""
    n = row.get("n_purchases")
    if not n:
        return T(zh="数据不足（没有成交）", en="Not enough data (no order yet)")
    orders = "order" if n == 1 else "orders"
    return T(zh=f"数据不足（{n} 单）", en=f"Not enough data ({n} {orders})")


def tier_line(row: Row, rule: TierRule, currency: str | None = None) -> T:
    """Return why the customer is in its tier: its current value beside the line of the tier."""
    tier = row.get("tier")
    if tier is None:
        return T(zh="数据不足：不知道成本", en="Not enough data: the costs are not known")
    what, now = value_name(rule.value), amount(row[rule.value], currency)
    both = rule.gold_share + rule.silver_share
    if tier == "bronze":
        lowest = rule.silver if rule.silver is not None else rule.gold
        if lowest is None:
            return T(zh="近 12 个月{what} {now}", en="{what} of 12 months {now}").format(what=what, now=now)
        line = T(
            zh="近 12 个月{what} {now}，不到上一级的 {floor}",
            en="12 months brought a {what} of {now}; the tier above starts at {floor}",
        )
        return line.format(what=what, now=now, floor=amount(lowest, currency))
    line = T(
        zh="近 12 个月{what} {now}，排在前 {share:.0%}（{floor} 起）",
        en="12 months brought a {what} of {now}: top {share:.0%}, from {floor}",
    )
    share, floor = (rule.gold_share, rule.gold) if tier == "gold" else (both, rule.silver)
    return line.format(what=what, now=now, share=share, floor=amount(floor, currency))


def visit_line(row: Row, rule: VisitRule) -> T:
    """Return why the customer is in its visit class: “A→B：6 月买 8 次，5 月 11 次”, and the running month beside."""
    now, before = row.get("visit_class"), row.get("visit_class_before")
    month, earlier = month_name(rule.month), month_name(rule.before)
    n, m = row.get("visits_month") or 0, row.get("visits_before") or 0
    if rule.partial:
        line = T(zh=f"{month.zh}到目前买 {n} 次", en=f"{_times(n)} in {month.en} so far")
    elif n == 0 and m == 0:
        line = T(zh=f"{earlier.zh}、{month.zh}都没来", en=f"Nothing in {earlier.en} and {month.en}")
    elif before and now and now != before:
        line = T(
            zh=f"{before}→{now}：{month.zh}买 {n} 次，{earlier.zh} {m} 次",
            en=f"{before}→{now}: {_times(n)} in {month.en}, {m} in {earlier.en}",
        )
    else:
        line = T(
            zh=f"{month.zh}买 {n} 次{_needed(now).zh}，{earlier.zh} {m} 次",
            en=f"{_times(n)} in {month.en}{_needed(now).en}, {m} in {earlier.en}",
        )
    if rule.running is None:
        return line
    running, so_far = month_name(rule.running), row.get("visits_running") or 0
    return T(zh=f"{line.zh}；{running.zh}到目前 {so_far} 次", en=f"{line.en}; {so_far} in {running.en} so far")


def _times(n: int) -> str:
    return f"{n} order" if n == 1 else f"{n} orders"


def _needed(visit_class: str | None) -> T:
    floor = dict(FLOORS).get(visit_class or "")
    if floor is None or floor == 1:
        return T(zh="", en="")
    return T(zh=f"（{floor} 次起是 {visit_class}）", en=f" ({visit_class} starts at {floor})")


def rfm_line(row: Row, currency: str | None = None, *, monetary: str = "lifetime_revenue") -> T:
    """Return what the three digits stand for: days since the last order, orders, total spend."""
    days, n = row.get("days_since_last_purchase"), row.get("n_purchases")
    if days is None or n is None:
        return NOT_ENOUGH_DATA
    money = amount(row.get(monetary), currency)
    return T(
        zh=f"{days_ago(days).zh}下单；共 {n} 单；累计 {money.zh}",
        en=f"Last order {days_ago(days).en}; {_times(n)}; {money.en} in all",
    )


def days_ago(days: int) -> T:
    """Return how long ago in words."""
    if days == 0:
        return T(zh="当天", en="on the day itself")
    return T(zh=f"{days} 天前", en="1 day ago" if days == 1 else f"{days} days ago")


def rhythm_line(days_since: int, usual_gap_days: float | None) -> T:
    """Return how late a customer is by its own rhythm: “晚 19 天，平时 16 天一单”."""
    if usual_gap_days is None:
        return T(zh=f"只买过一次，{days_since} 天没再来", en=f"Bought once, nothing for {days_since} days")
    usual = max(1, round(usual_gap_days))
    late = days_since - usual
    every = T(zh=f"平时 {usual} 天一单", en="usually daily" if usual == 1 else f"usually one order in {usual} days")
    if late <= 0:
        return T(zh=f"{days_since} 天前下单，{every.zh}", en=f"Last order {days_since} days ago, {every.en}")
    late_en = "1 day" if late == 1 else f"{late} days"
    return T(zh=f"晚 {late} 天，{every.zh}", en=f"{late_en} late, {every.en}")
