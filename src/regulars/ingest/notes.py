"""What a reader should know about how the data was read: assumptions made, and what was not excluded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import narwhals as nw

from regulars.ingest import currency
from regulars.ingest.finish import Tally
from regulars.ingest.headers import DISCOUNTS, compact
from regulars.ingest.state import State
from regulars.words import Ask, T

_SHOWN = 8


def _money(state: State) -> list[T]:
    columns = state.how.columns
    said = []
    if "net_amount" not in columns and "quantity" in columns:
        said.append(T(zh="金额按数量 × 单价计算。", en="Amounts are quantity × unit price."))
        taken = set(columns.values())
        cut = next((c for c in state.opened.columns if compact(c) in DISCOUNTS and c not in taken), None)
        if cut is not None:
            said.append(
                T(zh=f"列 {cut} 的折扣没有扣除。", en=f"The discount in column {cut} was not taken off."),
            )
    elif "net_amount" not in columns:
        said.append(T(zh="没有数量，单价当作金额。", en="There is no quantity: the price is taken as the amount."))
    if "quantity" not in columns and "net_amount" in columns:
        said.append(T(zh="没有数量列，每行记 1 件。", en="There is no quantity: each row counts as one."))
    told = None if "currency" in columns else currency.note(state.how.number.signs, state.asked.currency)
    if told is not None:
        said.append(told)
    if state.how.rates and state.asked.currency:
        said.append(
            T(
                zh=f"金额按给定汇率折成 {state.asked.currency}。",
                en=f"Amounts are converted to {state.asked.currency} at the rates given.",
            )
        )
    return said


def _time(state: State, as_of: date, isolated: int) -> list[T]:
    said = []
    if state.asked.as_of is None:
        said.append(T(zh=f"估值日取数据的最后一天 {as_of}。", en=f"Valued at the last date in the data, {as_of}."))
    if isolated:
        said.append(
            T(
                zh=f"{isolated:,} 行的日期孤立在未来，没有当作估值日。",
                en=f"{_rows(isolated)} dated far in the future {_was(isolated)} not taken for the last date.",
            )
        )
    column = state.how.columns["ordered_at"]
    dtype = state.opened.table.collect_schema()[column]
    zoned = bool(state.how.moment.offsets) or (isinstance(dtype, nw.Datetime) and dtype.time_zone is not None)
    if zoned and state.asked.timezone is None:
        base = T(zh="原样", en="as written") if state.how.moment.offsets else T(zh="UTC", en="in UTC")
        said.append(
            T(
                zh="时间带时区，没有指定营业时区，日期按{base}取；用 --timezone 指定。",
                en="Times carry a zone and no business zone was given: days are taken {base}; see --timezone.",
            ).format(base=base)
        )
    if state.how.moment.order is not None and state.asked.date_order is None:
        order = T(zh="日在前", en="day first") if state.how.moment.order == "dmy" else T(zh="月在前", en="month first")
        said.append(
            T(zh="日期从内容判断为{order}。", en="The content says that dates are written {order}.").format(order=order)
        )
    return said


def _lines(state: State, tally: Tally, odd_codes: Sequence[Any], prefixes: Sequence[str]) -> list[T]:
    said = []
    if "order_id" not in state.how.columns:
        said.append(
            T(
                zh="没有订单号：完全重复的行没有去除。",
                en="There is no order number: exact duplicates were kept.",
            )
        )
    if tally.n_zero:
        said.append(
            T(
                zh=f"{tally.n_zero:,} 行有客户而金额为零：保留，金额记 0。",
                en=f"{_rows(tally.n_zero)} of known customers without an amount: kept, with no money.",
            )
        )
    if tally.n_returns:
        said.append(_returns(tally.n_returns, tally.n_returns - tally.n_unlinked))
    if prefixes:
        shown = ", ".join(prefixes)
        said.append(
            T(zh=f"以 {shown} 开头的订单号是退货单。", en=f"Order numbers that begin with {shown} are credit notes."),
        )
    if odd_codes:
        shown = ", ".join(str(c) for c in odd_codes[:_SHOWN]) + (" …" if len(odd_codes) > _SHOWN else "")
        said.append(
            T(
                zh=f"{len(odd_codes)} 个代码不是商品（{shown}）：金额计入收入，不算购买。",
                en=f"1 code is no product ({shown}): its money counts, it is no purchase."
                if len(odd_codes) == 1
                else f"{len(odd_codes)} codes are no products ({shown}): their money counts, they are no purchase.",
            )
        )
    return said


def _rows(n: int) -> str:
    return "1 row" if n == 1 else f"{n:,} rows"


def _was(n: int) -> str:
    return "was" if n == 1 else "were"


def _returns(n: int, linked: int) -> T:
    """Return what became of the returns: all, some or none of them found the order that they give back."""
    zh, en = f"{n:,} 行退货", "1 return" if n == 1 else f"{n:,} returns"
    if linked == 0:
        own = "it counts on its own day" if n == 1 else "they count on their own days"
        return T(zh=f"{zh}，没有匹配到原订单，在退货当天冲减收入。", en=f"{en}, not linked to an order: {own}.")
    if linked == n:
        orders = "its order" if n == 1 else "their orders"
        return T(
            zh=f"{zh}，{'都' if n > 1 else ''}匹配到了原订单。",
            en=f"{en}, {'all ' if n > 1 else ''}linked to {orders}.",
        )
    other = "the other counts on its own day" if n - linked == 1 else "the others count on their own days"
    return T(
        zh=f"{zh}，其中 {linked:,} 行匹配到原订单，其余在退货当天冲减收入。",
        en=f"{en}, {linked:,} linked to {'its order' if linked == 1 else 'their orders'}; {other}.",
    )


def write(
    state: State, *, as_of: date, isolated: int, tally: Tally, odd_codes: Sequence[Any], prefixes: Sequence[str]
) -> list[T]:
    """Return the notes on how the data was read; what the reader has to decide comes first."""
    found = [f.note for f in state.found if f.note is not None]
    said = [*found, *_money(state), *_time(state, as_of, isolated), *_lines(state, tally, odd_codes, prefixes)]
    return sorted(said, key=lambda words: not isinstance(words, Ask))
