"""`regulars contracts`: what its options are and mean."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from regulars.cli.arguments import date_argument, rate_argument, whole_argument
from regulars.words import T

COMMAND = "contracts"
HELP = {
    "contracts": T(
        zh="从合同或订阅的文件看谁会续约、还值多少",
        en="who renews and what is still to come, from a file of contracts or subscriptions",
    ),
    "contract_file": T(
        zh="一行一期（客户、开始、到期、金额），或一行一位客户（期数、是否流失）：CSV、Excel、Parquet",
        en="one row a period (customer, start, end, amount), or one a customer (tenure, churn): CSV, Excel, Parquet",
    ),
    "--period": T(
        zh="一期多长，如 month、year、6m；默认由文件里的日期看出",
        en="time between two renewals, such as month, year or 6m; default: told from the dates",
    ),
    "--each": T(
        zh="一段关系是一位客户（合同一份接一份），还是一份合同",
        en="whether a relationship is a customer, whose contracts follow each other, or a contract",
    ),
    "--grace": T(
        zh="到期后多少天内还可能续；默认半期，最多 30 天",
        en="days after its end within which a contract may still be renewed; default: half a period, 30 at most",
    ),
    "--feature": T(
        zh="按它看续约率、也用来算每位客户的概率的列；可以多写",
        en="a column to look at retention by and to tell each customer's chances from; may be repeated",
    ),
    "--last-period-only": T(
        zh="文件里只有上一期还在的客户：tenure 与是否流失只说明这一期",
        en="the file holds who was a customer in the last period alone; who left earlier is not in it",
    ),
}
METAVARS = {"CONTRACTS": T(zh="合同", en="CONTRACTS")}

Command = Callable[..., Any]
Option = Callable[..., None]


def add_contract_command(command: Command, option: Option) -> None:
    """Add the command with the parser's own means."""
    contracts = command(COMMAND)
    lang = contracts.lang
    contracts.add_argument("table", metavar=METAVARS["CONTRACTS"][lang], help=HELP["contract_file"][lang])
    option(contracts, "--as-of", date_argument, metavar="DATE")
    option(contracts, "--period", metavar="month")
    option(contracts, "--each", choices=("customer", "contract"), default="customer")
    option(contracts, "--grace", whole_argument, metavar="N")
    option(contracts, "--feature", action="append", default=[], metavar="COL")
    option(contracts, "--last-period-only", action="store_true")
    option(contracts, "--margin", metavar="RATE|FILE")
    option(contracts, "--horizon", default="12m", metavar="12m")
    option(contracts, "--discount-rate", rate_argument, default=0.1, metavar="0.1")
    option(contracts, "--out", metavar="DIR")
    option(contracts, "--json", action="store_true")
    option(contracts, "--map", metavar="FILE")
    option(contracts, "--date-order", choices=("ymd", "dmy", "mdy"))


def run_contracts(options: argparse.Namespace) -> int:
    """Run it; what it needs is imported only now."""
    from regulars.cli.contracts import run_contracts as run

    return run(options)
