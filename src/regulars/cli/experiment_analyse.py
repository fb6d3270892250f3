"""`regulars experiment analyse`: the verdict first, in words, then the numbers behind it."""

from __future__ import annotations

import argparse
from pathlib import Path

from regulars import engine
from regulars.cli.progress import Progress
from regulars.cli.reading import table_memory
from regulars.cli.results import json_text
from regulars.ingest.tables import read_table
from regulars.prove.experiments import Effect, Reading, SegmentEffect, analyse
from regulars.report import formats
from regulars.report.monospace import pad
from regulars.words import Lang, T

READING = T(zh="读文件、算差别", en="reading the file and taking differences")
VERDICT = T(zh="{arm}：{verdict}。{why}", en="{arm}: {verdict}. {why}")
NET = T(
    zh="每位客户{net}：{value}（{level} 在 {low} 到 {high}）；全组 {n} 位一共 {total}（{total_low} 到 {total_high}）",
    en="{net} per customer: {value} ({level} within {low} to {high}); all {n} of the arm: {total} "
    "({total_low} to {total_high})",
)
DIFFERENCE, NET_OF_COST = T(zh="多", en="difference"), T(zh="扣掉成本净多", en="difference net of cost")
COLUMNS = {
    "arm": T(zh="组", en="arm"),
    "mean": T(zh="本组均值", en="mean"),
    "control": T(zh="对照均值", en="control"),
    "difference": T(zh="差别", en="difference"),
    "interval": T(zh="区间", en="interval"),
    "p": T(zh="校正后 p", en="adjusted p"),
}
WIDTHS = {"arm": 22, "mean": 12, "control": 12, "difference": 12, "interval": 24, "p": 12}
OUTCOME = T(zh="结果“{name}”", en="outcome {name}")
SEGMENT = T(
    zh="按“{column}”分开看{kind}，{arm}（各段有没有不同：p = {p}）",
    en="by {column}{kind}, {arm} (do they differ from each other: p = {p})",
)
EXPLORATORY = T(zh="（只供探索）", en=" (exploratory)")
TOO_FEW = T(zh="数据不足", en="not enough data")
SIZES = T(zh="人数：{sizes}", en="customers: {sizes}")
SIZES_FIT = T(zh="和计划的比例对得上（p = {p}）", en="as planned (p = {p})")
ADJUSTED = T(
    zh="按 {covariates} 校正，方差少了 {explained}",
    en="adjusted for {covariates}, which took {explained} of the variance away",
)
LOOK = T(
    zh="第 {look} 次查看，共 {looks} 次：区间按这一次的界线取 {level}",
    en="look {look} of {looks}: intervals at this look's own level, {level}",
)


def run_analyse(options: argparse.Namespace) -> int:
    """Read the file and the experiment in it; return the exit code."""
    progress = Progress(options.lang)
    progress(READING)
    path = Path(options.table)
    with engine.session(memory_limit=table_memory(path) if path.exists() else None) as connection:
        table = read_table(path, connection=connection, numbers=[*options.outcome, *options.covariate])
        reading = analyse(
            table,
            arm=options.arm,
            control=options.control,
            outcomes=options.outcome,
            covariates=options.covariate,
            strata=options.stratum,
            household=options.household,
            costs=dict(options.cost),
            alpha=options.alpha,
            looks=options.looks,
            look=options.look,
            spending=options.spending,
            correction=options.correction,
            segments=options.segment,
            declared_segments=options.declared_segment,
            key=options.customer or ("customer_id" if "customer_id" in table.collect_schema().names() else None),
            shares=dict(options.share) or None,
            assigned_on=options.assigned_on,
            outcome_on=options.outcome_on,
            worthwhile=options.worthwhile,
        )
    progress.done()
    print(json_text(reading.as_dict()) if options.json else said(reading, options.lang), end="")
    return 0


def said(reading: Reading, lang: Lang) -> str:
    """Return the whole reading as text: verdicts, numbers, segments, what weakens it."""
    lines: list[str] = []
    for arm in reading.arms:
        verdict, effect = reading.verdicts[arm], reading.effect(arm)
        lines += [VERDICT[lang].format(arm=arm, verdict=verdict.title[lang], why=verdict.why[lang])]
        lines += ["  " + _net(effect, reading.level, lang)] if effect.enough else []
    for name in reading.outcomes:
        lines += ["", OUTCOME[lang].format(name=name), _head(lang)]
        lines += [_row(effect, effect.arm, lang) for effect in reading.effects if effect.outcome == name]
    lines += _segments(reading.segments, lang)
    lines += ["", *_facts(reading, lang), *[warning[lang] for warning in reading.warnings]]
    return "\n".join(lines) + "\n"


def _net(effect: Effect, level: float, lang: Lang) -> str:
    figures = {
        "value": effect.net, "low": effect.low, "high": effect.high,
        "total": effect.total, "total_low": effect.total_low, "total_high": effect.total_high,
    }  # fmt: skip
    return NET[lang].format(
        net=(NET_OF_COST if effect.cost else DIFFERENCE)[lang],
        level=formats.percent(level, 1 if level > 0.99 or level * 100 % 1 else 0),
        n=formats.integer(effect.customers),
        **{name: _figure(value, sign=True) for name, value in figures.items()},
    )


def _figure(value: float, *, sign: bool = False) -> str:
    """Return a number with about four figures, whatever its size."""
    size = abs(value)
    digits = 4 if size < 1 else 3 if size < 10 else 2 if size < 1000 else 0
    return formats.number(value, digits, sign=sign)


def _head(lang: Lang) -> str:
    cells = [pad(title[lang], WIDTHS[name], right=name != "arm") for name, title in COLUMNS.items()]
    return "  " + "".join(cells).rstrip()


def _row(effect: Effect, name: str, lang: Lang) -> str:
    low, high = effect.low + effect.cost, effect.high + effect.cost
    cells = {"arm": name, "mean": _figure(effect.mean), "control": _figure(effect.control_mean)}
    if not effect.enough:
        return "  " + "".join(_cell(*each) for each in cells.items()) + "   " + TOO_FEW[lang]
    cells |= {
        "difference": _figure(effect.difference, sign=True),
        "interval": f"{_figure(low, sign=True)} … {_figure(high, sign=True)}",
        "p": _p(effect.p_adjusted),
    }
    return "  " + "".join(_cell(*each) for each in cells.items())


def _cell(column: str, text: str) -> str:
    return pad(text, WIDTHS[column], right=column != "arm")


def _p(value: float | None) -> str:
    return formats.NONE if value is None else "<0.0001" if value < 0.0001 else f"{value:.4f}"


def _segments(segments: tuple[SegmentEffect, ...], lang: Lang) -> list[str]:
    lines, last = [], None
    for each in segments:
        if (each.column, each.arm) != last:
            last = (each.column, each.arm)
            kind = "" if each.declared else EXPLORATORY[lang]
            title = SEGMENT[lang].format(column=each.column, kind=kind, arm=each.arm, p=_p(each.p_differs))
            lines += ["", title, _head(lang)]
        name = each.value or formats.NONE
        if each.effect is None:
            lines.append("  " + pad(name, WIDTHS["arm"]) + TOO_FEW[lang])
        else:
            lines.append(_row(each.effect, name, lang))
    return lines


def _facts(reading: Reading, lang: Lang) -> list[str]:
    sizes = (", " if lang == "en" else "、").join(f"{arm} {n:,}" for arm, n in reading.customers.items())
    text = SIZES[lang].format(sizes=sizes)
    if reading.mismatch is not None and not reading.mismatch.suspicious:
        text += (": " if lang == "en" else "：") + SIZES_FIT[lang].format(p=_p(reading.mismatch.p_value))
    lines = [text]
    if reading.covariates:
        explained = formats.percent(reading.effect(reading.arms[0]).explained)
        names = [name for name in reading.covariates if not name.endswith("__missing")]
        joined = (", " if lang == "en" else "、").join(names)
        lines.append(ADJUSTED[lang].format(covariates=joined, explained=explained))
    if reading.looks is not None:
        level = formats.percent(reading.level, 3)
        lines.append(LOOK[lang].format(look=reading.look, looks=reading.looks, level=level))
    return lines
