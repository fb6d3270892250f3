"""Which currency the amounts are in: as the user says, as a column says, or as the sign before each amount tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import narwhals as nw

from regulars import engine
from regulars.errors import InputError
from regulars.ingest.columns import Look
from regulars.ingest.lines import Plan
from regulars.ingest.options import ReadOptions
from regulars.ingest.source import Source
from regulars.words import Ask, T

YEN_OR_YUAN = "¥"
CODES = {
    "￥": "CNY", "元": "CNY", "块": "CNY", "RMB": "CNY", "$": "USD", "£": "GBP", "€": "EUR", "₩": "KRW", "₹": "INR",
    **{code: code for code in ("CNY", "USD", "GBP", "EUR", "JPY", "HKD", "TWD", "AUD", "CAD", "CHF")},
}  # fmt: skip
"""What each sign stands for; the half-width ¥ stands for two currencies and is not among them."""

PRICES = ("net_amount", "unit_price")
_SIGN = re.compile("|".join(map(re.escape, sorted([*CODES, YEN_OR_YUAN], key=len, reverse=True))), re.IGNORECASE)
_SHOWN = 8
_SAMPLE = 2_000


def _signs(text: str) -> set[str]:
    found = {sign.upper() for sign in _SIGN.findall(text)}
    return {"￥"} if found == {"￥", YEN_OR_YUAN} else found


def signs_of(looks: Mapping[str, Look], columns: Mapping[str, str]) -> frozenset[str]:
    """Return the currency signs of a sample of amounts, an empty one among them where an amount carries none.

    A column without any sign says nothing, and neither does a zero.
    """
    carried: set[str] = set()
    for name in PRICES:
        texts = looks[columns[name]].texts[:_SAMPLE] if name in columns else []
        signs = [_signs(t) for t in texts if re.search("[1-9１-９]", t)]
        if any(signs):
            carried.update(*signs, *([""] for found in signs if not found))
    return frozenset(carried)


def _is_chinese(columns: Sequence[str]) -> bool:
    """Tell whether headers are Chinese; kana among them say that they are Japanese."""
    text = "".join(columns)
    return bool(re.search("[\u4e00-\u9fff]", text)) and not re.search("[\u3040-\u30ff]", text)


def code_of(sign: str, columns: Sequence[str], options: ReadOptions) -> str | None:
    """Return the currency of a sign; None where it could be yen as well as yuan."""
    if sign == YEN_OR_YUAN and (_is_chinese(columns) or options.lang == "zh"):
        return "CNY"
    return CODES.get(sign)


def settle(source: Source, plan: Plan, options: ReadOptions) -> str | None:
    """Return the one currency of the amounts, None where nothing says it.

    Raises
    ------
    InputError
        When there are several and no rates, or a rate is missing.
    """
    if "currency" in plan.columns:
        return _of_column(source, plan, options)
    signs = plan.number.signs - {""}
    if options.currency is not None or not signs:
        return options.currency
    _refuse_other_signs(source, plan, signs)
    sign = one_sign(plan.number.signs)
    return None if sign is None else code_of(sign, source.columns, options)


def one_sign(signs: frozenset[str]) -> str | None:
    """Return the sign that every amount carries: one of a currency that has several, None where one amount has none."""
    return None if "" in signs else min(signs, key=lambda sign: (sign == YEN_OR_YUAN, sign), default=None)


def _refuse_other_signs(source: Source, plan: Plan, signs: frozenset[str]) -> None:
    """Refuse amounts with signs of different currencies, wherever in the column."""
    sign = str(one_sign(signs))
    same = {s for s in (*CODES, YEN_OR_YUAN) if CODES.get(s, "CNY") == CODES.get(sign, "CNY")}
    for column in (plan.columns[name] for name in PRICES if name in plan.columns):
        if source.table.collect_schema()[column] != nw.String:
            continue
        others = [s for s in (*CODES, YEN_OR_YUAN) if s not in same]
        text = nw.col(column).str.to_uppercase()
        seen = [text.str.contains(s, literal=True).fill_null(value=False).max().alias(s) for s in others]
        row = engine.to_arrow(source.table.select(*seen)).to_pylist()[0]
        found = [s for s in others if row[s]]
        if found:
            raise _several(source, column, [sign, *found], _BY_SIGN)


def _of_column(source: Source, plan: Plan, options: ReadOptions) -> str | None:
    column = plan.columns["currency"]
    seen = engine.to_arrow(engine.distinct(source.table.select(nw.col(column).cast(nw.String).alias("code"))))["code"]
    codes = sorted({code.strip().upper() for code in seen.to_pylist() if code and code.strip()})
    if len(codes) <= 1:
        return options.currency or (CODES.get(codes[0], codes[0]) if codes else None)
    if not options.rates or options.currency is None:
        raise _several(source, column, codes, _BY_COLUMN.format(code=codes[-1]))
    known = {c.upper() for c in options.rates} | {options.currency.upper()}
    lacking = [c for c in codes if c not in known]
    if lacking:
        raise InputError(
            T(zh=f"缺少 {lacking[0]} 的汇率", en=f"there is no rate for {lacking[0]}"),
            where=_place(source, column),
            remedy=T(
                zh=f"在 [rates] 里写上 {lacking[0]} = 一单位折合多少 {options.currency}。",
                en=f"Write {lacking[0]} = what one unit is worth in {options.currency} under [rates].",
            ),
        )
    return options.currency


_BY_COLUMN = T(
    zh="用 --currency 选定一种，并在 --map 文件的 [rates] 里写汇率，如 {code} = 7.2。",
    en="Choose one with --currency; write rates under [rates] in the --map file, e.g. {code} = 7.2.",
)
_BY_SIGN = T(
    zh="把币种单列一列（币种），再用 --currency 和 --map 文件的 [rates] 折算；或每种货币分开一个文件。",
    en="Give the currency a column of its own, then convert with --currency and [rates] in the --map file; "
    "or keep one file a currency.",
)


def _place(source: Source, column: str) -> T:
    return T(zh=f"{source.name}，列 {column}", en=f"{source.name}, column {column}")


def _several(source: Source, column: str, found: Iterable[str], remedy: T) -> InputError:
    shown = ", ".join([*found][:_SHOWN])
    return InputError(
        T(zh=f"有几种货币（{shown}），没有汇率", en=f"several currencies ({shown}) and no rates"),
        where=_place(source, column),
        remedy=remedy,
    )


def note(signs: frozenset[str], currency: str | None) -> T | None:
    """Return what has to be said where every amount carries a sign; it is asked where the sign leaves it open."""
    sign = one_sign(signs)
    if sign is None:
        return None
    if currency is None:
        open_ = T(
            zh=f"金额都带 {sign}，可能是人民币，也可能是日元：用 --currency CNY 或 --currency JPY 说明。",
            en=f"Every amount carries {sign}, which may be yuan or yen: say --currency CNY or --currency JPY.",
        )
        return Ask.of(open_)
    if currency not in (CODES.get(sign), *(("CNY", "JPY") if sign == YEN_OR_YUAN else ())):
        return T(
            zh=f"金额都带 {sign}，按你说的 {currency} 标注。",
            en=f"Every amount carries {sign}; it is labelled {currency} as you say.",
        )
    if sign == "$":
        return T(
            zh="金额都带 $，币种取 USD；如果是别的元，用 --currency 指定。",
            en="Every amount carries $: taken for USD; if it is another dollar, say --currency.",
        )
    return T(zh=f"金额都带 {sign}，币种取 {currency}。", en=f"Every amount carries {sign}: the currency is {currency}.")
