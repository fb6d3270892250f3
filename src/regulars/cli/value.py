"""`regulars value`: from an orders file to a folder of results and a summary in the terminal."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import TYPE_CHECKING

from regulars import engine
from regulars.cli.progress import Progress
from regulars.cli.reading import margin_of, read_options, table_memory
from regulars.errors import InputError
from regulars.ingest import ReadOptions, read_orders
from regulars.words import T

if TYPE_CHECKING:
    from regulars.measure.margin import Margin
    from regulars.valuation.given import Given

TAKEN = ("--margin", "--horizon", "--discount-rate", "--threshold", "--by")
"""What an earlier run was asked for, and `--like` takes over."""


def run_value(options: argparse.Namespace) -> int:
    """Value the orders that the arguments name; return the exit code."""
    source = Path(options.orders)
    target = Path(options.out) if options.out else Path(f"{source.name.split('.')[0] or 'orders'}-value")
    given = given_of(options)
    progress, margin = Progress(options.lang), given.settings.margin if given else margin_of(options)
    limit = options.memory_limit or table_memory(source)
    with engine.session(memory_limit=limit, threads=options.threads) as connection:
        loaded = _meanwhile("regulars.cli.results")
        orders = read_orders(
            source,
            options=_reading(options, margin, given),
            connection=connection,
            progress=lambda what, _: progress(what),
        )
        results = loaded()
        settings = given.settings if given else results.value_settings(options, margin)
        found = results.value_into(target, orders, settings, options, progress, given)
    progress.done()
    results.show(found, options)
    return 0


def _reading(options: argparse.Namespace, margin: Margin | None, given: Given | None) -> ReadOptions:
    """Return how to read the orders: with the column that an earlier run grouped customers by, too."""
    read = read_options(options, margin)
    return read if given is None else replace(read, group=given.settings.by)


def given_of(options: argparse.Namespace) -> Given | None:
    """Return the parameters that ``--like`` names.

    Raises
    ------
    InputError
        When there are none there, or other choices are named beside it.
    """
    if options.like is None:
        if options.refit_when_due:
            raise InputError(
                T(zh="要和 --like 一起用", en="goes with --like"),
                where="--refit-when-due",
                remedy=T(zh="用 --like 给出以前的结果文件夹。", en="Name the folder of an earlier run with --like."),
            )
        return None
    for flag in TAKEN:
        if getattr(options, flag[2:].replace("-", "_")) is not None:
            raise InputError(
                T(
                    zh="和 --like 不能一起用：设置也沿用那次的",
                    en="cannot go with --like, which takes the settings too",
                ),
                where=flag,
                remedy=T(zh="去掉其中一个。", en="Leave one of them out."),
            )
    from regulars.valuation.given import Given

    return Given.read(Path(options.like))


def _meanwhile(module: str) -> Callable[[], ModuleType]:
    """Import a module while the engine reads, which leaves the interpreter idle; the result waits until it is there."""
    loading = Thread(target=import_module, args=(module,), daemon=True)
    loading.start()

    def loaded() -> ModuleType:
        loading.join()
        return import_module(module)

    return loaded
