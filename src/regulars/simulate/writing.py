"""Streams a company to files block by block: the orders, and the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from regulars.files import unwritable, whole_file, write_text
from regulars.simulate import dirt as dirt_room
from regulars.simulate.block import Block, Shop, block_sizes, draw_block, open_shop, outcome, stream
from regulars.simulate.columns import customer_ids, to_table
from regulars.simulate.company import Company
from regulars.words import Lang

Format = Literal["parquet", "csv"]
Encoding = Literal["utf-8", "utf-8-sig", "gb18030", "utf-16"]
Progress = Callable[[int, int], None]
_LAST_FIRST_BYTE = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}


@dataclass(frozen=True, slots=True)
class _Form:
    """How the orders are written."""

    format: Format
    headers: Lang
    encoding: Encoding


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was written: the files, the number of rows, and rows and money of every kind of row."""

    orders: Path
    truth: Path | None
    settings: Path | None
    n_rows: int
    n_orders: int
    counts: dict[str, dict[str, Any]]


def simulate(
    company: Company,
    out_dir: str | Path,
    *,
    format: Format = "parquet",  # noqa: A002
    headers: Lang = "en",
    encoding: Encoding = "utf-8",
    progress: Progress | None = None,
) -> Simulated:
    """Write a company's orders to `out_dir`, with ``truth.parquet`` and ``truth.json`` beside them.

    Parameters
    ----------
    company
        The settings; the same settings always give the same files.
    out_dir
        Folder to write ``orders.parquet`` or ``orders.csv`` into; made where it does not exist.
    format, headers, encoding
        File format, language of headers and labels, encoding of a CSV file.
    progress
        Called with customers done and customers in all after every block.

    Returns
    -------
    Simulated
        Paths and counts.

    Raises
    ------
    OutputError
        Where the folder cannot be written; nothing half-written is left behind.
    """
    folder = Path(out_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    orders, truth = folder / f"orders.{format}", folder / "truth.parquet"
    written = _write(company, orders, truth, _Form(format, headers, encoding), progress)
    settings = folder / "truth.json"
    write_text(settings, json.dumps(_settings(company, written), ensure_ascii=False, indent=1) + "\n")
    return Simulated(orders, truth, settings, written.n_rows, written.n_orders, written.counts)


def write_orders(
    company: Company,
    path: str | Path,
    *,
    format: Format | None = None,  # noqa: A002
    headers: Lang = "en",
    encoding: Encoding = "utf-8",
    progress: Progress | None = None,
) -> Simulated:
    """Write a company's orders alone to `path`; the format follows the ending unless given. See `simulate`."""
    path = Path(path)
    chosen: Format = format or ("csv" if path.suffix.lower() == ".csv" else "parquet")
    return _write(company, path, None, _Form(chosen, headers, encoding), progress)


def _write(company: Company, orders: Path, truth: Path | None, form: _Form, progress: Progress | None) -> Simulated:
    shop = open_shop(company)
    counts: dict[str, dict[str, Any]] = {}
    n_rows = n_orders = 0
    with ExitStack() as stack:
        orders_out = stack.enter_context(_sink(orders, form.format, form.encoding))
        truth_out = stack.enter_context(_sink(truth, "parquet")) if truth else None
        for number, first, size in block_sizes(company):
            block = draw_block(company, shop, number, first, size)
            table, new_orders, tally = _orders_of(company, shop, block, form, first_order=n_orders)
            orders_out(table)
            if truth_out is not None:
                truth_out(_truth_of(company, shop, block))
            n_rows, n_orders = n_rows + table.num_rows, n_orders + new_orders
            _add(counts, tally)
            if progress is not None:
                progress(first + size, company.n_customers)
    for entry in counts.values():
        entry["money"] = str(Decimal(entry.pop("cents")).scaleb(-2))
    return Simulated(orders, truth, None, n_rows, n_orders, counts)


def _orders_of(
    company: Company, shop: Shop, block: Block, form: _Form, *, first_order: int
) -> tuple[pa.Table, int, dict[str, dict[str, int]]]:
    """Return one block's observed rows as the file writes them, its number of orders, and the tally."""
    orders, end = block.orders, company.n_days
    csv = form.format == "csv"
    lines = block.lines.take((block.lines.day < end) & (orders.day[block.lines.order] < end))
    if company.dirt.any():
        rng = stream(company, 3, block.first)
        orders, lines = dirt_room.soil(company.dirt, shop.catalogue, orders, lines, end, csv=csv, rng=rng)
    table, n_orders = to_table(
        company,
        shop.catalogue,
        orders,
        lines,
        first_customer=block.first,
        first_order=first_order,
        headers=form.headers,
        csv=csv,
    )
    return table, n_orders, dirt_room.tally(lines)


def _truth_of(company: Company, shop: Shop, block: Block) -> pa.Table:
    people, result = block.people, outcome(company, shop, block)
    n = len(people.birth)
    start = np.datetime64(company.start, "D")
    gone = np.isfinite(block.purchases.dropout)
    dropout = np.floor(np.where(gone, block.purchases.dropout, 0) * 7).astype("timedelta64[D]")
    columns: dict[str, Any] = {
        "customer_id": customer_ids(company, np.arange(n) + block.first),
        "first_purchase": start + np.floor(people.birth * 7).astype("timedelta64[D]"),
        "lambda": people.lam,
        "mu": pa.array(people.mu, from_pandas=True),
        "p": pa.array(people.p, from_pandas=True),
        "nu": people.nu,
        "growth": people.growth,
        "discount": people.discount,
        "alive_at_end": result.alive,
        "dropout_date": pa.array(start + dropout, mask=~gone),
        "n_purchases": result.purchases,
        "revenue": result.revenue / 100,
        "profit": result.profit / 100,
        "future_purchases": result.future_purchases,
        "future_profit": result.future_profit / 100,
        "expected_future_purchases": result.expected_purchases,
        "expected_future_profit": result.expected_profit,
    }
    return pa.table(columns)


def _settings(company: Company, written: Simulated) -> dict[str, Any]:
    settings = asdict(company) | {"start": company.start.isoformat()}
    return {
        "settings": settings,
        "end": company.end.isoformat(),
        "n_rows": written.n_rows,
        "n_orders": written.n_orders,
        "rows": written.counts,
    }


def _add(counts: dict[str, dict[str, Any]], tally: dict[str, dict[str, int]]) -> None:
    for name, entry in tally.items():
        into = counts.setdefault(name, {"rows": 0, "cents": 0})
        into["rows"] += entry["rows"]
        into["cents"] += entry["cents"]


@contextmanager
def _sink(path: Path, format_: Format, encoding: Encoding = "utf-8") -> Iterator[Callable[[pa.Table], None]]:
    """Open a file that tables are appended to; it appears under its name only when all went well."""
    with ExitStack() as stack:
        part = stack.enter_context(whole_file(path))
        yield stack.enter_context(_parquet_sink(part) if format_ == "parquet" else _csv_sink(part, encoding))


@contextmanager
def _parquet_sink(path: Path) -> Iterator[Callable[[pa.Table], None]]:
    writer: pq.ParquetWriter | None = None

    def append(table: pa.Table) -> None:
        nonlocal writer
        if writer is None:
            # Without Arrow's own schema readers see plain strings, not dictionaries.
            writer = pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1, store_schema=False,
                                      store_decimal_as_integer=True)  # fmt: skip
        writer.write_table(table)

    try:
        yield append
    finally:
        if writer is not None:
            writer.close()


@contextmanager
def _csv_sink(path: Path, encoding: Encoding) -> Iterator[Callable[[pa.Table], None]]:
    with path.open("wb") as file:

        def append(table: pa.Table) -> None:
            buffer = pa.BufferOutputStream()
            plain = table.cast(pa.schema([(f.name, _plain(f.type)) for f in table.schema]))
            options = pa_csv.WriteOptions(include_header=file.tell() == 0, quoting_style="needed")
            pa_csv.write_csv(plain, buffer, options)
            data = buffer.getvalue().to_pybytes()
            if encoding != "utf-8":
                # Only the first block may carry a byte-order mark.
                data = data.decode().encode(encoding if file.tell() == 0 else _LAST_FIRST_BYTE.get(encoding, encoding))
            file.write(data)

        yield append


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
