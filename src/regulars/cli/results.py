"""The results of a run: everything that is written and shown of a valuation."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regulars import engine
from regulars.cli.progress import Progress
from regulars.files import whole_folder
from regulars.ingest import Orders, write_rejected
from regulars.measure.margin import Margin
from regulars.report import terminal_summary, write_html, write_xlsx
from regulars.report.excel import MAX_CUSTOMERS
from regulars.valuation import Given, Settings, Valuation, figures, model_card, value_orders
from regulars.valuation.spoken import most_valuable, reasons
from regulars.words import Lang, T

WRITING = T(zh="写结果", en="writing the results")
VALUE_FILE, REPORT_FILE, CARD_FILE = "customer_value.parquet", "report.html", "model_card.json"
REJECTED_FILE, MAPPING_FILE, XLSX_FILE = "rejected.csv", "mapping.toml", "customers.xlsx"


@dataclass(frozen=True)
class Results:
    """What a run leaves: the folder, its files and the figures behind them."""

    folder: Path
    files: list[str]
    figures: dict[str, Any]
    card: dict[str, Any]


def value_settings(options: argparse.Namespace, margin: Margin | None) -> Settings:
    """Return what to value, as the arguments say; the defaults where they say nothing."""
    said = {"horizon_days": options.horizon, "discount_rate": options.discount_rate, "threshold": options.threshold}
    return Settings(
        margin=margin,
        by=getattr(options, "by", None),
        **{name: value for name, value in said.items() if value is not None},
    )


def value_into(
    target: Path,
    orders: Orders,
    settings: Settings,
    options: argparse.Namespace,
    progress: Progress,
    given: Given | None = None,
) -> Results:
    """Value `orders`, by the parameters `given` or fitting them, and write every result into `target`, all or none."""
    # The folder is tried first: a place that cannot be written should not cost a minute to find out.
    with whole_folder(target, optional=(XLSX_FILE,)) as folder:
        write_rejected(orders, folder / REJECTED_FILE, lang=options.lang)
        valuation = value_orders(
            orders,
            settings,
            given=given,
            renew=given is not None and options.refit_when_due,
            step=progress,
            path=folder / VALUE_FILE,
            consume=True,
        )
        progress(WRITING)
        found, card = figures(valuation), model_card(valuation)
        _write(folder, valuation, found, card, options)
        files = sorted(file.name for file in folder.iterdir())
    return Results(target, files, found, card)


def _write(
    folder: Path, valuation: Valuation, found: dict[str, Any], card: dict[str, Any], options: argparse.Namespace
) -> None:
    lang: Lang = options.lang
    write_html(found, folder / REPORT_FILE, lang)
    (folder / CARD_FILE).write_text(json_text(card), encoding="utf-8")
    (folder / MAPPING_FILE).write_text(valuation.orders.mapping_toml(), encoding="utf-8")
    if options.xlsx:
        best = most_valuable(valuation, MAX_CUSTOMERS)
        write_xlsx(engine.to_arrow(best), found, folder / XLSX_FILE, lang, reasons=reasons(valuation, best))


def json_text(value: Any) -> str:
    """Return JSON for people: indented, characters as they are, no NaN."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False, default=str) + "\n"


def show(results: Results, options: argparse.Namespace) -> None:
    """Print the summary, or JSON where that was asked for."""
    paths = [str(results.folder / name) for name in results.files]
    if options.json:
        headline = (
            "meta", "totals", "not_enough", "untested", "given", "groups", "contact", "contact_note", "tiers",
            "pyramid", "visits", "left_out", "asks", "notes", "weak",
        )  # fmt: skip
        print(json_text({**{key: results.figures[key] for key in headline}, "files": paths}), end="")
        return
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = shutil.get_terminal_size((100, 40)).columns
    print(terminal_summary(results.figures, options.lang, min(width, 120), color, paths), end="")
