"""The value matrix: now × later, each high or low. Ⅳ platinum, Ⅲ gold, Ⅱ iron, Ⅰ lead."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from regulars.engine import Frame
from regulars.segment.ladder import Cut, check_share, ladder, top
from regulars.words import T

KEYS = ("IV", "III", "II", "I")
"""The four classes, best first, as the table column `matrix` holds them."""

NAMES: dict[str, T] = {
    "IV": T(zh="白金", en="Platinum"),
    "III": T(zh="黄金", en="Gold"),
    "II": T(zh="铁", en="Iron"),
    "I": T(zh="铅", en="Lead"),
}
NUMERALS: dict[str, str] = {"IV": "Ⅳ", "III": "Ⅲ", "II": "Ⅱ", "I": "Ⅰ"}

REASONS = {
    "IV": "high_now_high_later",
    "III": "high_now_low_later",
    "II": "low_now_high_later",
    "I": "low_now_low_later",
}
NOT_ENOUGH = "not_enough_data"


@dataclass(frozen=True, slots=True)
class MatrixRule:
    """Where the matrix was cut.

    Parameters
    ----------
    quantile
        The share of customers meant to lie below the line on each axis.
    current, future
        The smallest value that counts as high on each axis (money); ``None``: nobody is high, or nothing is known.
    value, future_column
        The columns of the two axes.
    """

    quantile: float
    current: float | None
    future: float | None
    value: str
    future_column: str
    known: bool = True


def matrix(
    customers: Frame, *, value: str = "net_profit", future: str = "future_value", threshold: float = 0.8
) -> tuple[Frame, MatrixRule]:
    """Add `matrix` ("IV", "III", "II", "I") and `matrix_reason`, and return the lines drawn.

    High means at or above the line. The line is the value at the given quantile of all customers, moved to the
    nearest place that does not part equal values: with 15 % of customers above 0 and the rest at 0 the line at 0.8 is
    the smallest value above 0, not 0. A value of zero or less is never high. The future is taken at its expected
    value: a first run has no class to leave, so it splits where either side is as likely.

    Parameters
    ----------
    customers
        One row a customer; read once an axis, so hand in a persisted frame.
    value, future
        The columns of current and future value. Where the future is absent or null the class is null and the reason
        "not_enough_data".
    threshold
        The quantile, strictly between 0 and 1.

    Raises
    ------
    InputError
        When `threshold` is not between 0 and 1.

    References
    ----------
    《客户关系管理》§3.4, the customer value matrix.
    """
    rule = matrix_rule(customers, value=value, future=future, threshold=threshold)
    return place(customers, rule), rule


def matrix_rule(customers: Frame, *, value: str, future: str, threshold: float) -> MatrixRule:
    """Return the lines that `matrix` draws, from a frame that need only have the two columns."""
    check_share(threshold, T(zh="界线", en="the threshold"))
    nobody = MatrixRule(threshold, None, None, value, future, known=False)
    if future not in customers.collect_schema().names():
        return nobody
    cuts: list[Cut] = []
    for column in (future, value):
        rungs = ladder(customers, column)
        if rungs.total == 0:
            return nobody
        cuts.append(top(rungs, 1 - threshold))
    later, now = cuts
    return MatrixRule(threshold, now.at, later.at, value, future)


def place(customers: Frame, rule: MatrixRule) -> Frame:
    """Add `matrix` and `matrix_reason` by lines drawn before."""
    if not rule.known:
        return _unknown(customers)
    value, future = rule.value, rule.future_column
    missing = nw.col(value).is_null() | nw.col(future).is_null()
    high_now, high_later = _at_least(value, rule.current), _at_least(future, rule.future)

    def by_class(words: dict[str, str], otherwise: str | None) -> nw.Expr:
        low = nw.when(high_later).then(nw.lit(words["II"])).otherwise(nw.lit(words["I"]))
        high = nw.when(high_later).then(nw.lit(words["IV"])).otherwise(nw.lit(words["III"]))
        known = nw.when(high_now).then(high).otherwise(low)
        return nw.when(~missing).then(known).otherwise(nw.lit(otherwise, dtype=nw.String))

    return customers.with_columns(
        by_class({k: k for k in KEYS}, None).alias("matrix"), by_class(REASONS, NOT_ENOUGH).alias("matrix_reason")
    )


def _at_least(column: str, at: float | None) -> nw.Expr:
    line = float("inf") if at is None else at
    return nw.col(column).cast(nw.Float64) >= line


def _unknown(customers: Frame) -> Frame:
    return customers.with_columns(
        nw.lit(None, dtype=nw.String).alias("matrix"), nw.lit(NOT_ENOUGH).alias("matrix_reason")
    )
