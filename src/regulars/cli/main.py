"""The command `regulars`: reads the arguments, runs one command, turns errors into one message and an exit code."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from regulars import __version__
from regulars.cli.arguments import date_argument, horizon_argument, rate_argument
from regulars.errors import InputError
from regulars.words import Lang, T

# The matrices here are tiny: more threads only wait for each other, and sums would depend on their number.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

EXIT_INPUT = 2
EXIT_STOPPED = 130

HELP = {
    "regulars": T(
        zh="熟客：每位客户值多少、有多大把握、该做什么。",
        en="Regulars: what every customer is worth, how sure that is, and what to do about it.",
    ),
    "value": T(
        zh="从订单文件算出每位客户的价值、类别和先联系谁",
        en="value every customer of an orders file: worth, class, whom to contact first",
    ),
    "backtest": T(
        zh="用早先的数据预测，再和后来真实发生的比", en="predict from earlier data and compare with what then happened"
    ),
    "demo": T(
        zh="用一家模拟的公司（或 Complete Journey）跑一遍", en="run on a simulated company (or The Complete Journey)"
    ),
    "orders": T(
        zh="订单：CSV、Excel、Parquet，或装着它们的文件夹", en="the orders: CSV, Excel, Parquet, or a folder of these"
    ),
    "--as-of": T(zh="估值日，默认数据里最后一天", en="valuation date; default: the last day in the data"),
    "--margin": T(
        zh="毛利率，如 0.35，或“品类,毛利率”的文件", en="margin rate such as 0.35, or a file of category and rate"
    ),
    "--horizon": T(zh="未来多久，如 52w、12m、1y", en="how far ahead, such as 52w, 12m or 1y"),
    "--discount-rate": T(zh="年折现率", en="discount rate, effective annual"),
    "--threshold": T(
        zh="价值矩阵两条线的分位数", en="quantile of the two lines of the value matrix (0.8: the best fifth is high)"
    ),
    "--lang": T(zh="语言", en="language of the output"),
    "--out": T(zh="结果放在哪里", en="where the results go"),
    "--json": T(zh="在终端输出 JSON", en="print JSON instead of the summary"),
    "--xlsx": T(zh="另写一份 Excel（前 50,000 位）", en="write an Excel file too (the top 50,000 customers)"),
    "--map": T(zh="列的对应关系（TOML）", en="which column is which (TOML)"),
    "--date-order": T(zh="日期里日月年的顺序", en="order of day, month and year in dates"),
    "--timezone": T(zh="门店所在时区，如 Asia/Shanghai", en="zone of the business day, such as Asia/Shanghai"),
    "--currency": T(zh="币种，如 CNY", en="currency, such as CNY"),
    "--max-rejected": T(zh="读不懂的行最多占多少", en="share of unreadable rows that is still accepted"),
    "--threads": T(zh="用几个线程", en="number of threads"),
    "--memory-limit": T(
        zh="数据库最多用多少内存，如 2GB", en="memory for tables before they spill to disk, such as 2GB"
    ),
    "--split": T(zh="用这一天为止的数据拟合", en="fit on the data up to this day"),
    "--until": T(zh="和这一天为止的事实比", en="compare with what happened up to this day"),
    "--customers": T(zh="模拟多少位客户", en="how many customers to simulate"),
    "--seed": T(zh="随机种子", en="seed of the simulation"),
    "--data": T(zh="用哪份数据", en="which data to run on"),
    "--no-serve": T(zh="做完就退出，不打开网页", en="exit when done instead of serving the report"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 2 the input cannot be used, 130 stopped by the user."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    lang = chosen_language(arguments)
    options = _parser(lang).parse_args(arguments)
    options.lang = lang
    try:
        return _run(options)
    except InputError as error:
        print(f"regulars: {error.message(lang)}", file=sys.stderr)
        return EXIT_INPUT
    except KeyboardInterrupt:
        stopped = T(zh="已停止，什么都没有写下。", en="stopped; nothing was written.")
        print(f"\nregulars: {stopped[lang]}", file=sys.stderr)
        return EXIT_STOPPED
    except BrokenPipeError:
        # The reader of our output has gone (`regulars … | head`): not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(options: argparse.Namespace) -> int:
    # Imported here: `--help` must not wait for the numerical libraries.
    if options.command == "value":
        from regulars.cli.value import run_value

        return run_value(options)
    if options.command == "backtest":
        from regulars.cli.backtest import run_backtest

        return run_backtest(options)
    from regulars.cli.demo import run_demo

    return run_demo(options)


def chosen_language(arguments: Sequence[str]) -> Lang:
    """Return the language that ``--lang`` or else the locale asks for."""
    for position, argument in enumerate(arguments):
        if argument == "--lang" and arguments[position + 1 : position + 2] == ["zh"]:
            return "zh"
        if argument == "--lang=zh":
            return "zh"
        if argument.startswith("--lang"):
            return "en"
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.startswith("zh") else "en"


def _parser(lang: Lang) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="regulars", description=HELP["regulars"][lang], allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"regulars {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=HELP[name][lang], description=HELP[name][lang], allow_abbrev=False)
        added.add_argument("--lang", choices=("zh", "en"), help=HELP["--lang"][lang])
        return added

    value, backtest, demo = command("value"), command("backtest"), command("demo")
    for one in (value, backtest):
        _input_arguments(one, lang)
    _value_arguments(value, lang)
    _value_arguments(demo, lang)
    backtest.add_argument("--split", type=date_argument, required=True, metavar="DATE", help=HELP["--split"][lang])
    backtest.add_argument("--until", type=date_argument, required=True, metavar="DATE", help=HELP["--until"][lang])
    backtest.add_argument("--out", default="backtest.json", metavar="FILE", help=HELP["--out"][lang])
    demo.add_argument("--customers", type=int, default=3000, metavar="N", help=HELP["--customers"][lang])
    demo.add_argument("--seed", type=int, default=7, metavar="S", help=HELP["--seed"][lang])
    demo.add_argument(
        "--data", choices=("simulated", "complete-journey"), default="simulated", help=HELP["--data"][lang]
    )
    demo.add_argument("--no-serve", action="store_true", help=HELP["--no-serve"][lang])
    return parser


def _input_arguments(command: argparse.ArgumentParser, lang: Lang) -> None:
    command.add_argument("orders", metavar="ORDERS", help=HELP["orders"][lang])
    command.add_argument("--map", metavar="FILE", help=HELP["--map"][lang])
    command.add_argument("--date-order", choices=("ymd", "dmy", "mdy"), help=HELP["--date-order"][lang])
    command.add_argument("--timezone", metavar="ZONE", help=HELP["--timezone"][lang])
    command.add_argument("--currency", metavar="CODE", help=HELP["--currency"][lang])
    command.add_argument(
        "--max-rejected", type=rate_argument, default=0.05, metavar="SHARE", help=HELP["--max-rejected"][lang]
    )
    _machine_arguments(command, lang)


def _machine_arguments(command: argparse.ArgumentParser, lang: Lang) -> None:
    command.add_argument("--threads", type=int, metavar="N", help=HELP["--threads"][lang])
    command.add_argument("--memory-limit", metavar="SIZE", help=HELP["--memory-limit"][lang])


def _value_arguments(command: argparse.ArgumentParser, lang: Lang) -> None:
    command.add_argument("--as-of", type=date_argument, metavar="DATE", help=HELP["--as-of"][lang])
    command.add_argument("--margin", metavar="RATE|FILE", help=HELP["--margin"][lang])
    command.add_argument("--horizon", type=horizon_argument, default="52w", metavar="52w", help=HELP["--horizon"][lang])
    command.add_argument(
        "--discount-rate", type=rate_argument, default=0.1, metavar="0.1", help=HELP["--discount-rate"][lang]
    )
    command.add_argument("--threshold", type=rate_argument, default=0.8, metavar="0.8", help=HELP["--threshold"][lang])
    command.add_argument("--out", metavar="DIR", help=HELP["--out"][lang])
    command.add_argument("--json", action="store_true", help=HELP["--json"][lang])
    command.add_argument("--xlsx", action="store_true", help=HELP["--xlsx"][lang])


def run() -> NoReturn:
    """Run as a program of its own.

    Ends without Python's teardown: with PyArrow and Narwhals loaded, DuckDB's types outlive their module and it
    complains about that on stderr, which belongs to the user's errors.
    """
    try:
        code = main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        traceback.print_exc()
        code = 1
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
