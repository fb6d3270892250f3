"""`regulars contracts`: from a file of contracts to who renews and what is still to come."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from regulars import engine
from regulars.cli.progress import Progress
from regulars.cli.reading import margin_of, table_memory
from regulars.cli.results import json_text
from regulars.errors import InputError
from regulars.files import whole_folder
from regulars.ingest.contract_columns import said_length
from regulars.ingest.contracts import ContractRows, read_contracts
from regulars.measure.contracts import Period, Relationships, from_dates, from_tenure
from regulars.report.contracts import contracts_summary
from regulars.valuation.contract_card import contract_card
from regulars.valuation.contract_table import contract_table
from regulars.valuation.contracts import ContractSettings, value_contracts
from regulars.words import T

READING = T(zh="读合同", en="reading the contracts")
VALUE_FILE, CARD_FILE = "contract_value.parquet", "contract_card.json"
TEN_YEARS = 10


def run_contracts(options: argparse.Namespace) -> int:
    """Value the contracts that the arguments name; return the exit code."""
    source, progress = Path(options.table), Progress(options.lang)
    target = Path(options.out) if options.out else Path(f"{source.name.split('.')[0] or 'contracts'}-contracts")
    settings = _settings(options)
    progress(READING)
    with engine.session(memory_limit=table_memory(source) if source.exists() else None) as connection:
        rows = read_contracts(
            source, connection=connection, features=options.feature, map_file=options.map, date_order=options.date_order
        )
    found = value_contracts(rows, _relationships(rows, options), settings, step=progress)
    card = contract_card(found)
    with whole_folder(target) as folder:
        pq.write_table(contract_table(found), folder / VALUE_FILE)
        (folder / CARD_FILE).write_text(json_text(card), encoding="utf-8")
    progress.done()
    _show(card, [str(target / name) for name in (VALUE_FILE, CARD_FILE)], options)
    return 0


def _settings(options: argparse.Namespace) -> ContractSettings:
    margin = margin_of(options)
    if margin is not None and margin.overall is None:
        raise InputError(
            T(zh="合同没有品类，要一个总的毛利率", en="contracts have no categories; one margin rate is needed"),
            where="--margin",
            remedy=T(zh="写成 0.35 这样。", en="Write it like 0.35."),
        )
    horizon = Period.read(options.horizon, "--horizon")
    if horizon.years > TEN_YEARS:
        raise InputError(
            T(zh=f"{options.horizon} 太长", en=f"{options.horizon} is too long"),
            where="--horizon",
            remedy=T(zh="最长 10 年。", en="Ten years at most."),
        )
    rate = None if margin is None or margin.overall is None else float(margin.overall)
    return ContractSettings(horizon=horizon, discount_rate=options.discount_rate, margin=rate)


def _relationships(rows: ContractRows, options: argparse.Namespace) -> Relationships:
    period = None if options.period is None else Period.read(options.period)
    if "started_on" in rows.columns:
        if options.last_period_only:
            raise _dated("--last-period-only")
        return from_dates(rows, as_of=options.as_of, period=period, grace=options.grace, each=options.each)
    for flag, given in (("--as-of", options.as_of), ("--grace", options.grace), ("--each", options.each != "customer")):
        if given not in (None, False):
            raise _undated(flag)
    named = said_length(rows.mapping["tenure"])
    if period is None and named is None:
        raise InputError(
            T(
                zh="“{c}”没有说一期多长", en="'{c}' does not say how long a period is"
            ).format(c=rows.mapping["tenure"]),
            where=rows.source,
            remedy=T(zh="加上 --period month 或 --period year。", en="Add --period month or --period year."),
        )  # fmt: skip
    return from_tenure(rows, period=period or Period.read(str(named)), last_only=options.last_period_only)


def _dated(flag: str) -> InputError:
    return InputError(
        T(zh="这个文件有日期，一行一期", en="this file has dates, one row a period"),
        where=flag,
        remedy=T(zh="去掉这个选项。", en="Leave this option out."),
    )


def _undated(flag: str) -> InputError:
    return InputError(
        T(zh="这个文件没有日期，一行一位客户", en="this file has no dates, one row a customer"),
        where=flag,
        remedy=T(zh="去掉这个选项。", en="Leave this option out."),
    )


def _show(card: dict[str, Any], files: list[str], options: argparse.Namespace) -> None:
    if options.json:
        print(json_text({**card, "files": files}), end="")
        return
    width = min(shutil.get_terminal_size((100, 40)).columns, 120)
    print(contracts_summary(card, options.lang, width, files), end="")
