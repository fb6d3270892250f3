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
from regulars.ingest import Orders, ReadOptions, read_orders
from regulars.ingest.lines import GROUP
from regulars.measure import purchase_occasions
from regulars.prove.backtest import HoldOut, backtest
from regulars.prove.bootstrap import even, signed
from regulars.prove.candidates import YARDSTICK, fit_candidate, plain_name
from regulars.prove.grouping import group_rows
from regulars.prove.members import first_segments, members_of
from regulars.prove.segments import RULE, compare_segments
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
            options=_reading(options),
            connection=connection,
            progress=lambda what, _: progress(what),
        )
        _refuse_beyond(orders, options)
        progress(COMPARING)
        occasions = engine.persist(purchase_occasions(orders.lines))
        n = engine.n_rows(engine.distinct(occasions, "customer_id"))
        members = None if options.by is None else members_of(orders.lines, GROUP, by=options.by)
        held = backtest(
            occasions,
            first=orders.first_date,
            split=options.split,
            until=options.until,
            n_customers=n,
            members=members,
        )
        found = _as_json(held, options)
        if options.by is not None:
            found["groups"] = _groups(held)
            found["segments"] = _segments(orders, occasions, held, options.by)
    progress.done()
    target = Path(options.out)
    write_text(target, json_text(found))
    if options.json:
        print(json_text(found), end="")
    else:
        print(_table(found, options.lang))
        print(f"→ {target}")
    return 0


def _reading(options: argparse.Namespace) -> ReadOptions:
    return replace(read_options(options), as_of=options.until)


def _groups(held: HoldOut) -> dict[str, Any]:
    """Return whether groups with parameters of their own earned their place, and each of them as it was tried."""
    assert held.card is not None
    grouped, verdict = held.card.grouped, held.choice.groups
    weeks = held.card.cells.horizon
    return {
        "verdict": None if verdict is None else verdict.as_dict(),
        "held_out": held.card.by_groups,
        "weeks": weeks,
        "rows": [] if grouped is None else group_rows(grouped, weeks=weeks),
    }


def _segments(orders: Orders, occasions: engine.Frame, held: HoldOut, by: str) -> dict[str, Any]:
    """Compare the segments by a column with the common model; refuse where nothing is known of it."""
    assert held.card is not None
    chosen = held.card.chosen
    common = fit_candidate(plain_name(chosen.name), held.card.cells) if held.choice.by_groups else chosen
    segments = compare_segments(occasions, first_segments(orders.lines, GROUP), held.plan, common)
    if not segments:
        raise InputError(
            T(zh="{by} 一列没有值", en="the column {by} is empty").format(by=by),
            where=orders.source,
            remedy=T(zh="换一列，或去掉 --by。", en="Name another column, or leave --by out."),
        )
    return {"by": by, "rule": RULE.as_dict(), "rows": [each.as_dict() for each in segments]}


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
    "rmse_against": T(zh="比 {base}", en="vs {base}").format(base=YARDSTICK),
    "gini": T(zh="归一化基尼", en="Gini"),
    "capture20": T(zh="前 20% 命中", en="top 20%"),
    "coverage90": T(zh="区间盖住", en="covered"),
    "mean_width": T(zh="区间宽", en="width"),
    "pit_distance": T(zh="PIT 偏离", en="PIT off"),
    "total_interval": T(zh="总次数区间", en="total, 90%"),
}
NAME_WIDTH = 30
WIDTHS = {"rmse": 11, "rmse_against": 15, "gini": 11, "capture20": 12, "total_interval": 18}
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
FULL_STOP = T(zh="。", en=".")
STAR = T(
    zh="* 采用的模型；~ 与 {base} 的差别在偶然范围之内", en="* the model chosen; ~ no further from {base} than chance"
).format(base=YARDSTICK)
SCORES = T(zh="较早起点上的平均对数概率：", en="Mean log probability at the earlier origins: ")


def _table(found: dict[str, Any], lang: Lang) -> str:
    """Return the tournament: how the model was chosen, how each did on the last origin, and what to make of it."""
    held, choice = found["holdout"], found["choice"]
    head = pad("", NAME_WIDTH) + "".join(pad(title[lang], _width(key), right=True) for key, title in COLUMNS.items())
    regular = choice["regularity"][lang] if choice["regularity"] else ""
    lines = [choice["reason"][lang], *([regular[0].upper() + regular[1:] + FULL_STOP[lang]] if regular else [])]
    if choice["scores"]:
        lines.append(SCORES[lang] + _log_scores(choice["scores"], lang))
    lines += ["", f"{found['split']} → {found['until']}", head.rstrip()]
    for row in held["models"]:
        name = row["name"] if isinstance(row["name"], str) else row["name"][lang]
        mark = " *" if name == held["chosen"] else ""
        lines.append(pad(name + mark, NAME_WIDTH) + "".join(_cell(key, row.get(key)) for key in COLUMNS).rstrip())
    chosen = next(row for row in held["models"] if row["name"] == held["chosen"])
    low, high = held["total_interval"]
    said = COVERAGE[lang].format(
        model=held["chosen"], cover=held["coverage90"], width=held["mean_width"], low=low, high=high,
        actual=chosen["total_actual"], said=chosen["total_expected"],
    )  # fmt: skip
    more = [held[key][lang] for key in ("against", "lost_to", "challenger") if held[key]]
    more += [held["by_groups"]["text"][lang]] if "by_groups" in held else []
    parts = [*lines, STAR[lang], "", said, *([] if held["contains"] else [MISSED[lang]]), *more]
    return "\n".join([*parts, *(_segment_lines(found["segments"], lang) if "segments" in found else [])])


SEGMENT_COLUMNS = {
    "customers": T(zh="客户", en="customers"),
    "model": T(zh="自选模型", en="own model"),
    "own": T(zh="自选误差", en="RMSE, own"),
    "common": T(zh="共同误差", en="RMSE, common"),
    "gap": T(zh="相差", en="difference"),
}
MOST_SEGMENTS = 30


def _segment_lines(found: dict[str, Any], lang: Lang) -> list[str]:
    """Return each segment's own model beside the common one."""
    head = pad(found["by"], NAME_WIDTH) + "".join(pad(t[lang], 15, right=True) for t in SEGMENT_COLUMNS.values())
    rows = []
    for row in found["rows"][:MOST_SEGMENTS]:
        own = row["own"]
        cells = [
            f"{row['customers']:,}",
            row["choice"]["name"] if own else "–",
            _said("rmse", own["rmse"] if own else None),
            _said("rmse", row["common"]["rmse"]),
            _said("rmse_against", row["rmse_against_common"]),
        ]
        rows.append(pad(row["name"], NAME_WIDTH) + "".join(pad(cell, 15, right=True) for cell in cells))
    return ["", found["rule"][lang], head, *rows]


def _log_scores(scores: list[dict[str, Any]], lang: Lang) -> str:
    said = [f"{s['name']} {s['log_score']:.4f}" if s["failed"] is None else f"{s['name']} {s['failed'][lang]}"
            for s in scores]  # fmt: skip
    return ("，" if lang == "zh" else ", ").join(said).replace("-", "−")


def _width(key: str) -> int:
    return WIDTHS.get(key, 9)


def _cell(key: str, value: Any) -> str:
    return pad(_said(key, value), _width(key), right=True)


def _said(key: str, value: Any) -> str:
    if value is None:
        text = "–"
    elif key == "rmse_against":
        likely = even(value["value"], value["low"], value["high"])
        text = ("~ " if likely else "") + signed(value["value"])
    elif key == "total_interval":
        text = f"{value[0]:,.0f} – {value[1]:,.0f}"
    elif key == "bias":
        text = f"{value:+.1%}"
    elif key in ("capture20", "coverage90"):
        text = f"{value:.1%}"
    else:
        text = f"{value:.3f}"
    return text.replace("-", "−")
