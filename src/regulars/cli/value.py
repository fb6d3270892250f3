"""`regulars value`: from an orders file to a folder of results and a summary in the terminal."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import Thread
from types import ModuleType

from regulars import engine
from regulars.cli.progress import Progress
from regulars.cli.reading import margin_of, read_options, table_memory
from regulars.ingest import read_orders


def run_value(options: argparse.Namespace) -> int:
    """Value the orders that the arguments name; return the exit code."""
    source = Path(options.orders)
    target = Path(options.out) if options.out else Path(f"{source.name.split('.')[0] or 'orders'}-value")
    progress, margin = Progress(options.lang), margin_of(options)
    limit = options.memory_limit or table_memory(source)
    with engine.session(memory_limit=limit, threads=options.threads) as connection:
        loaded = _meanwhile("regulars.cli.results")
        orders = read_orders(
            source,
            options=read_options(options, margin),
            connection=connection,
            progress=lambda what, _: progress(what),
        )
        results = loaded()
        found = results.value_into(target, orders, results.value_settings(options, margin), options, progress)
    progress.done()
    results.show(found, options)
    return 0


def _meanwhile(module: str) -> Callable[[], ModuleType]:
    """Import a module while the engine reads, which leaves the interpreter idle; the result waits until it is there."""
    loading = Thread(target=import_module, args=(module,), daemon=True)
    loading.start()

    def loaded() -> ModuleType:
        loading.join()
        return import_module(module)

    return loaded
