"""What the terminal says of what-ifs: four tables, each with what it does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from regulars.report.formats import amount, day, integer, number, percent, span, words
from regulars.report.monospace import display_width, fit, pad, wrap
from regulars.words import Lang, T

AHEAD = T(zh="看多远", en="How far ahead")
PURCHASES = T(zh="预计购买次数", en="Purchases expected")
VALUE = T(zh="价值（折现）", en="Value, discounted")
WITH_CURRENT = T(zh="加上当前价值", en="With current value")
RATE = T(zh="年折现率", en="Discount rate a year")
CHANGE = T(zh="变化", en="Change")
LOWER = T(zh="流失降低", en="Dropout lower by")
CLAIM = T(zh="说法", en="Claim")
PROFIT = T(zh="一年的利润会变化", en="A year's profit would change by")
ALL = T(zh="整个余下的关系", en="all that remains")
INFINITE = T(zh="没有上限", en="without bound")
NO_LESS = T(zh="{low} 以上", en="{low} or more")
TITLE = T(
    zh="如果……会怎样：{n} 位客户，预计还在来的 {alive} 位，估值日 {d}",
    en="What if: {n} customers, {alive} of them expected to buy still, as of {d}",
)
HORIZONS = T(zh="看得越远，价值越大（年折现率 {rate}）", en="The further ahead, the more value ({rate} a year)")
RATES = T(zh="折现率越高，今天的价值越小（{horizon}）", en="The higher the rate, the less value today ({horizon})")
RETENTION = T(
    zh="如果客户流失得慢一些（{horizon}，年折现率 {rate}）",
    en="If customers left more slowly ({horizon}, {rate} a year)",
)
CLAIMS = T(zh="别人怎么说", en="What others claim")
Rows = list[list[str]]


def whatif_lines(found: Mapping[str, Any], lang: Lang = "zh", width: int = 100) -> str:
    """Return the what-ifs of `regulars.valuation.whatif.whatif_figures` for a terminal."""
    currency, said = found["currency"], found["words"]
    rate, horizon = percent(found["rate"]), span(7 * found["weeks"])
    title = TITLE.format(n=integer(found["customers"]), alive=integer(found["still_buying"]), d=day(found["as_of"]))
    retention = found["retention"] or []
    blocks = [
        [fit(title[lang], width)],
        _table(HORIZONS.format(rate=rate)[lang], _horizons(found, lang, currency), width),
        _table(RATES.format(horizon=horizon)[lang], _rates(found["rates"], lang, currency), width)
        + [line for text in said["rate"] for line in wrap(words(text)[lang], width)],
        (_table(RETENTION.format(horizon=horizon, rate=rate)[lang], _lower(retention, lang, currency), width)
         if retention else [])
        + wrap(words(said["scaled"])[lang], width)
        + (wrap(words(said["arithmetic"])[lang], width) if retention else []),
        _table(CLAIMS[lang], _claims(found["presets"], lang, currency), width)
        + wrap(words(said["conflict"])[lang], width),
    ]  # fmt: skip
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _horizons(found: Mapping[str, Any], lang: Lang, currency: str | None) -> Rows:
    rows = [[words(head)[lang] for head in (AHEAD, PURCHASES, VALUE, WITH_CURRENT)]]
    for point in found["horizons"]:
        ahead = ALL if point["weeks"] is None else span(7 * point["weeks"])
        value = point["value"]
        total = None if value is None else value + found["current_value"]
        rows.append(
            [ahead[lang], _count(point["purchases"], lang), *(_money(v, lang, currency) for v in (value, total))]
        )
    return rows


def _rates(points: Sequence[Mapping[str, Any]], lang: Lang, currency: str | None) -> Rows:
    rows = [[head[lang] for head in (RATE, VALUE, CHANGE)]]
    return rows + [
        [percent(p["rate"]), _money(p["value"], lang, currency), percent(p["change"], sign=True)] for p in points
    ]


def _lower(points: Sequence[Mapping[str, Any]], lang: Lang, currency: str | None) -> Rows:
    rows = [[head[lang] for head in (LOWER, PURCHASES, VALUE, CHANGE)]]
    return rows + [
        [
            percent(p["lower"]),
            _count(p["purchases"], lang),
            _money(p["value"], lang, currency),
            percent(p["change"], sign=True),
        ]
        for p in points
    ]


def _claims(presets: Sequence[Mapping[str, Any]], lang: Lang, currency: str | None) -> Rows:
    rows = [[head[lang] for head in (CLAIM, PROFIT, CHANGE)]]
    for p in presets:
        ends = [(_money(p[f"profit_{end}"], lang, currency), percent(p[end], 0)) for end in ("low", "high")]
        rows.append([words(p["lever"])[lang], *(_between(low, high, p, lang) for low, high in zip(*ends, strict=True))])
    return rows


def _between(low: str, high: str, preset: Mapping[str, Any], lang: Lang) -> str:
    if preset["high"] is None:
        return NO_LESS.format(low=low)[lang]
    return low if preset["high"] == preset["low"] else f"{low} – {high}"


def _count(value: float | None, lang: Lang) -> str:
    return INFINITE[lang] if value is None else number(value, 0 if value >= 100 else 2)


def _money(value: float | None, lang: Lang, currency: str | None) -> str:
    return INFINITE[lang] if value is None else amount(value, currency)[lang]


def _table(title: str, rows: Rows, width: int) -> list[str]:
    sizes = [max(display_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join([pad(row[0], sizes[0]), *(pad(c, s, right=True) for c, s in zip(row[1:], sizes[1:], strict=True))])
        for row in rows
    ]
    return [fit(title, width), *(fit(f"  {line}".rstrip(), width) for line in lines)]
