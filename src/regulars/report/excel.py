"""The Excel file: customers by value, classes, whom to contact first, what was left out, and what it all means."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from regulars.report import sentences
from regulars.report.columns import CUSTOMER_VALUE, Column, Kind
from regulars.report.files import whole
from regulars.report.formats import clipped, known, words
from regulars.report.sentences import Figures
from regulars.report.wording import CLASS_NAME, CLASS_NUMERAL, CLASSES, NOT_ENOUGH, PRODUCT, REPORT, TIER_NAME, VISITS
from regulars.words import Lang, T

MAX_CUSTOMERS = 50_000
MAX_TEXT = 32_767
BY_VALUE = ("customer_value", "lifetime_profit", "lifetime_revenue", "revenue")
NUMBER_FORMATS: dict[Kind, str] = {
    "money": "#,##0.00",
    "integer": "#,##0",
    "decimal": "#,##0.00",
    "share": "0.0%",
    "date": "yyyy-mm-dd",
}
WIDTHS: dict[Kind, int] = {"text": 16, "money": 14, "integer": 11, "decimal": 11, "share": 10, "date": 12, "flag": 8}
LONG = frozenset({"matrix_reason", "tier_reason", "visit_reason", "strategy_reason", "strategy"})
CHANGES = {"up": T(zh="升", en="up"), "down": T(zh="降", en="down"), "same": T(zh="不变", en="same")}
SHEETS = {
    "customers": T(zh="客户", en="Customers"),
    "classes": T(zh="类别", en="Classes"),
    "contact": T(zh="先联系", en="Contact first"),
    "left_out": T(zh="没算进来", en="Left out"),
    "about": T(zh="说明", en="About"),
}


def write_xlsx(customers: Any, figures: Figures, path: Path | str, lang: Lang = "zh") -> None:
    """Write the Excel file of one valuation in bounded memory.

    Parameters
    ----------
    customers
        Rows of customer_value: a PyArrow table, or an iterable of mappings from column to value. The 50,000 of most
        value are written.
    figures
        What the valuation reckoned, as for the report.
    path
        Where the file goes.
    lang
        The language of sheets, heads and texts.

    Notes
    -----
    Text is always written as text: a customer called ``=HYPERLINK(…)`` stays a name, never a formula or a link.

    Raises
    ------
    OutputError
        When the file cannot be written; nothing half-written stays.
    """
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with whole(Path(path)) as beside:
        # Sheets are built in temporary files: beside the result, so that a full disk is met where it is reported.
        book = xlsxwriter.Workbook(str(beside), {**options, "tmpdir": str(beside.parent)})
        try:
            _fill(Book(book, lang), customers, figures)
        finally:
            _close(book)


def _close(book: Any) -> None:
    import xlsxwriter.exceptions

    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        cause = error.args[0] if error.args else error
        raise cause if isinstance(cause, OSError) else OSError(str(cause)) from error


class Book:
    """A workbook with its formats; cells are written by kind, text always as text."""

    def __init__(self, book: Any, lang: Lang) -> None:
        self.book = book
        self.lang: Lang = lang
        self.head = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E5F2F0"}
        )
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.plain = book.add_format({"num_format": "@"})
        self.wrap = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.formats = {kind: book.add_format({"num_format": pattern}) for kind, pattern in NUMBER_FORMATS.items()}

    def sheet(self, key: str, columns: list[Column], *, widths: list[int] | None = None) -> Any:
        """Add a sheet with frozen heads."""
        sheet = self.book.add_worksheet(SHEETS[key][self.lang])
        for i, column in enumerate(columns):
            sheet.set_column(i, i, widths[i] if widths else WIDTHS[column.kind])
        for i, column in enumerate(columns):
            sheet.write_string(0, i, column.title[self.lang], self.head)
        sheet.freeze_panes(1, 1)
        return sheet

    def cell(self, sheet: Any, row: int, i: int, value: Any, kind: Kind) -> None:
        """Write one cell; what is not known stays empty."""
        if not known(value):
            return
        if kind == "text":
            sheet.write_string(row, i, safe(value), self.plain)
        elif kind == "flag":
            yes, no = ("是", "否") if self.lang == "zh" else ("yes", "no")
            sheet.write_string(row, i, yes if value else no)
        elif kind == "date":
            self._date(sheet, row, i, value)
        elif isinstance(value, int | float | Decimal) and abs(float(value)) < 1e15:
            sheet.write_number(row, i, float(value), self.formats[kind])
        else:
            sheet.write_string(row, i, safe(value), self.plain)

    def _date(self, sheet: Any, row: int, i: int, value: Any) -> None:
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value[:10])
            except ValueError:
                sheet.write_string(row, i, safe(value), self.plain)
                return
        day = (
            value.replace(tzinfo=None) if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        )
        if day.year < 1900:
            sheet.write_string(row, i, day.date().isoformat(), self.plain)
        else:
            sheet.write_datetime(row, i, day, self.formats["date"])


def safe(value: Any) -> str:
    """Return text that an Excel cell can hold: no lone surrogates, at most 32,767 characters."""
    return str(value).encode("utf-8", "replace").decode("utf-8")[:MAX_TEXT]


def _by_value(table: Any) -> Any:
    """Return the rows of most value of a PyArrow table, best first; ties keep the table's own order."""
    import numpy as np
    import pyarrow.compute as pc

    key = next((c for c in BY_VALUE if c in table.column_names and table[c].null_count < table.num_rows), None)
    if key is None:
        return table.slice(0, MAX_CUSTOMERS)
    values = pc.cast(table[key], "float64", safe=False).to_numpy()
    return table.take(np.argsort(np.where(np.isnan(values), np.inf, -values), kind="stable")[:MAX_CUSTOMERS])


def top_rows(customers: Any) -> tuple[list[str], Iterable[Mapping[str, Any]]]:
    """Return the columns present, in their order, and the rows of most value, best first."""
    if hasattr(customers, "column_names"):
        best = _by_value(customers)
        rows: Iterable[Mapping[str, Any]] = (
            row for batch in best.to_batches(max_chunksize=5_000) for row in batch.to_pylist()
        )
        present = list(customers.column_names)
    else:
        rows = heapq.nlargest(MAX_CUSTOMERS, customers, key=_value)
        present = list(rows[0]) if rows else ["customer_id"]
    ordered = [c for c in CUSTOMER_VALUE if c in present]
    return ordered + [c for c in present if c not in CUSTOMER_VALUE], rows


def _value(row: Mapping[str, Any]) -> float:
    found = next((row[c] for c in BY_VALUE if known(row.get(c))), None)
    return float("-inf") if found is None else float(found)


def _spoken(name: str, value: Any, lang: Lang) -> Any:
    if value is None:
        return None
    if name == "matrix" and value in CLASS_NAME:
        return f"{CLASS_NUMERAL[value]} {CLASS_NAME[value][lang]}"
    if name == "tier" and value in TIER_NAME:
        return TIER_NAME[value][lang]
    if name == "visit_change" and value in CHANGES:
        return CHANGES[value][lang]
    return words(value)[lang] if isinstance(value, dict) else value


def _fill(book: Book, customers: Any, figures: Figures) -> None:
    as_of = figures["meta"].get("as_of")
    try:
        created = datetime.fromisoformat(str(as_of))
    except ValueError:
        created = datetime(2000, 1, 1)
    book.book.set_properties(
        {
            "title": sentences.title(figures)[book.lang],
            "subject": REPORT[book.lang],
            "author": PRODUCT[book.lang],
            "created": created,
        }
    )
    written = _customers(book, customers)
    _classes(book, figures)
    _contact(book, figures)
    _left_out(book, figures)
    _about(book, figures, written)


def _customers(book: Book, customers: Any) -> int:
    names, rows = top_rows(customers)
    fallback = Column(T(zh="", en=""), "text")
    columns = [CUSTOMER_VALUE.get(n, fallback._replace(title=T(zh=n, en=n))) for n in names]
    widths = [48 if n in LONG else WIDTHS[c.kind] for n, c in zip(names, columns, strict=True)]
    sheet = book.sheet("customers", columns, widths=widths)
    at = 0
    for at, row in enumerate(islice(rows, MAX_CUSTOMERS), start=1):
        for i, (name, column) in enumerate(zip(names, columns, strict=True)):
            book.cell(sheet, at, i, _spoken(name, row.get(name), book.lang), column.kind)
    if at:
        sheet.autofilter(0, 0, at, len(names) - 1)
    return at


def _rows(book: Book, key: str, columns: list[Column], rows: Iterable[list[Any]], widths: list[int]) -> None:
    sheet = book.sheet(key, columns, widths=widths)
    for at, row in enumerate(rows, start=1):
        for i, (value, column) in enumerate(zip(row, columns, strict=True)):
            book.cell(sheet, at, i, value, column.kind)


def _said(text: Any, lang: Lang) -> str:
    return words(text)[lang] if text else NOT_ENOUGH[lang]


def _classes(book: Book, figures: Figures) -> None:
    columns = [
        Column(T(zh="分法", en="Scheme"), "text"),
        Column(T(zh="类别", en="Class"), "text"),
        Column(T(zh="客户", en="Customers"), "integer"),
        Column(T(zh="客户占比", en="Share of customers"), "share"),
        Column(T(zh="价值", en="Value"), "money"),
        Column(T(zh="价值占比", en="Share of value"), "share"),
        Column(T(zh="怎么待", en="Treatment"), "text"),
        Column(T(zh="资源等级", en="Resource grade"), "text"),
    ]
    n, matrix = figures["meta"].get("n_customers") or 0, T(zh="价值矩阵", en="Value matrix")[book.lang]
    pyramid = {r["key"]: r for r in figures.get("pyramid") or []}
    rows: list[list[Any]] = [
        [
            matrix,
            _spoken("matrix", k, book.lang),
            r["n"],
            r.get("share_n"),
            r.get("profit"),
            r.get("share_profit"),
            _said(r.get("strategy"), book.lang),
            _said(r.get("resource_grade"), book.lang),
        ]
        for k, r in ((k, pyramid[k]) for k in CLASSES if k in pyramid)
    ]
    for r in figures.get("tiers") or []:
        rows.append(
            [
                T(zh="金银铜", en="Tier")[book.lang],
                _spoken("tier", r["key"], book.lang),
                r["n"],
                r["n"] / n if n else None,
                r.get("current"),
                r.get("share"),
                None,
                None,
            ]
        )
    visits = {r["key"]: r for r in (figures.get("visits") or {}).get("classes") or []}
    for k in VISITS:
        if k in visits:
            rows.append(
                [
                    T(zh="到店级别", en="Visit class")[book.lang],
                    k,
                    visits[k]["n"],
                    visits[k]["n"] / n if n else None,
                    None,
                    None,
                    None,
                    None,
                ]
            )
    _rows(book, "classes", columns, rows, [14, 14, 11, 12, 16, 12, 48, 14])


def _contact(book: Book, figures: Figures) -> None:
    columns = [
        Column(T(zh="客户编号", en="Customer"), "text"),
        Column(T(zh="价值矩阵", en="Class"), "text"),
        Column(T(zh="涉及价值", en="At stake"), "money"),
        Column(T(zh="为什么", en="Why"), "text"),
        Column(T(zh="做什么", en="What"), "text"),
        Column(T(zh="最近购买", en="Last purchase"), "date"),
        Column(T(zh="活跃概率", en="P(alive)"), "share"),
    ]
    rows = (
        [
            clipped(r["customer_id"], 500),
            _spoken("matrix", r.get("matrix"), book.lang),
            r.get("at_stake"),
            words(r.get("why"))[book.lang],
            words(r.get("what"))[book.lang],
            r.get("last_purchase"),
            r.get("p_alive"),
        ]
        for r in figures.get("contact") or []
    )
    _rows(book, "contact", columns, rows, [24, 14, 14, 52, 52, 12, 10])


def _left_out(book: Book, figures: Figures) -> None:
    columns = [
        Column(T(zh="原因", en="Reason"), "text"),
        Column(T(zh="行", en="Lines"), "integer"),
        Column(T(zh="金额", en="Amount"), "money"),
    ]
    rows = ([words(r["text"])[book.lang], r["rows"], r.get("money")] for r in figures.get("left_out") or [])
    _rows(book, "left_out", columns, rows, [40, 12, 16])


def _about(book: Book, figures: Figures, written: int) -> None:
    sheet = book.book.add_worksheet(SHEETS["about"][book.lang])
    sheet.set_column(0, 0, 110, book.wrap)
    n = figures["meta"].get("n_customers")
    listed = T(
        zh="本表列出价值最高的 {a} 位，共 {n} 位；全部在 customer_value.parquet。",
        en="The {a} customers of most value, of {n}; all are in customer_value.parquet.",
    )
    weak = T(zh="这些数字弱在哪里：", en="Where these numbers are weak:")
    lines = [
        *sentences.facts(figures),
        listed.format(a=f"{written:,}", n=f"{n:,}" if n is not None else "–"),
        *([words(figures["not_enough"])] if figures.get("not_enough") else []),
        weak,
        *(words(p) for p in figures.get("weak") or []),
        T(zh="空格子是数据不足，不是 0。", en="An empty cell means not enough data, not zero."),
        T(zh=f"regulars {figures['meta'].get('version') or ''}", en=f"regulars {figures['meta'].get('version') or ''}"),
    ]
    sheet.write_string(0, 0, sentences.title(figures)[book.lang], book.title)
    for at, line in enumerate(lines, start=1):
        sheet.write_string(at, 0, safe(line[book.lang]), book.wrap)
