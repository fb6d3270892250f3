"""Visit classes A–D by the purchases of a calendar month, against the month before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import narwhals as nw

from regulars import engine
from regulars.engine import Frame
from regulars.words import T

CLASSES = ("A", "B", "C", "D")
FLOORS = (("A", 10), ("B", 6), ("C", 1))
"""The fewest purchases in the month of each class; D has none now and at least one the month before."""


@dataclass(frozen=True, slots=True)
class VisitRule:
    """Which months were judged.

    Parameters
    ----------
    month
        First day of the month judged: the last one that is complete at `as_of`.
    before
        First day of the month before it.
    running
        First day of the month that `as_of` falls into while it is not over, else ``None``. Its purchases are shown
        beside (`visits_running`); a fall judged on part of a month would be false.
    partial
        True where no month is complete yet, so that the running one had to be judged.
    """

    month: date
    before: date
    running: date | None
    partial: bool = False


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def month_name(month: date) -> T:
    """Return the month as people say it (6 月, June), whatever the locale of the process."""
    return T(zh=f"{month.month} 月", en=_MONTHS[month.month - 1])


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def visit_rule(as_of: date, first_date: date | None = None) -> VisitRule:
    """Return the months to judge at `as_of`, for data that begin on `first_date`.

    Examples
    --------
    >>> visit_rule(date(2026, 6, 30)).month, visit_rule(date(2026, 6, 29)).month
    (datetime.date(2026, 6, 1), datetime.date(2026, 5, 1))
    """
    this = as_of.replace(day=1)
    if (as_of + timedelta(days=1)).day == 1:
        return VisitRule(this, _month_before(this), None)
    last = _month_before(this)
    if first_date is not None and first_date >= this:
        return VisitRule(this, last, None, partial=True)
    return VisitRule(last, _month_before(last), this)


def first_counted(rule: VisitRule) -> date:
    """Return the first day whose purchases the classes of `rule` rest on."""
    return _month_before(rule.before)


def visit_spans(rule: VisitRule) -> dict[str, tuple[date, date]]:
    """Return the months that classes and their change rest on: column → first day, day after the last."""
    end = (rule.month + timedelta(days=31)).replace(day=1)
    return {
        "visits_month": (rule.month, end),
        "visits_before": (rule.before, rule.month),
        "visits_earlier": (first_counted(rule), rule.before),
    }


def visits(
    customers: Frame,
    occasions: Frame,
    *,
    as_of: date,
    first_date: date | None = None,
    customer: str = "customer_id",
) -> tuple[Frame, VisitRule]:
    """Add `visit_class`, `visit_class_before`, `visit_change`, `visit_reason` and the counts they rest on.

    A class counts the purchases (occasions: days on which a customer bought) of one calendar month: A 10 or more, B 6
    to 9, C 1 to 5, D none but at least one the month before; else null. The month is the last complete one at
    `as_of`, compared with the one before it. `visit_change` is "down", "up", "same", or null where either month has
    no class.

    Parameters
    ----------
    customers
        One row a customer.
    occasions
        One row a customer and day: `customer_id, occasion_date`.
    first_date
        First day of the data. Where no month is complete the running one is judged and `VisitRule.partial` says so.

    Returns
    -------
    tuple
        The customers with the four columns and `visits_month`, `visits_before`, `visits_running` (null when no month
        is running), and the months judged.

    References
    ----------
    《客户关系管理》, the supermarket's visit classes.
    """
    rule = visit_rule(as_of, first_date)
    return class_visits(count_visits(customers, occasions, rule, as_of=as_of, customer=customer)), rule


def count_visits(
    customers: Frame, occasions: Frame, rule: VisitRule, *, as_of: date, customer: str = "customer_id"
) -> Frame:
    """Add the purchases of the months that `rule` names: `visits_month, visits_before, visits_earlier, visits_running`.

    `visits_running` is null when no month is running.
    """
    counted = customers.join(_counts(occasions, rule, as_of, customer), on=customer, how="left").with_columns(
        nw.col(name).fill_null(0) for name in ("visits_month", "visits_before", "visits_earlier")
    )
    if rule.running is None:
        return counted.with_columns(nw.lit(None, dtype=nw.Int64).alias("visits_running"))
    return counted.with_columns(nw.col("visits_running").fill_null(0))


def class_visits(counted: Frame) -> Frame:
    """Add the classes and their change from the counts of `visit_spans`; those of the first two stay."""
    classed = counted.with_columns(
        _visit_class("visits_month", "visits_before").alias("visit_class"),
        _visit_class("visits_before", "visits_earlier").alias("visit_class_before"),
    ).drop("visits_earlier")
    return _changes(classed)


def _counts(occasions: Frame, rule: VisitRule, as_of: date, customer: str) -> Frame:
    """Count each customer's purchases in the months that matter; the others are not read."""
    day, earlier, spans = nw.col("occasion_date"), first_counted(rule), visit_spans(rule)
    spans["visits_running"] = (spans["visits_month"][1], as_of + timedelta(days=1))
    flagged = occasions.filter(day >= earlier, day <= as_of).with_columns(
        nw.when((day >= start) & (day < stop)).then(1).otherwise(0).cast(nw.Int64).alias(name)
        for name, (start, stop) in spans.items()
    )
    return flagged.group_by(customer).agg(nw.col(name).sum().cast(nw.Int64) for name in spans)


def _visit_class(now: str, before: str) -> nw.Expr:
    found = nw.when((nw.col(now) == 0) & (nw.col(before) > 0)).then(nw.lit("D"))
    chosen: nw.Expr = found.otherwise(nw.lit(None, dtype=nw.String))
    for name, floor in reversed(FLOORS):
        chosen = nw.when(nw.col(now) >= floor).then(nw.lit(name)).otherwise(chosen)
    return chosen


def _changes(classed: Frame) -> Frame:
    """Compare the two classes; "A" comes before "D", so the later letter is the lower class."""
    now, before = nw.col("visit_class"), nw.col("visit_class_before")
    both = ~now.is_null() & ~before.is_null()
    change = (
        nw.when(now > before)
        .then(nw.lit("down"))
        .otherwise(nw.when(now < before).then(nw.lit("up")).otherwise(nw.lit("same")))
    )
    here = nw.when(now.is_null()).then(nw.lit("none")).otherwise(nw.lit("new_or_back"))
    return classed.with_columns(
        nw.when(both).then(change).otherwise(nw.lit(None, dtype=nw.String)).alias("visit_change"),
        nw.when(both).then(change).otherwise(here).alias("visit_reason"),
    )


def visit_summary(customers: Frame) -> dict[str, object]:
    """Return the customers of each class now and before, every move between classes, and how many went down.

    Returns
    -------
    dict
        ``classes`` [{key, n, before}], ``moves`` [[before, now, n]] (null: no class), ``downgrades``.
    """
    pairs = customers.group_by("visit_class_before", "visit_class").agg(nw.len().alias("n"))
    table = engine.to_arrow(pairs).to_pylist()
    moves = [[row["visit_class_before"], row["visit_class"], int(row["n"])] for row in table]
    moves.sort(key=lambda move: tuple((key is None, key or "") for key in move[:2]))
    return {
        "classes": [
            {
                "key": key,
                "n": sum(n for _, now, n in moves if now == key),
                "before": sum(n for before, _, n in moves if before == key),
            }
            for key in CLASSES
        ],
        "moves": moves,
        "downgrades": sum(n for before, now, n in moves if before and now and now > before),
    }


def partial_note(rule: VisitRule, as_of: date) -> T | None:
    """Return what has to be said about the months judged, or ``None`` where the month of `as_of` is over."""
    this, month, before = month_name(as_of), month_name(rule.month), month_name(rule.before)
    if rule.partial:
        return T(
            zh=f"数据从{month.zh}才开始，到店级别只看到 {as_of.day} 日，不和上月比。",
            en=f"The data begin in {month.en}; visit classes see it up to day {as_of.day}, without comparison.",
        )
    if rule.running is None:
        return None
    return T(
        zh=f"{this.zh}还没过完，到店级别按{month.zh}判，和{before.zh}比。",
        en=f"{this.en} is not over: visit classes judge {month.en} against {before.en}.",
    )
