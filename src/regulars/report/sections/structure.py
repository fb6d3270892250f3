"""Who brings the value: concentration, three triangles, value matrix, tiers and visit classes, RFM."""

from __future__ import annotations

from datetime import date, timedelta

from regulars.report import charts, sentences
from regulars.report.formats import amount, integer, known, number, percent, words
from regulars.report.markup import Html, Node, Writer, join
from regulars.report.parts import chart, class_chip, not_enough, note, section, table
from regulars.report.sentences import Figures
from regulars.report.wording import (
    CLASS,
    CURRENT,
    CUSTOMERS,
    GRADE,
    MONEY,
    NOW_LATER,
    RESOURCES,
    SECTIONS,
    SHARE,
    SHARE_CUSTOMERS,
    STRATEGY,
    TIER,
    VISIT,
)
from regulars.segment import MATRIX_CLASSES, TIER_NAMES, TIERS, VISIT_CLASSES, month_name, visit_meaning
from regulars.words import T


def _why(figures: Figures) -> T | None:
    return words(figures["not_enough"]) if figures.get("not_enough") else None


def concentration(w: Writer, figures: Figures) -> Html:
    """Return the cumulative curve of value."""
    data, said = charts.concentration(figures), sentences.concentration(figures)
    if data is None:
        return section(w, "concentration", said, not_enough(w))
    points = data["points"]
    rows: list[list[Node]] = [[f"{number(x, 1)}%", f"{number(y, 1)}%"] for x, y in _every_fifth(points)]
    figure = chart(
        w, "concentration", said or SECTIONS["concentration"], table(w, [words(data["x"]), words(data["y"])], rows)
    )
    return section(w, "concentration", said, figure)


def _every_fifth(points: list[list[float]]) -> list[list[float]]:
    """Return the points nearest to 0, 5, … 100 %: a curve of two hundred points is no table."""

    def nearest(at: int) -> int:
        return min(range(len(points)), key=lambda k: abs(points[k][0] - at))

    return [points[k] for k in sorted({nearest(at) for at in range(0, 101, 5)})]


def pyramid(w: Writer, figures: Figures) -> Html:
    """Return the three triangles: customers, value, resources."""
    said = sentences.pyramid(figures)
    if charts.pyramid(figures) is None:
        return section(w, "pyramid", said, not_enough(w, _why(figures)))
    head = [CLASS, CUSTOMERS, SHARE_CUSTOMERS, NOW_LATER, SHARE, RESOURCES, SHARE]
    rows = {r["key"]: r for r in figures["pyramid"]}
    currency = figures["meta"].get("currency")
    body: list[list[Node]] = [
        [
            class_chip(w, k),
            integer(r["n"]),
            percent(r.get("share_n")),
            amount(r.get("profit"), currency),
            percent(r.get("share_profit")),
            integer(r.get("resources")) if known(r.get("resources")) else not_enough(w),
            percent(r.get("share_resources")),
        ]
        for k, r in ((k, rows[k]) for k in MATRIX_CLASSES)
    ]
    return section(w, "pyramid", said, chart(w, "pyramid", said or SECTIONS["pyramid"], table(w, head, body)))


def matrix(w: Writer, figures: Figures) -> Html:
    """Return the value matrix with the table of its classes: shares, treatment, resource grade."""
    said, data = sentences.matrix(figures), charts.matrix(figures)
    if data is None:
        return section(w, "matrix", None, not_enough(w, _why(figures)))
    rows = {r["key"]: r for r in figures.get("pyramid") or []}
    currency = figures["meta"].get("currency")
    counted: list[list[Node]] = [
        [
            class_chip(w, k),
            integer(sum(c[2] for c in data["cells"] if c[4] == i)),
            amount(sum(c[3] or 0 for c in data["cells"] if c[4] == i), currency),
        ]
        for i, k in enumerate(MATRIX_CLASSES)
    ]
    figure = chart(w, "matrix", said or SECTIONS["matrix"], table(w, [CLASS, CUSTOMERS, CURRENT], counted), size="h-xl")
    treated: list[list[Node]] = [
        [
            class_chip(w, k, pick=True),
            integer(r["n"]),
            percent(r.get("share_n")),
            amount(r.get("profit"), currency),
            percent(r.get("share_profit")),
            words(r["strategy"]) if r.get("strategy") else not_enough(w),
            words(r["resource_grade"]) if r.get("resource_grade") else not_enough(w),
        ]
        for k, r in ((k, rows[k]) for k in MATRIX_CLASSES if k in rows)
    ]
    listing = table(
        w,
        [CLASS, CUSTOMERS, SHARE_CUSTOMERS, NOW_LATER, SHARE, STRATEGY, GRADE],
        treated,
        left=(0, 5, 6),
        hide=(2, 4, 6),
    )
    about = T(
        zh="横看现在，竖看以后；颜色越浓人越多。最左一列、最下一行含更少的和亏的。",
        en="Across: now. Up: later. The stronger the colour, the more customers. "
        "The first column and row hold all that is less, losses too.",
    )
    return section(w, "matrix", said, figure, note(w, about), listing)


def _tier_table(w: Writer, figures: Figures) -> Html:
    rows = {r["key"]: r for r in figures.get("tiers") or []}
    currency = figures["meta"].get("currency")
    body: list[list[Node]] = [
        [
            w.tag("button", TIER_NAMES[k], class_="link", type="button", data_tier=k),
            integer(r["n"]),
            amount(r.get("current"), currency),
            percent(r.get("share"), 0),
        ]
        for k, r in ((k, rows[k]) for k in TIERS if k in rows)
    ]
    return table(w, [TIER, CUSTOMERS, CURRENT, SHARE], body) if body else not_enough(w)


def _visit_table(w: Writer, figures: Figures) -> Html:
    rows = {r["key"]: r for r in (figures.get("visits") or {}).get("classes") or []}
    judged = _judged(figures)
    dated = any(known(r.get("before")) for r in rows.values())
    body: list[list[Node]] = []
    for key in VISIT_CLASSES:
        if key not in rows:
            continue
        now, before = rows[key]["n"], rows[key].get("before")
        change: Node = _change(w, now - before) if known(before) and known(now) else not_enough(w)
        name = w.tag(
            "span",
            w.tag("button", key, class_="link b", type="button", data_visit=key),
            Html(" "),
            w.tag("span", visit_meaning(key, judged), class_="mut") if judged else None,
        )
        body.append(
            [name, integer(now), *([integer(before) if known(before) else not_enough(w), change] if dated else [])]
        )
    earlier = month_name(judged - timedelta(days=1)) if judged else T(zh="上月", en="Month before")
    head = [VISIT, CUSTOMERS, *([earlier, T(zh="变化", en="Change")] if dated else [])]
    return table(w, head, body) if body else not_enough(w)


def _judged(figures: Figures) -> date | None:
    """Return the first day of the month that visit classes judge: the last complete one, which is named."""
    month = str((figures.get("visits") or {}).get("month") or "")
    return date.fromisoformat(f"{month[:7]}-01") if month else None


def _turn(figures: Figures) -> T:
    """Return from which month to which the movements go."""
    judged = _judged(figures)
    if judged is None:
        return T(zh="上月 ↓ 本月 →", en="Before ↓ now →")
    before = month_name(judged - timedelta(days=1))
    return T(zh="{a} ↓ {b} →", en="{a} ↓ {b} →").format(a=before, b=month_name(judged))


def _change(w: Writer, by: float) -> Html:
    arrow = "▲ " if by > 0 else "▼ " if by < 0 else ""
    return w.tag("span", f"{arrow}{integer(abs(by))}", class_="num")


def _moves(w: Writer, figures: Figures) -> Html | None:
    """Return the class-to-class table of the month: to the right of the diagonal they came less often."""
    moves = {(a, b): n for a, b, n in (figures.get("visits") or {}).get("moves") or []}
    if not moves:
        return None
    froms = [v for v in VISIT_CLASSES if any(a == v for a, _ in moves)]
    head = w.tag(
        "tr",
        w.tag("th", _turn(figures)),
        *(w.tag("th", v, scope="col") for v in VISIT_CLASSES),
    )
    rows = []
    for i in froms:
        cells = []
        for j in VISIT_CLASSES:
            n, way = moves.get((i, j)), "down" if j > i else "up" if j < i else "same"
            text = f"{'▼ ' if way == 'down' else '▲ ' if way == 'up' else ''}{integer(n)}" if n else "·"
            cells.append(w.tag("td", w.tag("span", text, class_=way if n else "z")))
        rows.append(w.tag("tr", w.tag("th", i, scope="row"), *cells))
    return w.tag(
        "div",
        w.tag("h3", T(zh="升降（位）", en="Movements (customers)")),
        w.tag("table", w.tag("thead", head), w.tag("tbody", *rows), class_="mv"),
    )


def _crosstab(w: Writer, figures: Figures) -> Html | None:
    cells = {(c["matrix"], c["tier"]): c["n"] for c in figures.get("crosstab") or []}
    if not cells:
        return None
    head = [CLASS, *(TIER_NAMES[k] for k in TIERS)]
    body: list[list[Node]] = [
        [class_chip(w, k, pick=True), *(integer(cells.get((k, tier), 0)) for tier in TIERS)] for k in MATRIX_CLASSES
    ]
    return w.tag(
        "div", w.tag("h3", T(zh="价值矩阵 × 金银铜（位）", en="Value matrix × tiers (customers)")), table(w, head, body)
    )


def tiers(w: Writer, figures: Figures) -> Html:
    """Return tiers, visit classes with the month's movements, and matrix by tier."""
    extra = [part for part in (_crosstab(w, figures), _moves(w, figures)) if part is not None]
    first = w.tag(
        "div",
        w.tag("h3", T(zh="按当前价值：前 10%、再 20%、其余", en="By current value: top 10%, next 20%, the rest")),
        _tier_table(w, figures),
    )
    judged = _judged(figures)
    by_month = T(zh="按一个月的购买次数", en="By purchases in a month")
    if judged:
        by_month = T(zh="按 {m}的购买次数", en="By purchases in {m}").format(m=month_name(judged))
    second = w.tag("div", w.tag("h3", by_month), _visit_table(w, figures))
    about = T(
        zh="“黄金”（矩阵 Ⅲ 类）和“金牌”是两套分法：矩阵看现在和以后，金银铜只看现在。",
        en="Gold (class Ⅲ) and Gold tier are different schemes: the matrix looks at now and later, tiers at now alone.",
    )
    told = (figures.get("visits") or {}).get("note")
    notes = [note(w, words(told))] if told else []
    tables = w.tag("div", join([first, second, *extra]), class_="g g-2")
    return section(w, "tiers", sentences.tiers(figures), tables, *notes, note(w, about))


def rfm(w: Writer, figures: Figures) -> Html:
    """Return the recency × frequency grid with its edges shown."""
    data, said = charts.rfm(figures), sentences.rfm(figures)
    if data is None:
        return section(w, "rfm", None, not_enough(w, _why(figures)))
    currency = figures["meta"].get("currency")
    cells = sorted(figures["rfm"]["cells"], key=lambda c: (-c["r"], -c["f"]))
    rows: list[list[Node]] = [[f"R{c['r']} F{c['f']}", integer(c["n"]), amount(c["value"], currency)] for c in cells]
    figure = chart(
        w, "rfm", said or SECTIONS["rfm"], table(w, [T(zh="格", en="Cell"), CUSTOMERS, MONEY], rows), size="h-l"
    )
    money_edges = charts.score_ranges((figures["rfm"].get("edges") or {}).get("m"))
    shown = "　".join(f"M{i + 1} {e.zh}" for i, e in enumerate(money_edges) if e.zh)
    about = T(
        zh="格里是客户数，颜色是金额。R：距上次购买的天数；F：购买次数；并列的客户得同一分。"
        + (f"金额分：{shown}。" if shown else ""),
        en="Numbers are customers, colour is the amount. R: days since the last; F: purchases; ties share a score."
        + (f" Amount scores: {shown}." if shown else ""),
    )
    return section(w, "rfm", said, figure, note(w, about))
