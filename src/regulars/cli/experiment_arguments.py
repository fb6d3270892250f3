"""`regulars experiment plan` and `analyse`: what their options are and mean."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

from regulars.cli.arguments import (
    date_argument,
    horizon_argument,
    named_argument,
    number_argument,
    rate_argument,
    whole_argument,
)
from regulars.words import T

COMMAND = "experiment"
HELP = {
    "experiment": T(
        zh="做一次有对照的试验：先算要多少人，再读结果",
        en="an experiment with a control group: plan its size, read its result",
    ),
    "plan": T(
        zh="算试验要多少客户、能看出多大的差别，也可以分好组",
        en="how many customers an experiment needs and what it can show; assign them, too",
    ),
    "analyse": T(
        zh="读一次试验：每位客户净多赚多少，有多大把握",
        en="read an experiment: the net difference per customer, and how sure it is",
    ),
    "table": T(zh="一行一位客户的表：CSV、Excel、Parquet", en="one row a customer: CSV, Excel or Parquet"),
    "--sd": T(
        zh="每位客户结果的标准差，没买的算 0；给了订单就从订单里算",
        en="standard deviation of the outcome per customer, 0 for who bought nothing; from the orders where given",
    ),
    "--difference": T(zh="值得发现的最小差别，每位客户", en="the smallest difference per customer worth finding"),
    "--control-share": T(zh="对照组的比例", en="share of the control group"),
    "--alpha": T(zh="误报率", en="rate of false alarms"),
    "--power": T(zh="差别存在时看得出来的把握", en="chance to see the difference where there is one"),
    "--explained": T(
        zh="之前的数据能解释多少方差（0–1）", en="share of the variance that earlier data explain (0–1)"
    ),
    "--arms": T(zh="有几个处理组", en="number of treated arms"),
    "--looks": T(zh="事先声明一共看几次结果", en="how many looks at the result are declared beforehand"),
    "--look": T(zh="这是第几次", en="which of them this is"),
    "--spending": T(zh="误报率怎么分给各次查看", en="how false alarms are spread over the looks"),
    "--window": T(zh="结果算多长时间，如 8w", en="how long the outcome is counted, such as 8w"),
    "--assign": T(zh="把分组写到这个文件（.csv 或 .parquet）", en="write who is in which arm (.csv or .parquet)"),
    "--arm": T(zh="哪一列是分组", en="the column of the arms"),
    "--control": T(zh="分组里哪个值是对照组", en="which of its values is the control group"),
    "--outcome": T(
        zh="结果的列；可以多写，第一个作准", en="a column of outcomes; may be repeated, the first one decides"
    ),
    "--covariate": T(zh="分组之前就知道的列；可以多写", en="a column known before the assignment; may be repeated"),
    "--stratum": T(zh="分层的列", en="the column of the strata"),
    "--household": T(zh="一起分组的家庭的列", en="the column of households assigned together"),
    "--cost": T(
        zh="一组里每位客户花的钱，如 mail=0.5；可以多写",
        en="what an arm cost per customer assigned, such as mail=0.5; may be repeated",
    ),
    "--share": T(
        zh="一组计划的比例，如 mail=0.5；可以多写", en="planned share of an arm, such as mail=0.5; may be repeated"
    ),
    "--segment": T(zh="分开看的列，只供探索；可以多写", en="a column to look into, exploratory; may be repeated"),
    "--declared-segment": T(zh="事先声明要分开看的列；可以多写", en="the same, declared beforehand; may be repeated"),
    "--customer": T(
        zh="客户编号的列，一位客户只能有一行；默认 customer_id",
        en="the column of the customer, each of whom may stand there once; default: customer_id",
    ),
    "--assigned-on": T(zh="分组日期的列", en="the column of the day of assignment"),
    "--outcome-on": T(zh="最早结果日期的列", en="the column of the day of the first outcome"),
    "--correction": T(zh="多个比较怎么校正", en="correction for several comparisons"),
    "--worthwhile": T(zh="值得要的最小净差别", en="the smallest net difference worth having"),
}  # fmt: skip
METAVARS = {
    "COL": T(zh="列", en="COL"),
    "ARM": T(zh="组", en="ARM"),
    "ARM=N": T(zh="组=金额", en="ARM=N"),
    "ARM=SHARE": T(zh="组=比例", en="ARM=SHARE"),
    "TABLE": T(zh="表", en="FILE"),
}

Command = Callable[..., Any]
Option = Callable[..., None]


def add_experiment_commands(command: Command, option: Option, input_options: Option, metavar: str) -> None:
    """Add the commands with the parser's own means."""
    steps = command(COMMAND).add_subparsers(dest="step", required=True, metavar=metavar)
    plan, analyse = command("plan", steps), command("analyse", steps)
    input_options(plan, nargs="?")
    _plan_options(plan, option)
    _analyse_options(analyse, option)


def _plan_options(plan: Any, option: Option) -> None:
    option(plan, "--as-of", date_argument, metavar="DATE")
    option(plan, "--margin", metavar="RATE|FILE")
    option(plan, "--sd", number_argument, metavar="15")
    option(plan, "--difference", number_argument, metavar="0.5")
    option(plan, "--window", horizon_argument, default="8w", metavar="8w")
    option(plan, "--control-share", rate_argument, default=0.5, metavar="SHARE")
    option(plan, "--power", rate_argument, default=0.8, metavar="0.8")
    option(plan, "--explained", rate_argument, metavar="0.3")
    option(plan, "--arms", partial(whole_argument, least=1), default=1, metavar="N")
    option(plan, "--assign", metavar="FILE")
    option(plan, "--seed", default="1", metavar="S")
    _shared_options(plan, option)


def _analyse_options(analyse: Any, option: Option) -> None:
    analyse.add_argument("table", metavar=METAVARS["TABLE"][analyse.lang], help=HELP["table"][analyse.lang])
    option(analyse, "--arm", required=True, metavar="COL")
    option(analyse, "--control", required=True, metavar="ARM")
    option(analyse, "--outcome", action="append", required=True, metavar="COL")
    option(analyse, "--covariate", action="append", default=[], metavar="COL")
    option(analyse, "--stratum", metavar="COL")
    option(analyse, "--household", metavar="COL")
    option(analyse, "--cost", named_argument, action="append", default=[], metavar="ARM=N")
    option(analyse, "--share", named_argument, action="append", default=[], metavar="ARM=SHARE")
    option(analyse, "--segment", action="append", default=[], metavar="COL")
    option(analyse, "--declared-segment", action="append", default=[], metavar="COL")
    option(analyse, "--customer", metavar="COL")
    option(analyse, "--assigned-on", metavar="COL")
    option(analyse, "--outcome-on", metavar="COL")
    option(analyse, "--look", whole_argument, metavar="K")
    option(analyse, "--correction", choices=("holm", "bonferroni", "none"), default="holm")
    option(analyse, "--worthwhile", number_argument, metavar="0.5")
    _shared_options(analyse, option)


def _shared_options(parser: Any, option: Option) -> None:
    option(parser, "--alpha", rate_argument, default=0.05, metavar="0.05")
    option(parser, "--looks", partial(whole_argument, least=1), metavar="N")
    option(parser, "--spending", choices=("obrien-fleming", "pocock", "bonferroni"), default="obrien-fleming")
    option(parser, "--json", action="store_true")


def run_experiment(options: argparse.Namespace) -> int:
    """Run one of the two; what they need is imported only now."""
    if options.step == "plan":
        from regulars.cli.experiment_plan import run_plan

        return run_plan(options)
    from regulars.cli.experiment_analyse import run_analyse

    return run_analyse(options)
