"""The small sheets of the Excel file: classes, whom to contact first, what was left out, what it all means."""

from __future__ import annotations

from typing import Any

from regulars.report import sentences
from regulars.report.cells import Book, safe
from regulars.report.columns import Column, Kind
from regulars.report.formats import clipped, integer, known, words
from regulars.report.sentences import Figures
from regulars.report.wording import (
    AT_STAKE,
    CLASS,
    CURRENT,
    CUSTOMER,
    CUSTOMERS,
    GRADE,
    LAST,
    MONEY,
    NOT_ENOUGH,
    NOW_LATER,
    P_ALIVE,
    REASON,
    ROWS,
    SHARE,
    SHARE_CUSTOMERS,
    STRATEGY,
    TIER,
    VISIT,
    WHAT,
    WHY,
)
from regulars.segment import MATRIX_CLASSES, MATRIX_NAMES, TIER_NAMES, VISIT_CLASSES, matrix_name
from regulars.words import Lang, T

CHANGES = {"up": T(zh="升", en="up"), "down": T(zh="降", en="down"), "same": T(zh="不变", en="same")}
MATRIX = T(zh="价值矩阵", en="Value matrix")
SHEETS = {
    "customers": T(zh="客户", en="Customers"),
    "classes": T(zh="类别", en="Classes"),
    "contact": T(zh="先联系", en="Contact first"),
    "left_out": T(zh="没算进来", en="Left out"),
    "about": T(zh="说明", en="About"),
}


def spoken(name: str, value: Any, lang: Lang) -> Any:
    """Return a value of a column as people say it: Ⅳ 白金 for IV; what has no words of its own stays as it is."""
    if value is None:
        return None
    if name == "matrix" and value in MATRIX_NAMES:
        return matrix_name(value)[lang]
    if name == "tier" and value in TIER_NAMES:
        return TIER_NAMES[value][lang]
    if name == "visit_change" and value in CHANGES:
        return CHANGES[value][lang]
    return words(value)[lang] if isinstance(value, dict | T) else value


def _columns(*pairs: tuple[T, Kind]) -> list[Column]:
    return [Column(title, kind) for title, kind in pairs]


def classes(book: Book, figures: Figures) -> None:
    """Write matrix classes, tiers and visit classes, each with customers and value."""
    lang, n = book.lang, figures["meta"].get("n_customers") or 0
    columns = _columns(
        (T(zh="分法", en="Scheme"), "text"), (CLASS, "text"), (CUSTOMERS, "integer"), (SHARE_CUSTOMERS, "share"),
        (CURRENT, "money"), (SHARE, "share"),
        (NOW_LATER, "money"), (SHARE, "share"), (STRATEGY, "text"), (GRADE, "text"),
    )  # fmt: skip
    pyramid = {r["key"]: r for r in figures.get("pyramid") or []}
    now = sum(r["current"] for r in pyramid.values() if known(r.get("current")))
    rows: list[list[Any]] = []
    for key in (k for k in MATRIX_CLASSES if k in pyramid):
        r = pyramid[key]
        share = r["current"] / now if known(r.get("current")) and now > 0 else None
        said = [words(r[k])[lang] if r.get(k) else NOT_ENOUGH[lang] for k in ("strategy", "resource_grade")]
        values = [r["n"], r.get("share_n"), r.get("current"), share, r.get("profit"), r.get("share_profit")]
        rows.append([MATRIX[lang], spoken("matrix", key, lang), *values, *said])
    for r in figures.get("tiers") or []:
        values = [r["n"], r["n"] / n if n else None, r.get("current"), r.get("share")]
        rows.append([TIER[lang], spoken("tier", r["key"], lang), *values, None, None, None, None])
    visits = {r["key"]: r for r in (figures.get("visits") or {}).get("classes") or []}
    for key in (k for k in VISIT_CLASSES if k in visits):
        count = visits[key]["n"]
        rows.append([VISIT[lang], key, count, count / n if n else None, *[None] * 6])
    book.table(SHEETS["classes"], columns, rows, [14, 14, 11, 12, 16, 10, 16, 10, 48, 14])


def contact(book: Book, figures: Figures) -> None:
    """Write whom to contact first, each with why and what."""
    lang = book.lang
    columns = _columns(
        (CUSTOMER, "text"), (MATRIX, "text"), (AT_STAKE, "money"), (WHY, "text"), (WHAT, "text"),
        (LAST, "date"), (P_ALIVE, "share"),
    )  # fmt: skip
    rows = (
        [
            clipped(r["customer_id"], 500),
            spoken("matrix", r.get("matrix"), lang),
            r.get("at_stake"),
            words(r.get("why"))[lang],
            words(r.get("what"))[lang],
            r.get("last_purchase"),
            r.get("p_alive"),
        ]
        for r in figures.get("contact") or []
    )
    book.table(SHEETS["contact"], columns, rows, [24, 14, 14, 52, 52, 12, 10])


def left_out(book: Book, figures: Figures) -> None:
    """Write the lines left out, by reason, with their money."""
    rows = (
        [words(r["text"])[book.lang], r["rows"], r.get("money")] for r in figures.get("left_out") or [] if r["rows"]
    )
    book.table(SHEETS["left_out"], _columns((REASON, "text"), (ROWS, "integer"), (MONEY, "money")), rows, [40, 12, 16])


def about(book: Book, figures: Figures, written: int) -> None:
    """Write what the file is, what it leaves out, and where its numbers are weak."""
    sheet = book.book.add_worksheet(SHEETS["about"][book.lang])
    sheet.set_column(0, 0, 110, book.wrap)
    listed = T(
        zh="本表列出价值最高的 {a} 位，共 {n} 位；全部在 customer_value.parquet。",
        en="The {a} customers of most value, of {n}; all are in customer_value.parquet.",
    )
    version = f"regulars {figures['meta'].get('version') or ''}"
    lines = [
        *sentences.facts(figures),
        listed.format(a=integer(written), n=integer(figures["meta"].get("n_customers"))),
        *([words(figures["not_enough"])] if figures.get("not_enough") else []),
        T(zh="这些数字弱在哪里：", en="Where these numbers are weak:"),
        *(words(p) for p in (*(figures.get("asks") or []), *(figures.get("weak") or []))),
        T(zh="空格子是数据不足，不是 0。", en="An empty cell means not enough data, not zero."),
        T(zh=version, en=version),
    ]
    sheet.write_string(0, 0, sentences.title(figures)[book.lang], book.title)
    for at, line in enumerate(lines, start=1):
        sheet.write_string(at, 0, safe(line[book.lang]), book.wrap)
