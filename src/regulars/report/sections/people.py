"""People by name: those to contact first, and the searchable list of the most valuable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regulars.report import sentences
from regulars.report.formats import amount, chance, clipped, day, known, words
from regulars.report.markup import Html, Writer
from regulars.report.parts import class_chip, not_enough, note, section
from regulars.report.sentences import Figures
from regulars.report.wording import (
    AT_STAKE,
    CLASS,
    CURRENT,
    CUSTOMER,
    FUTURE,
    INTERVAL,
    LAST,
    P_ALIVE,
    PURCHASES,
    TIER,
    VISIT,
    WHAT,
    WHY,
)
from regulars.segment import MATRIX_CLASSES, TIER_NAMES, TIERS, VISIT_CLASSES, matrix_name
from regulars.words import T

ALL = T(zh="全部", en="All")


def _contact_row(w: Writer, row: Mapping[str, Any], currency: str | None) -> Html:
    facts = [T(zh="最近 {d}", en="last {d}").format(d=day(row.get("last_purchase")))]
    if known(row.get("p_alive")):
        facts.append(T(zh="活跃概率 {p}", en="P(alive) {p}").format(p=chance(row["p_alive"])))
    about = T(zh=" · ".join(f.zh for f in facts), en=" · ".join(f.en for f in facts))
    name = clipped(row["customer_id"])
    who = w.tag(
        "div",
        w.tag("button", name, class_="link b id", type="button", data_find=name, title=name),
        class_chip(w, row["matrix"]) if row.get("matrix") else None,
        class_="who",
    )
    stake = amount(row.get("at_stake"), currency) if known(row.get("at_stake")) else None
    return w.tag(
        "tr",
        w.tag("td", who, w.tag("span", about, class_="s2"), class_="k-name"),
        w.tag("td", words(row.get("why")), class_="ink2 k-why"),
        w.tag("td", words(row.get("what")), class_="k-what"),
        w.tag("td", stake if stake else not_enough(w), class_="r b k-stake num"),
    )


def contact(w: Writer, figures: Figures) -> Html:
    """Return the fifteen customers with most value at risk, each with why and what."""
    rows, currency = figures.get("contact") or [], figures["meta"].get("currency")
    if not rows:
        why = figures.get("not_enough")
        calm = w.tag(
            "p",
            T(zh="没有该联系的客户：都在自己平常的间隔之内。", en="Nobody to contact: all are within their usual gap."),
        )
        return section(w, "contact", None, not_enough(w, words(why)) if why else calm)
    head = w.tag(
        "tr",
        *(
            w.tag("th", t, class_=c, scope="col")
            for t, c in ((CUSTOMER, None), (WHY, None), (WHAT, None), (AT_STAKE, "r"))
        ),
    )
    body = [_contact_row(w, r, currency) for r in rows]
    said = T(
        zh="涉及价值是描述：可能不再来的概率 × 之后的预计价值。联系能挽回多少，只有对照实验才知道。",
        en="At stake describes: the chance that they no longer buy × the value expected if they do. "
        "What a call saves, only an experiment can say.",
    )
    listing = w.tag("table", w.tag("thead", head), w.tag("tbody", *body), class_="rg-table rwrap cards contact")
    about = [note(w, words(figures["contact_note"]))] if figures.get("contact_note") else []
    return section(w, "contact", sentences.contact(figures), listing, *about, note(w, said))


def _buttons(w: Writer) -> Html:
    def one(key: str, label: T | Html, pressed: bool) -> Html:
        return w.tag("button", label, type="button", data_pick=key, aria_pressed="true" if pressed else "false")

    named = [one(k, matrix_name(k), False) for k in MATRIX_CLASSES]
    return w.tag("div", one("", ALL, True), *named, class_="seg", role="group", aria_label=CLASS, id="pick-class")


def _choice(w: Writer, name: str, label: T, options: dict[str, T]) -> Html:
    def option(value: str, text: T) -> Html:
        # An option cannot hold a span, so the language switch finds both texts on the option itself.
        return w.tag("option", text[w.lang], value=value, data_zh=text.zh, data_en=text.en)

    every = T(zh=f"{label.zh}：全部", en=f"{label.en}: all")
    listed = [option("", every), *(option(key, text) for key, text in options.items())]
    return w.tag("select", *listed, class_="inp", id=f"pick-{name}", aria_label=label)


HEADS = (
    ("id", CUSTOMER, None),
    ("matrix", CLASS, "k-cls"),
    ("current", CURRENT, "r"),
    ("future", FUTURE, "r k-fv"),
    (None, INTERVAL, "hide-p k-iv"),
    ("p_alive", P_ALIVE, "r k-pa"),
    ("n", PURCHASES, "r"),
    ("last", LAST, "r"),
    (None, WHY, None),
)
"""Heads of the customer list: what the script sorts by, title, class."""


def _tools(w: Writer) -> Html:
    """Return search and filters."""
    said = T(zh="搜客户编号", en="Search customers")
    search = w.tag(
        "input", class_="inp", id="find", type="search", autocomplete="off", placeholder=said, aria_label=said
    )
    tiers = _choice(w, "tier", TIER, {k: TIER_NAMES[k] for k in TIERS})
    visits = _choice(w, "visit", VISIT, {k: T(zh=f"到店 {k}", en=f"Visit {k}") for k in VISIT_CLASSES})
    return w.tag("div", search, _buttons(w), tiers, visits, w.tag("span", id="active"), class_="filters no-print")


def _head(w: Writer, key: str | None, text: T, style: str | None) -> Html:
    inside = w.tag("button", text, type="button", data_sort=key) if key else text
    return w.tag("th", inside, scope="col", class_=style, data_key=key)


def _pager(w: Writer) -> Html:
    """Return what was found, and the way to the next page."""
    turns = (("-1", T(zh="上一页", en="Previous")), ("1", T(zh="下一页", en="Next")))
    buttons = [w.tag("button", text, class_="btn btn-sm", type="button", data_page=step) for step, text in turns]
    found = w.tag("span", id="found", role="status")
    return w.tag("div", found, w.tag("span", class_="grow"), *buttons, class_="pager no-print")


def customers(w: Writer, figures: Figures, listed: int) -> Html:
    """Return the frame of the list that the script fills: search, class, tier, visit class, sortable heads, pages."""
    if not listed:
        return section(w, "customers", None, not_enough(w))
    head = w.tag("thead", w.tag("tr", *(_head(w, key, text, style) for key, text, style in HEADS)))
    listing = w.tag("table", head, w.tag("tbody"), class_="rg-table tight cards people")
    silent = T(
        zh="打开脚本才能搜索；全部客户在 customer_value.parquet。",
        en="Searching needs scripts; all customers are in customer_value.parquet.",
    )
    without = w.tag("noscript", w.tag("p", silent))
    said = sentences.customers(figures, listed)
    return section(w, "customers", said, _tools(w), w.tag("div", listing, class_="scroll-x"), _pager(w), without)
