"""What stands at the end: lines left out, columns found, weaknesses, and how it is reckoned."""

from __future__ import annotations

from regulars.report import sentences
from regulars.report.columns import title
from regulars.report.formats import clipped, full, integer, known, percent, span, words
from regulars.report.markup import Html, Node, Writer
from regulars.report.parts import not_enough, section, table
from regulars.report.sections.trust import model_card
from regulars.report.sentences import Figures
from regulars.report.wording import MONEY, REASON, ROWS
from regulars.words import T

HOW = {
    "name": T(zh="列名", en="its name"),
    "header": T(zh="表头", en="header"),
    "content": T(zh="内容", en="content"),
    "map": T(zh="你指定的", en="your map"),
}


def left_out(w: Writer, figures: Figures) -> Html:
    """Return the lines left out, by reason, with their money."""
    rows = [r for r in figures.get("left_out") or [] if r["rows"] or r.get("overlaps")]
    currency = figures["meta"].get("currency")
    if not rows:
        return section(w, "left-out", sentences.left_out(figures))
    body: list[list[Node]] = [
        [
            words(r["text"]),
            integer(r["rows"]),
            full(r["money"], currency) if known(r.get("money")) else not_enough(w),
            integer(sum((r.get("overlaps") or {}).values())),
        ]
        for r in rows
    ]
    also = T(zh="另有，已算在上面的", en="More, counted above")
    return section(w, "left-out", sentences.left_out(figures), table(w, [REASON, ROWS, MONEY, also], body))


def mapping(w: Writer, figures: Figures) -> Html:
    """Return which column of the source was taken for what, and the notes of reading."""
    rows = figures.get("mapping") or []
    head = [T(zh="含义", en="Meaning"), T(zh="你的列", en="Your column"), T(zh="凭什么认出", en="Recognised by")]
    body: list[list[Node]] = [
        [title(str(r["canonical"])), clipped(r["column"]), HOW.get(str(r.get("how"))) or words(r.get("how"))]
        for r in rows
    ]
    own = T(zh="列名已经是约定的名字，没有换。", en="The columns already had their agreed names.")
    said = T(zh="认错了？用 --map 指定，再跑一次。", en="Wrong? Name the columns with --map and run again.")
    parts = [table(w, head, body, left=(0, 1, 2))] if body else [w.tag("p", own)]
    notes = [words(n) for n in figures.get("notes") or []]
    if notes:
        parts.append(w.tag("ul", *(w.tag("li", n) for n in notes), class_="points"))
    return section(w, "mapping", said if body else None, *parts)


def weak(w: Writer, figures: Figures) -> Html:
    """Return the weaknesses, each one sentence."""
    points = [words(p) for p in (*(figures.get("asks") or []), *(figures.get("weak") or []))]
    if figures.get("not_enough"):
        why = words(figures["not_enough"])
        points.insert(0, T(zh=f"没有未来价值：{why.zh}", en=f"There is no future value: {why.en}"))
    if not points:
        points = [
            T(
                zh="没有发现特别的弱点；区间仍然适用。",
                en="No particular weakness was found; the intervals still apply.",
            )
        ]
    return section(w, "weak", None, w.tag("ol", *(w.tag("li", p) for p in points), class_="points"))


def reckoned(w: Writer, figures: Figures) -> Html:
    """Return the footer: formulas in words, discount rate, version, and the model card."""
    meta = figures["meta"]
    if meta.get("basis") == "net_profit":
        value = T(
            zh="净利 = 收入 − 退货 − 商品成本 − 供应成本 − 服务成本（后两项有记录时才减）。",
            en="Net profit = revenue − returns − product cost, then costs to provide and to serve where recorded.",
        )
    else:
        value = T(
            zh="没有成本，也没有给毛利率：价值一律指收入（已减退货）。毛利率从不假设。",
            en="No cost and no margin given: value means revenue, net of returns. A margin is never assumed.",
        )
    future = T(
        zh="未来价值 = 之后 {h}预计的{v}，按每年 {r} 折现；区间以拟合出的参数为准。还在来的客户 = 活跃概率之和。",
        en="Future value = {v} expected over the next {h}, discounted at {r} a year; "
        "intervals are conditional on the fitted parameters. Still buying = sum of P(alive).",
    ).format(h=span(meta.get("horizon_days")), v=sentences.basis(figures), r=percent(meta.get("discount_rate"), 1))
    risk = T(
        zh="在险价值 = （1 − 活跃概率）× 仍活跃时的预计价值。一天之内的购买算一次。",
        en="Value at risk = (1 − P(alive)) × value expected if still active. All of a day's purchases count as one.",
    )
    lines = [w.tag("p", line) for line in (value, future, risk)]
    version = w.tag("p", f"regulars {meta.get('version') or ''}", class_="mut num")
    return section(w, "reckoned", None, w.tag("div", *lines, class_="sm ink2"), model_card(w, figures), version)
