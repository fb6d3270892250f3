"""Which rows do not count, by rule: one fixed precedence, every rule's overlap with the earlier ones shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import narwhals as nw

from regulars.words import T

RULES = (
    "summary",
    "unreadable_date",
    "unreadable_number",
    "no_customer",
    "test",
    "duplicate",
    "zero_price",
    "stock_adjustment",
    "after_as_of",
)
"""Reasons in their precedence: a row is counted under the first that holds."""

BIT = {rule: 1 << i for i, rule in enumerate(RULES)}
UNREADABLE = ("unreadable_date", "unreadable_number")
BROKEN_LINE = "broken_line"

TEXTS: dict[str, T] = {
    BROKEN_LINE: T(zh="列数不对的行", en="lines with the wrong number of columns"),
    "summary": T(zh="合计行", en="summary rows"),
    "unreadable_date": T(zh="日期读不出", en="dates that cannot be read"),
    "unreadable_number": T(zh="数字读不出", en="numbers that cannot be read"),
    "no_customer": T(zh="没有客户", en="no customer"),
    "test": T(zh="测试数据", en="test rows"),
    "duplicate": T(zh="完全重复的行", en="exact duplicates"),
    "zero_price": T(zh="没有客户的零金额行", en="zero amounts without a customer"),
    "stock_adjustment": T(zh="库存调整（数量为负、金额为零）", en="stock adjustments (negative quantity, no amount)"),
    "after_as_of": T(zh="估值日之后的订单", en="orders after the valuation date"),
}
"""What each reason is called."""

_HINTS = ("est", "EST", "测试")
"""What a test in its usual spellings contains; the fewer are searched for, the better."""
TEST_ID = r"(?i)(^|[^a-z])test([^a-z]|$)|测试"
_WORDS = (
    "product|products|order|item|items|sku|data|row|rows|customer|account|line|only|please|ignore|do|not|ship|entry"
)
TEST_TEXT = (
    rf"(?i)^[^a-z]*((this is a|a)[^a-z]+)?test(ing)?([^a-z]+({_WORDS}))*[^a-z]*$"
    r"|^[^\p{L}]*测试(一下|用|专用|数据|商品|产品|订单|单|客户|账号|链接|请勿拍|勿拍)*[^\p{L}]*$"
)
"""A description that says "test" and nothing of substance: test tubes are products."""


_SUMS = (
    "合计", "总计", "小计", "共计", "累计", "总和", "汇总", "合計", "總計", "小計", "本页小计", "本页合计",
    "total", "totals", "subtotal", "sub-total", "grand total", "sum",
)  # fmt: skip
SUMS = tuple(
    dict.fromkeys(
        f"{said}{end}" for word in _SUMS for said in (word, word.title(), word.capitalize(), word.upper())
        for end in ("", ":", "：")
    )
)  # fmt: skip
"""What the customer's or the order's cell of a row says that adds up other rows."""
SUM_TEXT = (
    r"(?i)^[\s\u3000]*(本页|本月|本日|本期|当页|当日|当月|全部)?[\s\u3000]*"
    r"([合总總小共累][\s\u3000]*[计計]|总和|汇总)[\s\u3000]*[:：]?[\s\u3000]*$"
    r"|^\s*((grand|sub|overall)[\s-]*)?totals?\s*:?\s*$|^\s*sum\s*:?\s*$"
).replace(r"\u3000", "\u3000")
"""The same where the row has no date: blanks within the word and what it adds up are allowed."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What was left out for one reason.

    Parameters
    ----------
    reason
        The rule's code.
    rows, money
        Rows that this rule removed, and their net amount.
    overlaps
        For each earlier reason, the rows that this rule would have removed too.
    """

    reason: str
    rows: int
    money: Decimal
    overlaps: dict[str, int] = field(default_factory=dict)

    @property
    def text(self) -> T:
        """What the reason is called."""
        return TEXTS[self.reason]


def says_test(text: nw.Expr, *, free_text: bool) -> nw.Expr:
    """Return whether a text says that its row is a test: a whole word in a code, the whole of a description."""
    hint = nw.any_horizontal(*[text.str.contains(t, literal=True) for t in _HINTS], ignore_nulls=True)
    # The plain search spares nearly every row the pattern.
    said = nw.when(hint).then(text.str.contains(TEST_TEXT if free_text else TEST_ID)).otherwise(nw.lit(value=False))
    return said.fill_null(value=False)


def says_sum(texts: Sequence[str], columns: Sequence[str]) -> nw.Expr:
    """Return whether a row adds up others: it has no date and a text says so, else its order or its customer does.

    A customer called Total who has an order number and a date is a customer.

    Parameters
    ----------
    texts
        The raw texts of a row.
    columns
        Columns at hand that are texts: of `order_id, customer_id`.
    """
    named = [nw.col(name).str.contains(SUM_TEXT) for name in texts]
    undated = nw.any_horizontal(*named, ignore_nulls=True) if named else nw.lit(value=False)
    keys = [nw.col(name) for name in ("order_id", "customer_id") if name in columns]
    dated = nw.coalesce(*keys).is_in(SUMS) if keys else nw.lit(value=False)
    return nw.when(nw.col("at").is_null()).then(undated).otherwise(dated).fill_null(value=False)


def flags(
    columns: Sequence[str], *, bad_number: nw.Expr, test: nw.Expr | None, summary: nw.Expr | None = None
) -> nw.Expr:
    """Return the bits of the rules that a row breaks by itself; duplicates and `as_of` need the other rows.

    A summary row is no row of the data, so no other rule looks at it.

    Parameters
    ----------
    columns
        The columns at hand; `at`, `customer_id`, `quantity` and `net_amount` are needed.
    bad_number, test, summary
        Whether a number is unreadable, whether the row says that it is a test, or that it adds up others.
    """
    assert {"at", "customer_id", "quantity", "net_amount"} <= set(columns)
    anonymous = nw.col("customer_id").is_null()
    nothing = nw.col("net_amount") == 0
    broken: dict[str, nw.Expr] = {
        "unreadable_date": nw.col("at").is_null(),
        "unreadable_number": bad_number,
        "no_customer": anonymous,
        "zero_price": anonymous & nothing & (nw.col("quantity") > 0),
        "stock_adjustment": nothing & (nw.col("quantity") < 0),
    }
    if test is not None:
        broken["test"] = test
    total = nw.lit(0)
    for rule, holds in broken.items():
        total = total + nw.when(holds.fill_null(value=False)).then(nw.lit(BIT[rule])).otherwise(nw.lit(0))
    if summary is not None:
        total = nw.when(summary).then(nw.lit(BIT["summary"])).otherwise(total)
    return total.cast(nw.Int16)


def breaks(column: str, rule: str) -> nw.Expr:
    """Return whether the bits in `column` say that `rule` is broken."""
    return (nw.col(column) // BIT[rule]) % 2 == 1


def first_reason(column: str) -> nw.Expr:
    """Return the code of the first rule in the precedence that the bits in `column` name."""
    reason = nw.lit(None, dtype=nw.String)
    for rule in reversed(RULES):
        reason = nw.when(breaks(column, rule)).then(nw.lit(rule)).otherwise(reason)
    return reason


def tally(combinations: Mapping[int, tuple[int, Decimal]], broken_lines: int = 0) -> list[Exclusion]:
    """Return what was left out by reason, from the rows and money of every combination of bits.

    Examples
    --------
    >>> two = tally({BIT["no_customer"] | BIT["zero_price"]: (3, Decimal(0)), BIT["no_customer"]: (2, Decimal(9))})
    >>> [(e.reason, e.rows, e.overlaps) for e in two]
    [('no_customer', 5, {}), ('zero_price', 0, {'no_customer': 3})]
    """
    found = []
    if broken_lines:
        found.append(Exclusion(BROKEN_LINE, broken_lines, Decimal(0)))
    for rule in RULES:
        rows, money, overlaps = 0, Decimal(0), dict[str, int]()
        for bits, (n, amount) in combinations.items():
            if not bits & BIT[rule]:
                continue
            first = next(r for r in RULES if bits & BIT[r])
            if first == rule:
                rows, money = rows + n, money + amount
            else:
                overlaps[first] = overlaps.get(first, 0) + n
        if rows or overlaps:
            found.append(Exclusion(rule, rows, money, overlaps))
    return found
