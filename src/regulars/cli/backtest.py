"""`regulars backtest`: predict from the data up to one day, compare with what happened up to another."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import narwhals as nw

from regulars import engine
from regulars.cli.progress import Progress
from regulars.cli.reading import read_options, table_memory
from regulars.cli.results import json_text
from regulars.errors import InputError
from regulars.files import write_text
from regulars.ingest import Orders, read_orders
from regulars.measure import purchase_occasions
from regulars.prove.backtest import HoldOut, backtest
from regulars.report.monospace import pad
from regulars.words import Lang, T

COMPARING = T(zh="预测并和事实比", en="forecasting and comparing")


def run_backtest(options: argparse.Namespace) -> int:
    """Run the comparison that the arguments describe and write it as JSON; return the exit code.

    Nothing after `--until` is read, and the model is chosen and fitted on what was known by `--split`.
    """
    progress = Progress(options.lang)
    _refuse_backwards(options)
    limit = options.memory_limit or table_memory(Path(options.orders))
    with engine.session(memory_limit=limit, threads=options.threads) as connection:
        orders = read_orders(
            options.orders,
            options=replace(read_options(options), as_of=options.until),
            connection=connection,
            progress=lambda what, _: progress(what),
        )
        _refuse_beyond(orders, options)
        progress(COMPARING)
        occasions = engine.persist(purchase_occasions(orders.lines))
        n = engine.n_rows(occasions.select("customer_id").unique())
        held = backtest(occasions, first=orders.first_date, split=options.split, until=options.until, n_customers=n)
        found = _as_json(held, options)
    progress.done()
    target = Path(options.out)
    write_text(target, json_text(found))
    print(_table(found, options.lang))
    print(f"→ {target}")
    return 0


def _refuse_backwards(options: argparse.Namespace) -> None:
    if options.split >= options.until:
        raise InputError(
            T(
                zh=f"--split {options.split} 不早于 --until {options.until}",
                en=f"--split {options.split} is not before --until {options.until}",
            ),
            remedy=T(zh="用较早的日期做 --split。", en="Give the earlier day to --split."),
        )


def _refuse_beyond(orders: Orders, options: argparse.Namespace) -> None:
    if any(left.reason == "after_as_of" for left in orders.left_out):
        return  # the data go on, even where nothing was sold on the day itself
    last = engine.to_arrow(orders.lines.select(nw.col("business_date").max().alias("last")))["last"][0].as_py()
    if options.until > last:
        raise InputError(
            T(
                zh=f"数据只到 {last}，{options.until} 还没有事实可比",
                en=f"the data end on {last}; there is nothing on {options.until} to compare with",
            ),
            where=str(options.orders),
            remedy=T(zh=f"写 --until {last} 或更早。", en=f"Say --until {last} or earlier."),
        )


def _as_json(held: HoldOut, options: argparse.Namespace) -> dict[str, Any]:
    if held.card is None and held.why_no_card is not None:
        raise InputError(
            held.why_no_card,
            where=str(options.orders),
            remedy=T(zh="换一个 --split，或用更多数据。", en="Choose another --split, or bring more data."),
        )
    return {"split": options.split.isoformat(), "until": options.until.isoformat(), **held.as_dict()}


COLUMNS = {
    "bias": T(zh="总量偏差", en="bias"),
    "rmse": T(zh="均方根误差", en="RMSE"),
    "mae": T(zh="平均绝对误差", en="MAE"),
    "spearman": T(zh="排序相关", en="Spearman"),
    "gini": T(zh="归一化基尼", en="Gini"),
    "capture20": T(zh="前 20% 命中", en="top 20%"),
}
NAME_WIDTH, WIDTH = 30, 14
COVERAGE = T(
    zh="{model}：90% 区间盖住 {cover:.1%}，平均宽 {width:.2f} 次；总次数 {actual:,.0f}，"
    "预测 {said:,.0f}（{low:,.0f} – {high:,.0f}）。",
    en="{model}: 90% intervals covered {cover:.1%}, mean width {width:.2f} purchases; total {actual:,.0f}, forecast "
    "{said:,.0f} ({low:,.0f} – {high:,.0f}).",
)
MISSED = T(
    zh="实际总数落在这个区间之外：买法变了，总数的区间太窄。",
    en="The actual total lies outside that interval: habits changed, and the interval is too narrow.",
)
STAR = T(zh="* 采用的模型", en="* the model chosen")


def _table(found: dict[str, Any], lang: Lang) -> str:
    """Return the comparison of models and naive rules, and how well the chosen one knew its own doubt."""
    held = found["holdout"]
    head = pad("", NAME_WIDTH) + "".join(pad(title[lang], WIDTH, right=True) for title in COLUMNS.values())
    lines = [f"{found['split']} → {found['until']}", head.rstrip()]
    for row in held["models"]:
        name = row["name"] if isinstance(row["name"], str) else row["name"][lang]
        mark = " *" if name == held["chosen"] else ""
        lines.append(pad(name + mark, NAME_WIDTH) + "".join(_cell(key, row[key]) for key in COLUMNS))
    chosen = next(row for row in held["models"] if row["name"] == held["chosen"])
    low, high = held["total_interval"]
    said = COVERAGE[lang].format(
        model=held["chosen"], cover=held["coverage90"], width=held["mean_width"], low=low, high=high,
        actual=chosen["total_actual"], said=chosen["total_expected"],
    )  # fmt: skip
    return "\n".join([*lines, STAR[lang], said, *([] if held["contains"] else [MISSED[lang]])])


def _cell(key: str, value: float | None) -> str:
    if value is None:
        text = "–"
    elif key in ("bias", "capture20"):
        text = f"{value:+.1%}" if key == "bias" else f"{value:.1%}"
    else:
        text = f"{value:.3f}"
    return pad(text.replace("-", "−"), WIDTH, right=True)
