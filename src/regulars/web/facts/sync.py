"""From the workspace to the lake, before a valuation: customers' codes, and what other apps provide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from regulars import engine
from regulars.lake import Written, contract_of
from regulars.web.customers.selectors.for_lake import coded_rows
from regulars.web.facts.access import lake, reading

Rows = Callable[[], Iterable[list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Provider:
    """One app's rows for one table of the lake."""

    table: str
    source: str
    rows: Rows


_providers: dict[tuple[str, str], Provider] = {}


def provide(table: str, source: str, rows: Rows) -> None:
    """Let `rows` feed a table of the lake before each valuation; the same table and source replaces.

    Parameters
    ----------
    table
        A table of `regulars.lake`, such as ``activities`` or ``exposures``.
    source
        The app's label.
    rows
        Yields chunks of rows by the table's contract: all of them each time, known ones cost nothing. No name, no
        address and no free text is among them: the contract refuses columns that it does not know.
    """
    _providers[table, source] = Provider(table, source, rows)


def providers() -> list[Provider]:
    """Return what is synchronised, customers first."""
    return [Provider("customers", "workspace", coded_rows), *(_providers[key] for key in sorted(_providers))]


def sync(provider: Provider, *, recorded_at: datetime) -> Written | None:
    """Write one provider's rows; None where it has none. Running it again changes nothing."""
    with _staged(provider) as file:
        if file is None:
            return None
        with reading(memory_limit="1GB", also=(file.parent,)) as connection:
            rows = engine.frame(connection.read_parquet(str(file)))
            return lake().write(provider.table, rows, source=provider.source, recorded_at=recorded_at)


@contextmanager
def _staged(provider: Provider) -> Iterator[Path | None]:
    """Yield a file with the rows, typed as the contract says; None where there are none."""
    columns = contract_of(provider.table).columns
    schema = pa.schema([pa.field(column.name, column.kind.arrow) for column in columns])
    with TemporaryDirectory(prefix="regulars-sync-") as room:
        file, n = Path(room) / "rows.parquet", 0
        with pq.ParquetWriter(file, schema, compression="zstd") as out:
            for rows in provider.rows():
                _refuse_unknown(rows, schema, provider)
                out.write_table(pa.Table.from_pylist(rows, schema))
                n += len(rows)
        yield file if n else None


def _refuse_unknown(rows: list[dict[str, Any]], schema: pa.Schema, provider: Provider) -> None:
    unknown = {name for row in rows for name in row} - set(schema.names)
    if unknown:
        raise ValueError(f"{provider.source} brings {', '.join(sorted(unknown))}, which {provider.table} does not know")
