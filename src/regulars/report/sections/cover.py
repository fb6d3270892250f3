"""The cover: what was valued, four headline values, and a way to every section."""

from __future__ import annotations

from typing import Any

from regulars.report import sentences
from regulars.report.formats import NONE, amount, between, integer, known, percent, words
from regulars.report.markup import Html, Writer, join
from regulars.report.parts import not_enough
from regulars.report.sentences import Figures
from regulars.report.wording import AT_RISK, BASIS_HEAD, CURRENT, DECIDE, FUTURE, PRODUCT, SECTIONS, STILL_BUYING
from regulars.words import LANGUAGES, T

LOGO = Html(
    '<svg viewBox="0 0 28 28" aria-hidden="true"><rect class="lg-a" width="28" height="28" rx="8"/>'
    '<path class="lg-b" d="M20.2 10.2A7.4 7.4 0 1 0 21.4 14"/><path class="lg-b" d="M21.6 6.4v4.4h-4.4"/>'
    '<circle class="lg-c" cx="14" cy="14" r="2.5"/></svg>'
)
MOON = Html(
    '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">'
    '<path d="M12 3h.4a7.5 7.5 0 0 0 7.9 12.4A9 9 0 1 1 12 3z"/></svg>'
)
PRINTER = Html(
    '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">'
    '<path d="M17 17h2a2 2 0 0 0 2-2v-4a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v4a2 2 0 0 0 2 2h2"/>'
    '<path d="M17 9V5a2 2 0 0 0-2-2H9a2 2 0 0 0-2 2v4"/>'
    '<path d="M7 15a2 2 0 0 1 2-2h6a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2z"/></svg>'
)


def top_bar(w: Writer) -> Html:
    """Return the bar with the product's name, language, theme and print."""
    other = T(zh="EN", en="中文")
    language = w.tag(
        "button",
        other,
        class_="icbtn",
        type="button",
        data_act="lang",
        aria_label=T(zh="切换到英文 (English)", en="Switch to Chinese (中文)"),
    )
    theme = w.tag(
        "button",
        MOON,
        class_="icbtn",
        type="button",
        data_act="theme",
        aria_label=T(zh="切换深浅色", en="Switch light and dark"),
    )
    paper = w.tag(
        "button", PRINTER, w.tag("span", T(zh="打印", en="Print")), class_="btn", type="button", data_act="print"
    )
    brand = w.tag("span", LOGO, w.tag("span", PRODUCT), class_="rg-brand")
    return w.tag("header", brand, w.tag("span", language, theme, paper, class_="acts"), class_="rep-top no-print")


def cover(w: Writer, figures: Figures) -> Html:
    """Return the title sentence and the line of facts."""
    parts = [w.node(f) for f in sentences.facts(figures)]
    facts = join([w.tag("span", p) for p in parts])
    heads = [w.tag("a", SECTIONS[key], href=f"#{key}") for key in SECTIONS]
    contents = w.tag("nav", *heads, class_="toc no-print", aria_label=T(zh="目录", en="Contents"))
    return w.tag(
        "header", w.tag("h1", sentences.title(figures)), w.tag("p", facts, class_="facts"), contents, class_="rep-cover"
    )


def _big(w: Writer, value: T) -> Html:
    """Return a headline value, its unit smaller than its number."""
    shown = []
    for lang in LANGUAGES:
        number, _, unit = value[lang].partition(" ") if lang == "zh" else (value[lang].rstrip("kMB"), "", "")
        if lang == "en":
            unit = value.en[len(number) :]
        shown.append(w.tag("span", number, w.tag("span", unit, class_="unit") if unit else None, class_=f"only-{lang}"))
    return w.tag("div", *shown, class_="kpi-v")


def _tile(w: Writer, key: str, label: T, value: Html, notes: list[T]) -> Html:
    said = [w.tag("div", n, class_="kpi-n") for n in notes]
    return w.tag("div", w.tag("div", label, class_="kpi-l"), value, *said, class_="kpi", data_kpi=key)


def headline(w: Writer, figures: Figures) -> Html:
    """Return the four headline tiles: current, future, still buying, at risk."""
    meta, totals = figures["meta"], figures["totals"]
    currency = meta.get("currency")
    why = words(figures["not_enough"]) if figures.get("not_enough") else None
    none = w.tag("div", not_enough(w), class_="kpi-v none")
    reason = w.tag("div", not_enough(w, why), class_="kpi-v none")
    value = BASIS_HEAD.get(str(meta.get("basis")), BASIS_HEAD["revenue"])
    current = _big(w, amount(totals.get("current_value"), currency)) if known(totals.get("current_value")) else none
    about = T(zh="近 12 个月{v}", en="{v}, 12 months").format(v=value)
    tiles = [_tile(w, "current", CURRENT, current, [about])]
    future = totals.get("future_value")
    if future and known(future.get("value")):
        notes = [between(future.get("low"), future.get("high"), currency)] if known(future.get("low")) else []
        tiles.append(_tile(w, "future", FUTURE, _big(w, amount(future["value"], currency)), notes))
    else:
        tiles.append(_tile(w, "future", FUTURE, reason, []))
    tiles += [_still(w, figures, none), _risk(w, figures, none)]
    return w.tag(
        "section", w.tag("div", *tiles, class_="g g-kpi"), class_="kpis", aria_label=T(zh="要点", en="Headline values")
    )


def asks(w: Writer, figures: Figures) -> Html:
    """Return what the reader has to decide before the numbers can be trusted; nothing where there is nothing."""
    points = [w.tag("li", words(ask)) for ask in figures.get("asks") or []]
    if not points:
        return Html("")
    return w.tag("aside", w.tag("h2", DECIDE), w.tag("ul", *points, class_="points"), class_="asks")


def _still(w: Writer, figures: Figures, none: Html) -> Html:
    data: dict[str, Any] = figures["totals"].get("still_buying") or {}
    if not known(data.get("value")):
        return _tile(w, "still", STILL_BUYING, none, [])
    n = figures["meta"].get("n_customers") or 0
    notes = [
        T(zh="活跃概率合计，占 {p}", en="Sum of P(alive), {p} of all").format(
            p=percent(data["value"] / n, 0) if n else NONE
        )
    ]
    if known(data.get("low")) and integer(data["low"]) != integer(data["high"]):  # an interval of one point is none
        notes.append(
            T(zh="90% 在 {a} – {b}", en="90% in {a} – {b}").format(a=integer(data["low"]), b=integer(data["high"]))
        )
    number = integer(data["value"])
    return _tile(w, "still", STILL_BUYING, _big(w, T(zh=number, en=number)), notes)


def _risk(w: Writer, figures: Figures, none: Html) -> Html:
    data: dict[str, Any] = figures["totals"].get("value_at_risk") or {}
    if not known(data.get("value")):
        return _tile(w, "risk", AT_RISK, none, [])
    notes = (
        [T(zh="晚得反常的 {n} 位", en="{n} customers unusually late").format(n=integer(data.get("n")))]
        if known(data.get("n"))
        else []
    )
    return _tile(w, "risk", AT_RISK, _big(w, amount(data["value"], figures["meta"].get("currency"))), notes)
