"""`regulars whatif`: what another horizon, discount rate or dropout would make of a base, or of one customer."""

from __future__ import annotations

import argparse
import json
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import narwhals as nw

from regulars import engine
from regulars.cli.progress import Progress
from regulars.cli.reading import margin_of, read_options, table_memory
from regulars.cli.results import CARD_FILE, VALUE_FILE, json_text
from regulars.engine import Frame
from regulars.errors import InputError, NotEnoughData
from regulars.ingest import read_orders
from regulars.measure.whatif import PRESETS, own_preset
from regulars.report.whatif import whatif_lines
from regulars.valuation import Settings, model_card, value_orders
from regulars.valuation.given import Given
from regulars.valuation.whatif import whatif_figures
from regulars.words import T

OF_THE_RUN = ("--as-of", "--margin")
"""What a run has said already."""


def run_whatif(options: argparse.Namespace) -> int:
    """Answer the what-ifs of a run's folder, or of orders that are valued first; return the exit code."""
    source, progress = Path(options.orders), Progress(options.lang)
    with _session(source, options) as connection:
        customers, card = _of_run(source, options, connection) or _of_orders(source, options, connection, progress)
        found = _found(customers, card, options)
    progress.done()
    width = min(shutil.get_terminal_size((100, 40)).columns, 120)
    print(json_text(found) if options.json else whatif_lines(found, options.lang, max(width, 60)), end="")
    return 0


def _session(source: Path, options: argparse.Namespace) -> AbstractContextManager[Any]:
    limit = options.memory_limit or table_memory(source)
    return engine.session(memory_limit=limit, threads=options.threads)


def _of_run(source: Path, options: argparse.Namespace, connection: Any) -> tuple[Frame, dict[str, Any]] | None:
    """Return the customers and the card of a run's folder; None where `source` is none."""
    if not (source / CARD_FILE).is_file():
        return None
    for flag in OF_THE_RUN:
        if getattr(options, flag[2:].replace("-", "_")) is not None:
            raise InputError(
                T(zh="这个结果文件夹已经定下了", en="was settled when this folder was made"),
                where=flag,
                remedy=T(zh="去掉它，或给出订单而不是结果文件夹。", en="Leave it out, or name the orders instead."),
            )
    Given.read(source)  # says in one line what is wrong with the card
    card: dict[str, Any] = json.loads((source / CARD_FILE).read_text(encoding="utf-8"))
    return engine.frame(connection.read_parquet(str(source / VALUE_FILE))), card


def _of_orders(
    source: Path, options: argparse.Namespace, connection: Any, progress: Progress
) -> tuple[Frame, dict[str, Any]]:
    margin = margin_of(options)
    orders = read_orders(
        source, options=read_options(options, margin), connection=connection, progress=lambda what, _: progress(what)
    )
    valued = value_orders(orders, Settings(margin=margin), step=progress, consume=True)
    return valued.customers, model_card(valued)


def _found(customers: Frame, card: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    chosen = customers
    if options.one is not None:
        chosen = customers.filter(nw.col("customer_id").cast(nw.String) == options.one)
        if not engine.n_rows(chosen):
            raise InputError(
                T(zh=f"没有客户 {options.one!r}", en=f"there is no customer {options.one!r}"), where="--one"
            )
    own = [] if options.effect is None else [own_preset(options.effect)]
    try:
        return whatif_figures(
            chosen,
            card,
            weeks=None if options.horizon is None else options.horizon / 7,
            rate=options.discount_rate,
            lower=[] if options.lower is None else [options.lower],
            presets=[*PRESETS, *own],
        )
    except NotEnoughData as error:
        raise InputError(error.why, where=str(options.orders)) from None
