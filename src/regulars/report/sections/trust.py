"""Do they come back, and can the forecast be trusted: cohorts, P(alive), the hold-out, the model card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regulars.report import charts, sentences
from regulars.report.formats import amount, day, integer, known, number, percent, words
from regulars.report.markup import Html, Node, Writer, join
from regulars.report.parts import chart, not_enough, note, section, table
from regulars.report.sentences import Figures
from regulars.report.wording import CUSTOMERS, P_ALIVE, SECTIONS
from regulars.words import T

MODEL = T(zh="预测方法", en="Forecast")
MEASURES = [
    T(zh="总量偏差", en="Total bias"),
    T(zh="均方根误差", en="RMSE"),
    T(zh="平均绝对误差", en="MAE"),
    T(zh="排序相关", en="Spearman"),
    T(zh="归一化基尼", en="Normalised Gini"),
    T(zh="前 20% 命中", en="Top-20% capture"),
]


WORTH = T(zh="每次利润", en="Profit a purchase")
EARLIER = [
    T(zh="均方根误差，较早的起点", en="RMSE, earlier origins"),
    T(zh="偏差", en="Bias"),
]
HELD_OUT = [T(zh="均方根误差，留出期", en="RMSE, held out"), T(zh="偏差", en="Bias")]
GAPS = T(zh="购买间隔：{said}。", en="Gaps between purchases: {said}.")


def _why(figures: Figures) -> T | None:
    return words(figures["not_enough"]) if figures.get("not_enough") else None


BY_MONTH = T(
    zh="每月新客，之后第 N 个月仍购买的百分比。不足 {n} 位的一批留空，不下结论。",
    en="Share of each month's new customers who buy N months later, in %. Cohorts under {n} are left empty.",
)
BY_QUARTER = T(
    zh="每季新客，之后第 N 季仍购买的百分比；按月分，多数月份不足 {n} 位。不足 {n} 位的一季留空，不下结论。",
    en="Share of each quarter's new customers who buy N quarters later, in %: most months have fewer than {n} of them. "
    "Quarters under {n} are left empty.",
)


def cohort(w: Writer, figures: Figures) -> Html:
    """Return retention of each month's or quarter's new customers; where all are too few, words say so instead."""
    data, said = charts.cohort(figures), sentences.cohort(figures)
    if data is None:
        why = (figures.get("cohort") or {}).get("why")
        return section(w, "cohort", None, not_enough(w, words(why) if why else _why(figures)))
    quarters = data["unit"] == "quarter"
    by_row: dict[int, dict[int, float | None]] = {}
    for j, i, v in data["cells"]:
        by_row.setdefault(i, {})[j] = v
    born = T(zh="首购季" if quarters else "首购月", en="First bought")
    head = [born, *(T(zh=str(k + 1), en=str(k + 1)) for k in range(data["columns"]))]
    rows: list[list[Node]] = []
    for i, name in enumerate(data["rows"]):
        shares = [by_row.get(i, {}).get(j, -1.0) for j in range(data["columns"])]
        rows.append([words(name), *("·" if s is None else "" if s < 0 else f"{s:.0f}%" for s in shares)])
    least = (figures["cohort"] or {}).get("min_size", 30)
    about = (BY_QUARTER if quarters else BY_MONTH).format(n=least)
    return section(
        w, "cohort", said, chart(w, "cohort", said or SECTIONS["cohort"], table(w, head, rows)), note(w, about)
    )


def alive(w: Writer, figures: Figures) -> Html:
    """Return the histogram of P(alive)."""
    data, said = charts.alive(figures), sentences.alive(figures)
    if data is None:
        return section(w, "alive", None, not_enough(w, _why(figures)))
    edges = data["edges"]
    rows: list[list[Node]] = [
        [f"{percent(a, 0)} – {percent(b, 0)}", integer(n)]
        for a, b, n in zip(edges, edges[1:], data["counts"], strict=False)
    ]
    figure = chart(w, "alive", said or SECTIONS["alive"], table(w, [P_ALIVE, CUSTOMERS], rows), size="h-m")
    about = T(
        zh="活跃概率：按各自的购买节奏，这位客户还会再来的把握。",
        en="P(alive): how sure it is, from each customer's own rhythm, that they will still buy.",
    )
    return section(w, "alive", said, figure, note(w, about))


def _measures(w: Writer, row: Mapping[str, Any]) -> list[Node]:
    return [
        percent(row.get("bias"), sign=True),
        number(row.get("rmse")),
        number(row.get("mae")),
        number(row["spearman"]) if known(row.get("spearman")) else not_enough(w),
        number(row["gini"]) if known(row.get("gini")) else not_enough(w),
        percent(row.get("capture20")),
    ]


def _is_baseline(row: Mapping[str, Any]) -> bool:
    return row.get("kind") == "baseline"


def score_table(w: Writer, figures: Figures) -> Html:
    """Return the measures of the forecast used beside the naive ones; models are not named here."""
    data, used = figures["holdout"], sentences.chosen(figures)
    rows: list[list[Node]] = []
    if used is not None:
        rows.append([w.tag("span", T(zh="采用的模型", en="The model used"), class_="b"), *_measures(w, used)])
    rows += [[words(m["name"]), *_measures(w, m)] for m in data.get("models") or [] if _is_baseline(m)]
    return _scores(w, T(zh="预测与基线", en="Forecast and baselines"), rows)


def _scores(w: Writer, label: T, rows: list[list[Node]]) -> Html:
    scores = table(w, [MODEL, *MEASURES], rows, class_="tight wide")
    more = w.tag("p", T(zh="左右滑动看全部", en="Swipe sideways for the rest"), class_="xs mut swipe no-print")
    return join([w.tag("div", scores, class_="scroll-x", tabindex="0", role="region", aria_label=label), more])


def _pit(w: Writer, figures: Figures) -> Html:
    bins, data = charts.pit(figures), figures["holdout"]
    width = T(zh="平均宽 {n} 次", en="mean width {n} purchases").format(n=number(data.get("mean_width")))
    cover = T(
        zh="90% 区间实际盖住 {p}，{w}。柱子越平，把握说得越准。",
        en="The 90% intervals covered {p}, {w}. The flatter the bars, the better calibrated.",
    ).format(p=percent(data.get("coverage90")), w=width)
    title = w.tag("h3", T(zh="说的把握准不准（PIT）", en="Is the stated certainty right? (PIT)"))
    if bins is None:
        return w.tag("div", title, not_enough(w))
    total = sum(bins) or 1.0
    rows: list[list[Node]] = [
        [f"{number(i / 10, 1)} – {number((i + 1) / 10, 1)}", percent(b / total)] for i, b in enumerate(bins)
    ]
    figure = chart(
        w,
        "pit",
        cover,
        table(w, [T(zh="分位", en="Quantile"), T(zh="客户占比", en="Share of customers")], rows),
        size="h-s",
    )
    return w.tag("div", title, note(w, cover), figure)


def trust(w: Writer, figures: Figures) -> Html:
    """Return cumulative tracking with the hold-out, scores beside baselines, calibration."""
    if not figures.get("holdout") and not figures.get("tracking"):
        why = words(figures["untested"]) if figures.get("untested") else _why(figures)
        return section(w, "trust", None, not_enough(w, why))
    body: list[Html] = []
    data = charts.tracking(figures)
    said = sentences.tracking(figures)
    if data is not None:
        step = max(1, len(data["weeks"]) // 26)
        kept = sorted({*range(0, len(data["weeks"]), step), len(data["weeks"]) - 1})
        rows: list[list[Node]] = [
            [integer(data["weeks"][k]), integer(data["actual"][k]), integer(data["model"][k])] for k in kept
        ]
        head = [words(data["axis"]), T(zh="实际", en="Actual"), T(zh="模型", en="Model")]
        body += [
            w.tag("p", said, class_="lead") if said else Html(""),
            chart(w, "tracking", said or SECTIONS["trust"], table(w, head, rows)),
        ]
    if figures.get("holdout"):
        body += [score_table(w, figures), _pit(w, figures)]
    return section(w, "trust", sentences.holdout(figures), *body)


def _spending(w: Writer, figures: Figures) -> list[Html]:
    """Return how the worth of a purchase is forecast, and how either way did, where ways competed."""
    said, chosen = sentences.spending(figures), figures.get("spend")
    if said is None or not chosen:
        return []
    currency = figures["meta"].get("currency")
    last = {one["name"]: one for one in chosen["held_out"]}
    rows: list[list[Node]] = [
        [one["name"], *_off(one, currency), *_off(last.get(one["name"]) or {}, currency)] for one in chosen["scores"]
    ]
    named = w.tag("p", w.tag("b", words(chosen["name"])), T(zh="：", en=": "), said)
    scores = table(w, [WORTH, *EARLIER, *HELD_OUT], rows, class_="tight wide")
    return [named, w.tag("div", scores, class_="scroll-x", tabindex="0", role="region", aria_label=WORTH)]


def _off(one: Mapping[str, Any], currency: str | None) -> list[Node]:
    return [amount(one[key], currency) if known(one.get(key)) else "–" for key in ("rmse", "bias")]


def model_card(w: Writer, figures: Figures) -> Html:
    """Return the model card: the one place where models go by name."""
    model, data = figures["meta"].get("model"), figures.get("holdout") or {}
    summary = w.tag("summary", T(zh="模型说明", en="Model card"))
    if not model:
        return w.tag("details", summary, not_enough(w, _why(figures)), class_="card")
    named = w.tag("p", w.tag("b", words(model.get("name"))), T(zh="：", en=": "), words(model.get("reason")))
    given, said = figures.get("given"), model.get("regularity")
    measured = [note(w, GAPS.format(said=words(said)))] if said else []
    body: list[Html] = [named, *measured, *([note(w, words(given["text"]))] if given else [])]
    models = [m for m in data.get("models") or [] if not _is_baseline(m)]
    if models:
        body.append(
            _scores(w, T(zh="候选模型", en="Candidate models"), [[words(m["name"]), *_measures(w, m)] for m in models])
        )
    body += _spending(w, figures)
    if data.get("origin"):
        span = T(
            zh="留出期 {a} 至 {b}；选定之后用全部数据重新拟合。",
            en="Held out {a} to {b}; refitted on all data once chosen.",
        )
        body.append(note(w, span.format(a=day(data["origin"]), b=day(data.get("until")))))
    if data.get("against"):
        body.append(note(w, words(data["against"])))
    if data and known(data.get("coverage90")):
        body.append(note(w, T(zh="全部数字在 model_card.json。", en="All figures are in model_card.json.")))
    return w.tag("details", summary, *body, class_="card", id="model-card")
