"""The rows that an import left out, as a file to correct and import again: masked, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from regulars.ingest.rejected import harmless
from regulars.ingest.rules import TEXTS
from regulars.web.core.actor import Actor
from regulars.web.importing.models import Holds, Import
from regulars.web.importing.parsing.people import REASONS
from regulars.web.importing.parsing.people_columns import GROUPS
from regulars.web.importing.parsing.task import REJECTED
from regulars.words import Lang

BATCH = 10_000
COSTS = ("cost_amount", "unit_cost")


def has_rows(one: Import) -> bool:
    """Return whether there is anything to download."""
    file = one.folder / REJECTED
    return file.exists() and pq.read_metadata(file).num_rows > 0


def rows(one: Import, actor: Actor, lang: Lang) -> Iterator[str]:
    """Yield the file in pieces, with the mark by which spreadsheets know UTF-8."""
    words = TEXTS if one.holds == Holds.ORDERS else REASONS
    yield "\ufeff" + _line([_("file"), _("row"), _("column"), _("reason"), _("value"), _("money")])
    with pq.ParquetFile(one.folder / REJECTED) as file:
        for batch in file.iter_batches(BATCH):
            for row in batch.to_pylist():
                value = row["value"] if _may_see(one, actor, row["column"]) else ""
                money = "" if row["money"] is None else f"{row['money']:f}"
                reason = words[row["reason"]][lang]
                yield _line([one.file_name, row["row"], row["column"], reason, value, money])


def _may_see(one: Import, actor: Actor, column: str | None) -> bool:
    """Return whether the content of a cell may be shown; a whole line only to who may see everything in it."""
    if column is None:
        return all(actor.sees(group) for group in ("contact", "personal", "cost"))
    meaning = next((name for name, its in one.columns.items() if its == column), None)
    if meaning in COSTS:
        return actor.sees("cost")
    if meaning in ("customer_id", "external_id"):  # often a phone or a card
        return actor.sees("personal") and actor.sees("contact")
    return meaning is None or meaning not in GROUPS or actor.sees(GROUPS[meaning])


def _line(cells: list[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(["" if cell is None else harmless(str(cell)) for cell in cells])
    return out.getvalue()
