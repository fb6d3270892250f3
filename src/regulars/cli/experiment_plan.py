"""`regulars experiment plan`: how many customers an experiment needs, how long, and who is in which arm."""

from __future__ import annotations

import argparse
import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals as nw

from regulars import engine
from regulars.cli.progress import Progress
from regulars.cli.reading import margin_of, read_options, table_memory
from regulars.cli.results import json_text
from regulars.errors import InputError, NotEnoughData
from regulars.files import whole_file
from regulars.ingest import Orders, read_orders
from regulars.ingest.rejected import harmless
from regulars.prove.control import CONTROL, PARTS, TREATED
from regulars.prove.experiments import Design, assign, required_size
from regulars.prove.experiments.past import Past, outcome_of, past_outcome
from regulars.report import formats
from regulars.report.monospace import pad
from regulars.words import Lang, T

WEEKS = (4, 8, 13, 26)
"""Windows shown beside the one asked for."""
POWERS = (0.25, 0.5, 1.0, 1.5, 2.0)
"""Shares of the needed customers at which power is shown."""
NEEDS = T(
    zh="需要 {customers} 位客户：处理组{each} {per_arm} 位，对照组 {control} 位。"
    "每位客户差 {difference} 时，有 {power} 的把握看出来。",
    en="{customers} customers are needed: {per_arm} treated{each}, {control} left alone. They show a difference of "
    "{difference} per customer with a chance of {power}.",
)
EACH = T(zh="每组", en=" in each arm")
SHOWS = T(
    zh="有 {customers} 位客户：每位客户差 {difference} 以上，有 {power} 的把握看出来。",
    en="With {customers} customers, a difference of {difference} per customer or more shows with a chance of {power}.",
)
ENOUGH = T(zh="订单里有 {n} 位客户：够了。", en="The orders hold {n} customers: enough.")
TOO_FEW = T(
    zh="订单里只有 {n} 位客户：只看得出每位客户 {difference} 的差别。",
    en="The orders hold only {n} customers: they show a difference of {difference} per customer.",
)
ASSUMED = T(
    zh="标准差 {sd}，误报率 {alpha}，对照组占 {share}{looks}{explained}",
    en="standard deviation {sd}, false alarms {alpha}, {share} left alone{looks}{explained}",
)
LOOKS = T(zh="，看 {n} 次（客户多要 {more}）", en=", {n} looks ({more} more customers)")
EXPLAINED = T(zh="，之前的数据解释 {share} 的方差", en=", earlier data explain {share} of the variance")
POWER = T(zh="客户数：看出 {difference} 的把握", en="customers: chance to see {difference}")
BASIS = {"net_profit": T(zh="净利", en="net profit"), "revenue": T(zh="收入", en="revenue")}
DURATION = T(
    zh="订单里的全部客户，按窗口长短（每位客户的{basis}）",
    en="all customers of the orders, by length of the window ({basis} per customer)",
)
COLUMNS = {
    "weeks": T(zh="周数", en="weeks"),
    "customers": T(zh="客户", en="customers"),
    "mean": T(zh="均值", en="mean"),
    "sd": T(zh="标准差", en="sd"),
    "explained": T(zh="之前能解释", en="explained"),
    "detectable": T(zh="看得出的差别", en="shows"),
    "share": T(zh="占均值", en="of the mean"),
}
WIDTH = 14
WRITTEN = ("customer_id", "arm", "stratum", "propensity", "assigned_on")
ASSIGNED = T(zh="→ {path}：{sizes}，种子 {seed}", en="→ {path}: {sizes}, seed {seed}")


def run_plan(options: argparse.Namespace) -> int:
    """Plan the experiment that the arguments describe; return the exit code."""
    if options.orders is None:
        return _from_figures(options)
    progress = Progress(options.lang)
    margin = margin_of(options)
    limit = options.memory_limit or table_memory(Path(options.orders))
    with engine.session(memory_limit=limit, threads=options.threads) as connection:
        orders = read_orders(
            options.orders,
            options=read_options(options, margin),
            connection=connection,
            progress=lambda what, _: progress(what),
        )
        windows = {days: _past(orders, days, margin) for days in sorted({options.window, *(7 * w for w in WEEKS)})}
        asked = windows[options.window]
        if asked is None and options.sd is None:
            raise InputError(
                T(
                    zh=f"{options.window} 天前就有的客户太少，算不出每位客户的波动",
                    en=f"too few customers were known {options.window} days ago to tell how much they vary",
                ),
                where=str(options.orders),
                remedy=T(
                    zh="用 --window 换短一些的窗口，或用 --sd 给出标准差。",
                    en="Choose a shorter --window, or give the standard deviation with --sd.",
                ),
            )
        everybody = engine.n_rows(engine.distinct(orders.lines.filter(~nw.col("customer_id").is_null()), "customer_id"))
        assigned = None if options.assign is None else _assign(orders, options, margin)
    progress.done()
    sd = options.sd if asked is None else options.sd or asked.sd
    known = 0.0 if asked is None or options.sd is not None else asked.explained
    explained = known if options.explained is None else options.explained
    design = _design(options, sd, explained, customers=everybody)
    _say(options, design, everybody=everybody, windows=[w for w in windows.values() if w], assigned=assigned)
    return 0


def _past(orders: Orders, days: int, margin: Any) -> Past | None:
    try:
        return past_outcome(orders.lines, as_of=orders.as_of, days=days, margin=margin)
    except NotEnoughData:
        return None


def _from_figures(options: argparse.Namespace) -> int:
    if options.sd is None or options.difference is None:
        raise InputError(
            T(zh="没有订单，就要写 --sd 和 --difference", en="without orders, --sd and --difference are needed"),
            remedy=T(
                zh="给一个订单文件，标准差就从里面算。", en="Give an orders file, and the deviation comes from there."
            ),
        )
    if options.assign is not None:
        raise InputError(
            T(zh="没有订单，没有客户可分组", en="without orders there are no customers to assign"),
            where="--assign",
            remedy=T(zh="给一个订单文件。", en="Give an orders file."),
        )
    _say(options, _design(options, options.sd, options.explained or 0.0, customers=None))
    return 0


def _design(options: argparse.Namespace, sd: float, explained: float, *, customers: int | None) -> Design:
    """Return the design; without a difference it is the one that all customers can show."""
    settings = {
        "sd": sd, "control_share": options.control_share, "alpha": options.alpha, "power": options.power,
        "explained": explained, "arms": options.arms, "looks": options.looks, "spending": options.spending,
    }  # fmt: skip
    if options.difference is None:
        any_size = required_size(difference=sd, **settings)
        return required_size(difference=any_size.detectable(customers), **settings)
    return required_size(difference=options.difference, **settings)


def _say(
    options: argparse.Namespace,
    design: Design,
    *,
    everybody: int | None = None,
    windows: list[Past] | None = None,
    assigned: dict[str, int] | None = None,
) -> None:
    curve = {round(design.customers * share): 0.0 for share in POWERS}
    curve = {n: design.power_of(n) for n in curve if n > 1}
    durations = [_duration(options, past, design) for past in windows or []]
    if options.json:
        found = {
            "customers": design.customers, "per_arm": design.per_arm, "control": design.control,
            "difference": design.difference, "sd": design.sd, "alpha": design.alpha, "power": design.power,
            "explained": design.explained, "inflation": design.inflation, "arms": design.arms,
            "power_curve": [{"customers": n, "power": power} for n, power in curve.items()],
            "available": everybody, "windows": durations, "assigned": assigned,
        }  # fmt: skip
        print(json_text(found), end="")
        return
    lang: Lang = options.lang
    lines = _headline(options, design, everybody, lang)
    lines += ["", POWER[lang].format(difference=_figure(design.difference))]
    lines += [f"  {formats.integer(n):>12}  {formats.percent(power, 0):>5}" for n, power in curve.items()]
    if windows:
        lines += ["", DURATION[lang].format(basis=BASIS[windows[0].basis][lang])]
        lines += ["".join(pad(title[lang], WIDTH, right=True) for title in COLUMNS.values())]
        lines += ["".join(pad(_cell(name, row[name]), WIDTH, right=True) for name in COLUMNS) for row in durations]
    if assigned is not None:
        sizes = (", " if lang == "en" else "、").join(f"{arm} {n:,}" for arm, n in assigned.items())
        lines += ["", ASSIGNED[lang].format(path=options.assign, sizes=sizes, seed=options.seed)]
    print("\n".join(lines))


def _headline(options: argparse.Namespace, design: Design, everybody: int | None, lang: Lang) -> list[str]:
    figures = {"difference": _figure(design.difference), "power": formats.percent(design.power, 0)}
    if options.difference is None:
        lines = [SHOWS[lang].format(customers=formats.integer(everybody), **figures)]
    else:
        lines = [
            NEEDS[lang].format(
                customers=formats.integer(design.customers), per_arm=formats.integer(design.per_arm),
                control=formats.integer(design.control), each=EACH[lang] if design.arms > 1 else "", **figures,
            )
        ]  # fmt: skip
        if everybody is not None:
            told = ENOUGH if everybody >= design.customers else TOO_FEW
            lines += [told[lang].format(n=formats.integer(everybody), difference=_figure(design.detectable(everybody)))]
    looks = "" if options.looks is None else LOOKS[lang].format(
        n=options.looks, more=formats.percent(design.inflation - 1)
    )  # fmt: skip
    explained = EXPLAINED[lang].format(share=formats.percent(design.explained, 0)) if design.explained else ""
    return [
        *lines,
        ASSUMED[lang].format(
            sd=_figure(design.sd), alpha=formats.percent(design.alpha, 0),
            share=formats.percent(design.control_share, 0), looks=looks, explained=explained,
        ),
    ]  # fmt: skip


def _duration(options: argparse.Namespace, past: Past, design: Design) -> dict[str, Any]:
    alike = required_size(
        sd=past.sd, difference=past.sd, control_share=design.control_share, alpha=design.alpha, power=design.power,
        explained=past.explained, arms=design.arms, looks=options.looks, spending=options.spending,
    )  # fmt: skip
    shows = alike.detectable(past.customers)
    return {
        "weeks": past.days / 7,
        "customers": past.customers,
        "mean": past.mean,
        "sd": past.sd,
        "explained": past.explained,
        "detectable": shows,
        "share": shows / past.mean if past.mean > 0 else None,
        "basis": past.basis,
    }


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return formats.NONE
    if name in ("explained", "share"):
        return formats.percent(value)
    if name == "weeks":
        return formats.number(value, 0 if value % 1 == 0 else 1)
    return formats.integer(value) if name == "customers" else _figure(value)


def _figure(value: float) -> str:
    size = abs(value)
    return formats.number(value, 4 if size < 1 else 2 if size < 1000 else 0)


def _assign(orders: Orders, options: argparse.Namespace, margin: Any) -> dict[str, int]:
    """Write who is in which arm, alike among the new, those who brought nothing, and the halves of those who did."""
    sums, _ = outcome_of(orders.lines, as_of=orders.as_of, days=options.window, margin=margin)
    everybody = engine.distinct(orders.lines.filter(~nw.col("customer_id").is_null()), "customer_id")
    brought = nw.col("now")
    listed = everybody.join(sums, on="customer_id", how="left").with_columns(
        nw.when(brought > 0).then(brought).alias("_brought")
    )
    halved = engine.ntile_by(listed, "_brought", 2, name="_half")
    half = nw.when(nw.col("_half") == 1).then(nw.lit("low")).otherwise(nw.lit("high"))
    some = nw.when(nw.col("_half").is_null()).then(nw.lit("none")).otherwise(half)
    text = nw.when(brought.is_null()).then(nw.lit("new")).otherwise(some)
    classed = halved.with_columns(text.alias("class"), nw.lit(orders.as_of).alias("assigned_on"))
    arms = assign(classed, seed=options.seed, shares=_shares(options), stratum="class")
    found = engine.persist(arms.select(*WRITTEN).sort("customer_id"))
    counts = engine.to_arrow(found.group_by("arm").agg(nw.len().alias("n")).sort("arm")).to_pylist()
    _write(found, Path(options.assign))
    return {row["arm"]: int(row["n"]) for row in counts}


def _shares(options: argparse.Namespace) -> dict[str, Decimal]:
    left = round(Decimal(str(options.control_share)) * PARTS)
    each, over = divmod(PARTS - left, options.arms)
    names = [TREATED] if options.arms == 1 else [f"{TREATED} {n}" for n in range(1, options.arms + 1)]
    parts = {CONTROL: left} | {name: each + (at < over) for at, name in enumerate(names)}
    return {name: Decimal(n) / PARTS for name, n in parts.items()}


def _write(table: engine.Frame, target: Path) -> None:
    with whole_file(target) as draft:
        if target.suffix.lower() in (".parquet", ".pq"):
            engine.write_parquet(table, draft)
            return
        with draft.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, WRITTEN)
            writer.writeheader()
            for some in engine.to_arrow(table).to_batches(max_chunksize=50_000):
                writer.writerows(one | {"customer_id": harmless(str(one["customer_id"]))} for one in some.to_pylist())
