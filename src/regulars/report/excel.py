"""The Excel file: customers by value, classes, whom to contact first, what was left out, and what it all means."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from regulars.files import whole_file
from regulars.report import sentences, sheets
from regulars.report.cells import WIDTHS, Book
from regulars.report.columns import CUSTOMER_VALUE, Column
from regulars.report.formats import known
from regulars.report.sentences import Figures
from regulars.report.wording import PRODUCT, REPORT
from regulars.words import Lang, T

MAX_CUSTOMERS = 50_000
BY_VALUE = ("customer_value", "lifetime_profit", "lifetime_revenue", "revenue")
LONG = frozenset({"matrix_reason", "tier_reason", "visit_reason", "strategy_reason", "strategy"})
Reasons = Callable[[Mapping[str, Any]], Mapping[str, T]]


def write_xlsx(
    customers: Any, figures: Figures, path: Path | str, lang: Lang = "zh", *, reasons: Reasons | None = None
) -> None:
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
    reasons
        Sentences by column for a row, in place of its codes (`regulars.valuation.spoken`).

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
    with whole_file(path) as beside:
        # Sheets are built in temporary files: beside the result, so that a full disk is met where it is reported.
        book = xlsxwriter.Workbook(str(beside), {**options, "tmpdir": str(beside.parent)})
        try:
            _fill(Book(book, lang), customers, figures, reasons)
        finally:
            _close(book)


def _close(book: Any) -> None:
    import xlsxwriter.exceptions

    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        cause = error.args[0] if error.args else error
        raise cause if isinstance(cause, OSError) else OSError(str(cause)) from error


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


def _fill(book: Book, customers: Any, figures: Figures, reasons: Reasons | None) -> None:
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
    written = _customers(book, customers, reasons)
    sheets.classes(book, figures)
    sheets.contact(book, figures)
    sheets.left_out(book, figures)
    sheets.about(book, figures, written)


def _customers(book: Book, customers: Any, reasons: Reasons | None) -> int:
    names, rows = top_rows(customers)
    fallback = Column(T(zh="", en=""), "text")
    columns = [CUSTOMER_VALUE.get(n, fallback._replace(title=T(zh=n, en=n))) for n in names]
    widths = [48 if n in LONG else WIDTHS[c.kind] for n, c in zip(names, columns, strict=True)]
    sheet = book.sheet(sheets.SHEETS["customers"], columns, widths=widths)
    at = 0
    for at, row in enumerate(islice(rows, MAX_CUSTOMERS), start=1):
        said = row if reasons is None else {**row, **reasons(row)}
        for i, (name, column) in enumerate(zip(names, columns, strict=True)):
            book.cell(sheet, at, i, sheets.spoken(name, said.get(name), book.lang), column.kind)
    if at:
        sheet.autofilter(0, 0, at, len(names) - 1)
    return at
