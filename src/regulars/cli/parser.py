"""The arguments of the commands, their help in both languages, and a message instead of a page when one is wrong."""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections.abc import Iterable
from functools import partial
from typing import Any, NoReturn

from regulars import __version__
from regulars.cli.arguments import (
    Reader,
    currency_argument,
    date_argument,
    horizon_argument,
    rate_argument,
    size_argument,
    whole_argument,
)
from regulars.cli.contract_arguments import HELP as CONTRACT_HELP
from regulars.cli.contract_arguments import METAVARS as CONTRACT_METAVARS
from regulars.cli.contract_arguments import add_contract_command
from regulars.cli.data_arguments import HELP as DATA_HELP
from regulars.cli.data_arguments import add_data_commands
from regulars.cli.experiment_arguments import HELP as EXPERIMENT_HELP
from regulars.cli.experiment_arguments import METAVARS as EXPERIMENT_METAVARS
from regulars.cli.experiment_arguments import add_experiment_commands
from regulars.cli.workspace_arguments import HELP as WORKSPACE_HELP
from regulars.cli.workspace_arguments import add_workspace_commands
from regulars.errors import InputError
from regulars.words import Lang, T

HELP = (
    WORKSPACE_HELP
    | DATA_HELP
    | EXPERIMENT_HELP
    | CONTRACT_HELP
    | {
        "regulars": T(
            zh="熟客：每位客户值多少、有多大把握、该做什么。",
            en="Regulars: what every customer is worth, how sure that is, and what to do about it.",
        ),
        "value": T(
            zh="从订单文件算出每位客户的价值、类别和先联系谁",
            en="value every customer of an orders file: worth, class, whom to contact first",
        ),
        "backtest": T(
            zh="用早先的数据预测，再和后来真实发生的比",
            en="predict from earlier data and compare with what then happened",
        ),
        "demo": T(
            zh="用一家模拟的公司（或 Complete Journey）跑一遍",
            en="run on a simulated company (or The Complete Journey)",
        ),
        "orders": T(
            zh="订单：CSV、Excel、Parquet，或装着它们的文件夹",
            en="the orders: CSV, Excel, Parquet, or a folder of these",
        ),
        "--as-of": T(zh="估值日，默认数据里最后一天", en="valuation date; default: the last day in the data"),
        "--margin": T(
            zh="毛利率，如 0.35，或“品类,毛利率”的文件", en="margin rate such as 0.35, or a file of category and rate"
        ),
        "--horizon": T(zh="未来多久，如 52w、12m、1y", en="how far ahead, such as 52w, 12m or 1y"),
        "--discount-rate": T(zh="年折现率", en="discount rate, effective annual"),
        "--threshold": T(
            zh="价值矩阵两条线的分位数",
            en="quantile of the two lines of the value matrix (0.8: the best fifth is high)",
        ),
        "--like": T(
            zh="沿用以前一次结果的参数，只打分，不重新估计",
            en="score by the parameters of an earlier run's folder; nothing is fitted",
        ),
        "--refit-when-due": T(zh="参数不再适用时重新估计", en="with --like: fit again where they no longer hold"),
        "whatif": T(
            zh="如果看得更远、折现率不同、客户流失更慢，价值会怎样",
            en="what another horizon, discount rate or slower dropout would make of the value",
        ),
        "--one": T(zh="只看这一位客户", en="of this customer alone"),
        "--lower": T(zh="流失降低多少，如 15%", en="by how much dropout is lower, such as 15%"),
        "--effect": T(
            zh="自己假设利润会变化多少，如 10%", en="your own assumption of how much profit changes, such as 10%"
        ),
        "--lang": T(zh="语言", en="language of the output"),
        "--out": T(zh="结果放在哪里", en="where the results go"),
        "--json": T(zh="在终端输出 JSON", en="print JSON instead of the summary"),
        "--xlsx": T(zh="另写一份 Excel（前 50,000 位）", en="write an Excel file too (the top 50,000 customers)"),
        "--map": T(zh="列的对应关系（TOML）", en="which column is which (TOML)"),
        "--date-order": T(zh="日期里日月年的顺序", en="order of day, month and year in dates"),
        "--timezone": T(zh="门店所在时区，如 Asia/Shanghai", en="zone of the business day, such as Asia/Shanghai"),
        "--currency": T(zh="币种的 ISO 4217 代码，如 CNY", en="currency by its ISO 4217 code, such as CNY"),
        "--max-rejected": T(zh="读不懂的行最多占多少", en="share of unreadable rows that is still accepted"),
        "--threads": T(zh="用几个线程", en="number of threads"),
        "--memory-limit": T(
            zh="数据库最多用多少内存，如 2GB", en="memory for tables before they spill to disk, such as 2GB"
        ),
        "--split": T(zh="用这一天为止的数据拟合", en="fit on the data up to this day"),
        "--until": T(zh="和这一天为止的事实比", en="compare with what happened up to this day"),
        "--by": T(
            zh="按这一列（首次购买时的门店、渠道……）分组，各组可以有自己的参数",
            en="a column, such as the store of the first order, whose groups may have parameters of their own",
        ),
        "--customers": T(zh="模拟多少位客户", en="how many customers to simulate"),
        "--seed": T(zh="随机种子", en="seed of the simulation"),
        "--data": T(zh="用哪份数据", en="which data to run on"),
        "--help": T(zh="显示这段说明", en="show this help"),
        "--version": T(zh="显示版本", en="show the version"),
        "--serve": T(
            zh="做一个演示工作区并打开网页（默认只做报告）",
            en="make a workspace of the company and serve its pages; without it, the report alone",
        ),
        "--no-serve": T(zh="做完就退出，不打开网页", en="exit when done instead of serving the report"),
    }
)

METAVARS = (
    EXPERIMENT_METAVARS
    | CONTRACT_METAVARS
    | {
        "COMMAND": T(zh="命令", en="COMMAND"),
        "ID": T(zh="编号", en="ID"),
        "ORDERS": T(zh="订单", en="ORDERS"),
        "FILE": T(zh="文件", en="FILE"),
        "DIR": T(zh="文件夹", en="DIR"),
        "COLUMN": T(zh="列", en="COLUMN"),
        "DATE": T(zh="日期", en="DATE"),
        "ZONE": T(zh="时区", en="ZONE"),
        "CODE": T(zh="代码", en="CODE"),
        "SHARE": T(zh="比例", en="SHARE"),
        "SIZE": T(zh="大小", en="SIZE"),
        "RATE|FILE": T(zh="毛利率|文件", en="RATE|FILE"),
        "N": T(zh="个数", en="N"),
        "S": T(zh="种子", en="S"),
    }
)
"""What stands for a value in the help; numbers stand for themselves."""

POSITIONALS, OPTIONS = T(zh="参数", en="arguments"), T(zh="选项", en="options")
USAGE = T(zh="用法：", en="usage: ")
SEE_HELP = T(zh="“{prog} --help”列出全部选项。", en="“{prog} --help” lists what there is.")
SAID = {
    r"argument ([^:]+): (.*)": T(zh=r"\1：\2", en=r"\1: \2"),
    r"the following arguments are required: (.*), ([^,]+)": T(zh=r"还缺 \1 和 \2", en=r"\1 and \2 are missing"),
    r"the following arguments are required: (.*)": T(zh=r"还缺 \1", en=r"\1 is missing"),
    r"unrecognized arguments: (.*)": T(zh=r"不认识 \1", en=r"\1 is not known"),
    r"invalid choice: (.*) \(choose from (.*)\)": T(zh=r"不能是 \1，可选 \2", en=r"\1 is not one of \2"),
    r"expected (one|at least one) argument": T(zh="后面要写一个值", en="takes a value"),
    r"ignored explicit argument (.*)": T(zh=r"后面不写值（\1）", en=r"takes no value (\1)"),
}
"""What argparse says, and how we say it."""


class Parser(argparse.ArgumentParser):
    """A parser that speaks both languages and reports a wrong argument in two lines."""

    lang: Lang = "en"

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments.

        Raises
        ------
        InputError
            Always: what is wrong, and where to read on.
        """
        for pattern, words in SAID.items():
            message = re.sub(pattern, words[self.lang], message)
        if self.lang == "zh":
            message = message.replace(", ", "、")
        raise InputError(message, remedy=SEE_HELP.format(prog=self.prog))


class _Help(argparse.HelpFormatter):
    usage = USAGE["en"]

    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, self.usage if prefix is None else prefix)


class _ChineseHelp(_Help):
    usage = USAGE["zh"]

    def _format_action(self, action: argparse.Action) -> str:
        """Take the room of wide characters, which argparse counts as one column, off the gap behind them."""
        text, head = super()._format_action(action), self._format_action_invocation(action)
        extra = _wide(head)
        return text.replace(head + " " * (extra + 1), head + " ", 1)

    def format_help(self) -> str:
        """Return the help with full-width colons, the lines of the usage one below the other."""
        first, gap, rest = super().format_help().partition("\n\n")
        return first.replace("\n", "\n" + " " * _wide(self.usage)) + gap + rest.replace(":\n", "：\n")


def _wide(text: str) -> int:
    return sum(unicodedata.east_asian_width(c) in "WF" for c in text)


def parser(lang: Lang) -> Parser:
    """Return the parser of the whole command line, its help in `lang`."""
    whole = _speaking(Parser(prog="regulars", **_manner("regulars", lang)), lang)
    whole.add_argument("--version", action="version", version=f"regulars {__version__}", help=HELP["--version"][lang])
    commands = whole.add_subparsers(dest="command", required=True, metavar=METAVARS["COMMAND"][lang])

    def command(name: str, under: Any = commands) -> Parser:
        added = _speaking(under.add_parser(name, help=HELP[name][lang], **_manner(name, lang)), lang)
        _option(added, "--lang", choices=("zh", "en"))
        return added

    value, backtest, whatif, demo = (command(name) for name in ("value", "backtest", "whatif", "demo"))
    for one in (value, backtest, whatif):
        _input_options(one)
    for one in (value, demo):
        _value_options(one)
    for one in (value, backtest):
        _option(one, "--by", metavar="COLUMN")
    _option(value, "--like", metavar="DIR")
    _option(value, "--refit-when-due", action="store_true")
    for flag in ("--split", "--until"):
        _option(backtest, flag, date_argument, required=True, metavar="DATE")
    _option(backtest, "--out", default="backtest.json", metavar="FILE")
    _option(backtest, "--json", action="store_true")
    _whatif_options(whatif)
    _option(demo, "--customers", whole_argument, default=3000, metavar="N")
    _option(demo, "--seed", whole_argument, default=7, metavar="S")
    _option(demo, "--data", choices=("simulated", "complete-journey"), default="simulated")
    _option(demo, "--no-serve", action="store_true")
    _option(demo, "--serve", action="store_true")
    _option(demo, "--port", whole_argument, default=8000, metavar="N")
    add_workspace_commands(command, _option)
    add_data_commands(command, _option, lang)
    add_contract_command(command, _option)
    add_experiment_commands(command, _option, _input_options, METAVARS["COMMAND"][lang])
    return whole


def _manner(name: str, lang: Lang) -> dict[str, Any]:
    return {
        "description": HELP[name][lang],
        "allow_abbrev": False,
        "add_help": False,
        "formatter_class": _ChineseHelp if lang == "zh" else _Help,
    }


def _speaking(added: Parser, lang: Lang) -> Parser:
    added.lang = lang
    added._positionals.title, added._optionals.title = POSITIONALS[lang], OPTIONS[lang]
    added.add_argument("-h", "--help", action="help", help=HELP["--help"][lang])
    return added


def _option(command: Parser, flag: str, reads: Reader | None = None, **settings: Any) -> None:
    """Add one option; what it `reads` names the option when it cannot."""
    if reads is not None:
        settings["type"] = partial(reads, flag=flag)
    if settings.get("metavar") in METAVARS:
        settings["metavar"] = METAVARS[settings["metavar"]][command.lang]
    command.add_argument(flag, help=HELP[flag][command.lang], **settings)


def _place(command: Parser, name: str, metavar: str, **settings: Any) -> None:
    command.add_argument(name, metavar=METAVARS[metavar][command.lang], help=HELP[name][command.lang], **settings)


def _input_options(command: Parser, **settings: Any) -> None:
    _place(command, "orders", "ORDERS", **settings)
    _option(command, "--map", metavar="FILE")
    _option(command, "--date-order", choices=("ymd", "dmy", "mdy"))
    _option(command, "--timezone", metavar="ZONE")
    _option(command, "--currency", currency_argument, metavar="CODE")
    _option(command, "--max-rejected", rate_argument, default=0.05, metavar="SHARE")
    _option(command, "--threads", partial(whole_argument, least=1), metavar="N")
    _option(command, "--memory-limit", size_argument, metavar="SIZE")


def _value_options(command: Parser) -> None:
    _option(command, "--as-of", date_argument, metavar="DATE")
    _option(command, "--margin", metavar="RATE|FILE")
    _option(command, "--horizon", horizon_argument, metavar="52w")
    _option(command, "--discount-rate", rate_argument, metavar="0.1")
    _option(command, "--threshold", rate_argument, metavar="0.8")
    _option(command, "--out", metavar="DIR")
    _option(command, "--json", action="store_true")
    _option(command, "--xlsx", action="store_true")


def _whatif_options(command: Parser) -> None:
    _option(command, "--as-of", date_argument, metavar="DATE")
    _option(command, "--margin", metavar="RATE|FILE")
    _option(command, "--horizon", horizon_argument, metavar="52w")
    _option(command, "--discount-rate", rate_argument, metavar="0.1")
    _option(command, "--lower", rate_argument, metavar="SHARE")
    _option(command, "--effect", rate_argument, metavar="SHARE")
    _option(command, "--one", metavar="ID")
    _option(command, "--json", action="store_true")
