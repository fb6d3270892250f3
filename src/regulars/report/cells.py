"""Cells by kind: text always as text, numbers and dates as such, what is not known left empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from regulars.report.columns import Column, Kind
from regulars.report.formats import known
from regulars.words import Lang, T

MAX_TEXT = 32_767
NUMBER_FORMATS: dict[Kind, str] = {
    "money": "#,##0.00",
    "integer": "#,##0",
    "decimal": "#,##0.00",
    "share": "0.0%",
    "date": "yyyy-mm-dd",
}
WIDTHS: dict[Kind, int] = {"text": 16, "money": 14, "integer": 11, "decimal": 11, "share": 10, "date": 12, "flag": 8}


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

    def sheet(self, name: T, columns: Sequence[Column], *, widths: Sequence[int] | None = None) -> Any:
        """Add a sheet with frozen heads."""
        sheet = self.book.add_worksheet(name[self.lang])
        for i, column in enumerate(columns):
            sheet.set_column(i, i, widths[i] if widths else WIDTHS[column.kind])
        for i, column in enumerate(columns):
            sheet.write_string(0, i, column.title[self.lang], self.head)
        sheet.freeze_panes(1, 1)
        return sheet

    def table(self, name: T, columns: Sequence[Column], rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> None:
        """Add a sheet with one row for each of `rows`."""
        sheet = self.sheet(name, columns, widths=widths)
        for at, row in enumerate(rows, start=1):
            for i, (value, column) in enumerate(zip(row, columns, strict=True)):
                self.cell(sheet, at, i, value, column.kind)

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
