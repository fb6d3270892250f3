"""A first look at a file: its columns with samples, which of them are recognised, what is still to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa

from regulars.ingest import moments
from regulars.ingest.columns import Found, Look, is_moment, is_number, look, missing, recognise
from regulars.ingest.contracts import CONTRACTS
from regulars.ingest.evidence import weigh
from regulars.ingest.files import ORDERS, open_files
from regulars.ingest.headers import CANONICAL
from regulars.ingest.plan import take_sample
from regulars.ingest.source import Source
from regulars.web.importing.parsing import contracts, people_columns
from regulars.web.importing.parsing.task import Task, words

SAMPLES, LONGEST = 4, 60
"""How many cells of a column are shown, and how much of each."""


CHOICES = {"orders": CANONICAL, "customers": people_columns.CANONICAL, "contracts": contracts.CANONICAL}


def look_at(task: Task, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return columns, samples and what was recognised.

    Raises
    ------
    InputError
        When the file cannot be read at all.
    """
    wanted = CONTRACTS if task.kind == "contracts" else ORDERS
    source = open_files(Path(task.file), connection, wanted)
    try:
        sample, schema = take_sample(source)
        looks = look(sample, schema)
        found = _found(task, source, looks, sample)
        return {
            "label": source.name,
            "columns": [_column(name, looks[name], sample) for name in source.columns],
            "found": [{**f.as_dict(), "note": words(f.note)} for f in found],
            "missing": _missing(task, found),
            "choices": list(CHOICES[task.kind]),
            "day_or_month": _day_or_month(found, looks),
            "currencies": _currencies(found, sample),
        }
    finally:
        source.keep.close()


def _found(task: Task, source: Source, looks: Mapping[str, Look], sample: pa.Table) -> list[Found]:
    given = {name: column for name, column in task.columns.items() if not column or column in looks}
    if task.kind == "customers":
        return people_columns.recognise(looks, given)
    if task.kind == "contracts":
        return contracts.recognise(dict(looks), given)
    return weigh(recognise(looks, given), sample, hint_comma=source.semicolons)


def _missing(task: Task, found: Sequence[Found]) -> list[str]:
    if task.kind == "contracts":
        return contracts.missing(list(found))
    return missing(found) if task.kind == "orders" else people_columns.missing(found)


def _column(name: str, column: Look, sample: pa.Table) -> dict[str, Any]:
    cells = [str(cell) for cell in sample[name].slice(0, 2_000).to_pylist() if cell is not None and str(cell).strip()]
    different = list(dict.fromkeys(cells))[:SAMPLES]
    kind = "date" if is_moment(column) else "number" if is_number(column) else "text"
    return {"name": name, "samples": [_cut(cell) for cell in different], "kind": kind if different else "empty"}


def _cut(cell: str) -> str:
    plain = " ".join(cell.split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


def _day_or_month(found: Sequence[Found], looks: Mapping[str, Look]) -> bool:
    """Tell whether dates are written so that somebody has to say which number is the day."""
    for one in found:
        column = looks[one.column]
        if one.canonical in ("ordered_at", "birthday", "acquired_on", *contracts.DATES) and column.dtype == nw.String:
            style, (first, second), _ = moments.sniff(column.texts)
            if moments.needs_order(style) and first == second:
                return True
    return False


def _currencies(found: Sequence[Found], sample: pa.Table) -> list[str]:
    column = next((f.column for f in found if f.canonical == "currency"), None)
    if column is None:
        return []
    return sorted({str(cell).strip().upper() for cell in sample[column].to_pylist() if cell and str(cell).strip()})[:20]
