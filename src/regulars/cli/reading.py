"""What a command reads, and how, by its arguments."""

from __future__ import annotations

import argparse
from pathlib import Path

from regulars.ingest import ReadOptions
from regulars.measure.margin import Margin


def table_memory(source: Path) -> str:
    """Return what tables may hold before they spill to disk: 700 MB and four times the input, 16 GB at most."""
    files = source.rglob("*") if source.is_dir() else [source]
    size = sum(file.stat().st_size for file in files if file.is_file())
    return f"{min(700 + 4 * size // 1_000_000, 16_000)}MB"


UNREAD = frozenset({"channel", "store", "currency"})


def read_options(options: argparse.Namespace, margin: Margin | None = None) -> ReadOptions:
    """Return how to read the orders, as the arguments say; categories only where margins go by them."""
    by_category = margin is not None and margin.by_category
    return ReadOptions(
        map_file=options.map,
        as_of=getattr(options, "as_of", None),
        date_order=options.date_order,
        timezone=options.timezone,
        currency=options.currency,
        max_rejected=options.max_rejected,
        lang=options.lang,
        group=getattr(options, "by", None),
        without=UNREAD if by_category else UNREAD | {"category"},
    )


def margin_of(options: argparse.Namespace) -> Margin | None:
    """Return the margins that the arguments name."""
    return None if options.margin is None else Margin.read(options.margin)
