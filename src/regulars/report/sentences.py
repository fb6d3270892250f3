"""One sentence for each chart: its finding with its number. Pure functions of the figures; None where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regulars.decide.contact import hardly_at_risk
from regulars.report.formats import amount, day, integer, known, month, number, percent, span, words
from regulars.report.wording import BASIS, NOT_ENOUGH
from regulars.segment import MATRIX_NAMES, matrix_name
from regulars.words import T

Figures = Mapping[str, Any]
INSIDE = T(zh="总次数落在预测区间 {a} – {b} 之内。", en="The total fell inside its interval, {a} – {b}.")
OUTSIDE = T(zh="总次数落在预测区间 {a} – {b} 之外。", en="The total fell outside its interval, {a} – {b}.")
LOSING = T(
    zh="{n} 位在亏，合计 {m}：曲线高过 100% 的部分由他们吃掉。",
    en="{n} lose money, {m} together: the part above 100% is what they eat.",
)
RETURNING = T(zh="{n} 位退的比买的多，合计 {m}。", en="{n} returned more than they bought, {m} together.")


def basis(figures: Figures) -> T:
    """Return what value means here: net profit, or revenue where no cost is known."""
    return BASIS.get(str(figures["meta"].get("basis")), BASIS["revenue"])


def class_name(key: str | None) -> T:
    """Return a class of the matrix as people say it: Ⅳ 白金, Ⅳ Platinum."""
    return matrix_name(key) if key in MATRIX_NAMES else NOT_ENOUGH


def _people(n: float | None) -> T:
    en = "customer" if n == 1 else "customers"
    return T(zh=f"{integer(n)} 位", en=f"{integer(n)} {en}")


def _and(parts: list[T]) -> T | None:
    if not parts:
        return None
    return T(zh="".join(p.zh for p in parts), en=" ".join(p.en for p in parts))


def title(figures: Figures) -> T:
    """Return the title sentence of the report."""
    n = figures["meta"].get("n_customers")
    en = "What {n} customer is worth, and what to do" if n == 1 else "What {n} customers are worth, and what to do"
    return T(zh="{n} 位客户，值多少，该做什么", en=en).format(n=integer(n))


def facts(figures: Figures) -> list[T]:
    """Return the facts under the title: source, valuation date, lines and their span, what future means."""
    meta = figures["meta"]
    source = str(meta.get("source") or "")
    return [
        T(zh=source, en=source),
        T(zh="估值日 {d}", en="valued {d}").format(d=day(meta.get("as_of"))),
        T(zh="订单 {n} 行，{a} 至 {b}", en="{n} order lines, {a} to {b}").format(
            n=integer(meta.get("n_lines")), a=day(meta.get("first_date")), b=day(meta.get("last_date"))
        ),
        T(zh="未来指之后 {h}", en="future means the next {h}").format(h=span(meta.get("horizon_days"))),
    ]


def spending(figures: Figures) -> T | None:
    """Return how the worth of a purchase is forecast and why; None where nothing competed."""
    chosen = figures.get("spend")
    return words(chosen["reason"]) if chosen and chosen["scores"] else None


def contact(figures: Figures) -> T | None:
    """Return how much value is at stake with the customers to contact first."""
    rows = figures.get("contact") or []
    if not rows:
        return None
    stake = sum(r["at_stake"] for r in rows if known(r.get("at_stake")))
    said = T(zh="{p}，涉及价值合计 {m}", en="{p}, {m} at stake").format(
        p=_people(len(rows)), m=amount(stake, figures["meta"].get("currency"))
    )
    risk = (figures["totals"].get("value_at_risk") or {}).get("value")
    if not known(risk) or not risk or hardly_at_risk(figures["totals"]):
        return T(zh=said.zh + "。", en=said.en + ".")
    return T(zh="{s}，占全部在险价值的 {p}。", en="{s}: {p} of all value at risk.").format(
        s=said, p=percent(stake / risk, 0)
    )


def concentration(figures: Figures) -> T | None:
    """Return what share of value the top customers bring, and what the losing ones eat."""
    data, value = figures.get("concentration") or {}, basis(figures)
    parts = []
    if known(data.get("top20")):
        parts.append(
            T(zh="前 20% 的客户带来 {p} 的{v}。", en="The top 20% bring {p} of {v}.").format(
                p=percent(data["top20"], 0), v=value
            )
        )
    if known(data.get("share_for_80")):
        parts.append(
            T(zh="八成{v}来自 {p} 的客户。", en="Four fifths of {v} come from {p} of customers.").format(
                p=percent(data["share_for_80"], 0), v=value
            )
        )
    if data.get("n_negative"):
        what = RETURNING if figures["meta"].get("basis") == "revenue" else LOSING
        loss = amount(data.get("negative_value"), figures["meta"].get("currency"))
        parts.append(what.format(n=integer(data["n_negative"]), m=loss))
    return _and(parts)


def pyramid(figures: Figures) -> T | None:
    """Return what the best class is, brings and gets."""
    rows = {r["key"]: r for r in figures.get("pyramid") or []}
    best, last = rows.get("IV"), rows.get("I")
    if not best or not last or not known(best.get("share_profit")) or not known(best.get("share_n")):
        return None
    line = T(
        zh="{c}占客户 {n}，带来现在和以后{v}的 {p}；{c1}占客户 {n1}，带来 {p1}。",
        en="{c}: {n} of customers, {p} of {v} now and later. {c1}: {n1} of customers, {p1}.",
    )
    return line.format(
        c=class_name("IV"),
        n=percent(best["share_n"]),
        v=basis(figures),
        p=percent(best["share_profit"]),
        c1=class_name("I"),
        n1=percent(last.get("share_n")),
        p1=percent(last.get("share_profit")),
    )


def matrix(figures: Figures) -> T | None:
    """Return how many lie above the line on current value, what they bring, and where the lines are."""
    data, rows = figures.get("matrix"), {r["key"]: r for r in figures.get("pyramid") or []}
    if not data:
        return None
    currency, top = figures["meta"].get("currency"), [rows[k] for k in ("IV", "III") if k in rows]
    lines = T(zh="分界线：现在 {a}，以后 {b}", en="Dividing lines: {a} now, {b} later").format(
        a=amount(data.get("threshold_current"), currency), b=amount(data.get("threshold_future"), currency)
    )
    if known(data.get("quantile")):
        lines = T(zh="{s}（各轴的第 {q} 百分位）。", en="{s} (percentile {q} of each axis).").format(
            s=lines, q=number(data["quantile"] * 100, 0)
        )
    shares = [r.get("share_profit") for r in top]
    if not top or not all(known(s) for s in shares):
        return lines
    head = T(
        zh="右边两格 {n}，占现在和以后{v}的 {p}。",
        en="The two classes on the right, {n}, hold {p} of {v} now and later.",
    ).format(n=_people(sum(r["n"] for r in top)), p=percent(sum(shares)), v=basis(figures))
    return _and([head, lines])


def tiers(figures: Figures) -> T | None:
    """Return the gold tier's share and how many slipped in visits since last month."""
    parts, rows = [], {r["key"]: r for r in figures.get("tiers") or []}
    gold, visits = rows.get("gold"), figures.get("visits") or {}
    if gold and known(gold.get("share")):
        parts.append(
            T(zh="金牌 {n}，带来{v}的 {p}。", en="Gold tier: {n}, {p} of {v}.").format(
                n=_people(gold["n"]), p=percent(gold["share"], 0), v=basis(figures)
            )
        )
    dated = any(known(c.get("before")) for c in visits.get("classes") or [])
    if dated and visits.get("month") and known(visits.get("downgrades")):
        n, when = visits["downgrades"], month(visits["month"])
        parts.append(
            T(zh="{m}有 {n}比上月降级。", en="{n} came less often in {m} than the month before.").format(
                m=when, n=_people(n)
            )
        )
    return _and(parts)


def rfm(figures: Figures) -> T | None:
    """Return the cell that brings most."""
    cells = (figures.get("rfm") or {}).get("cells") or []
    total, people = sum(max(c["value"] or 0, 0) for c in cells), sum(c["n"] for c in cells)
    if not people or total <= 0:
        return None
    best = max(cells, key=lambda c: (c["value"] or 0, c["r"], c["f"]))
    line = T(
        zh="最值钱的一格是 R{r}F{f}：{n}，占客户 {s}，金额占 {p}。",
        en="The richest cell is R{r}F{f}: {n}, {s} of customers, {p} of the amount.",
    )
    return line.format(
        r=best["r"], f=best["f"], n=_people(best["n"]), s=percent(best["n"] / people), p=percent(best["value"] / total)
    )


def retention(figures: Figures, after: int) -> float | None:
    """Return the share that bought so many months or quarters later, over cohorts large enough to count."""
    data = figures.get("cohort") or {}
    rows = [r for r in data.get("rows") or [] if r["n"] >= data.get("min_size", 30) and len(r["retention"]) >= after]
    kept = [(r["n"], r["retention"][after - 1]) for r in rows if known(r["retention"][after - 1])]
    size = sum(n for n, _ in kept)
    return sum(n * share for n, share in kept) / size if size else None


_BACK = {
    "month": (
        T(zh="新客第 1 个月回头 {p}", en="{p} of new customers come back after one month"),
        T(zh="{s}，第 6 个月 {q}。", en="{s}, {q} after six."),
        6,
    ),
    "quarter": (
        T(zh="新客下一季回头 {p}", en="{p} of new customers come back in the next quarter"),
        T(zh="{s}，第 4 季 {q}。", en="{s}, {q} in the fourth."),
        4,
    ),
}


def cohort(figures: Figures) -> T | None:
    """Return how many of the new come back soon and how many later."""
    soon, later, after = _BACK[(figures.get("cohort") or {}).get("unit", "month")]
    first, last = retention(figures, 1), retention(figures, after)
    if first is None:
        return None
    said = soon.format(p=percent(first, 0))
    if last is None:
        return T(zh=said.zh + "。", en=said.en + ".")
    return later.format(s=said, q=percent(last, 0))


def alive(figures: Figures) -> T | None:
    """Return how many are likely to be buying still, and how many hardly."""
    totals, n = figures["totals"], figures["meta"].get("n_customers") or 0
    if not known(totals.get("alive80")) or not n:
        return None
    data = figures.get("p_alive") or {}
    edges, counts = data.get("edges") or [], data.get("counts") or []
    low = sum(c for c, high in zip(counts, edges[1:], strict=False) if high <= 0.2 + 1e-9)
    likely = T(zh="{n}的活跃概率在 80% 以上（占 {p}）", en="{n} ({p}) have P(alive) of 80% or more").format(
        n=_people(totals["alive80"]), p=percent(totals["alive80"] / n, 0)
    )
    if not low:
        return T(zh=likely.zh + "。", en=likely.en + ".")
    return T(zh="{s}，{m}不到 20%。", en="{s}, {m} under 20%.").format(s=likely, m=_people(low))


def tracking(figures: Figures) -> T | None:
    """Return how far the cumulative forecast is from what happened, over the weeks that the model had not seen."""
    data = figures.get("tracking") or {}
    actual, model, split = data.get("actual") or [], data.get("model") or [], data.get("split_week")
    if not actual or not model or not known(actual[-1]) or not known(model[-1]) or not actual[-1]:
        return None
    unseen = round(data["weeks"][-1] - split) if known(split) else 0
    line = T(
        zh="模型没看过的最后 {w} 周结束时，累计复购实际 {a} 次，模型 {m} 次，差 {d}。",
        en="At the end of the {w} weeks it had not seen: {a} repeat purchases happened, {m} expected, {d} off.",
    )
    off = percent(model[-1] / actual[-1] - 1, sign=True)
    return line.format(w=unseen, a=integer(actual[-1]), m=integer(model[-1]), d=off)


def chosen(figures: Figures) -> Mapping[str, Any] | None:
    """Return the hold-out row of the model that was used."""
    data = figures.get("holdout") or {}
    return next((m for m in data.get("models") or [] if words(m["name"]) == words(data.get("chosen"))), None)


def holdout(figures: Figures) -> T | None:
    """Return bias, coverage and whether the total fell inside its interval."""
    data, row, parts = figures.get("holdout") or {}, chosen(figures), []
    if row and known(row.get("bias")):
        parts.append(
            T(
                zh="用没看过的 {h}考试：总量偏差 {b}。", en="Tested on {h} that it had not seen: total off by {b}."
            ).format(h=span(data.get("horizon_days")), b=percent(row["bias"], sign=True))
        )
    if known(data.get("coverage90")):
        parts.append(
            T(zh="{p} 的客户落在各自的 90% 区间内。", en="{p} of customers fell inside their own 90% interval.").format(
                p=percent(data["coverage90"])
            )
        )
    total = data.get("total_interval")
    if total and data.get("contains") is not None:
        parts.append((INSIDE if data["contains"] else OUTSIDE).format(a=integer(total[0]), b=integer(total[1])))
    return _and(parts)


def customers(figures: Figures, listed: int) -> T | None:
    """Return how much of the value the listed customers hold, and where the others are."""
    n, future = figures["meta"].get("n_customers") or 0, (figures["totals"].get("future_value") or {}).get("value")
    if not listed:
        return None
    head = T(zh="列出 {a}（共 {n}）", en="{a} listed, of {n}").format(
        a=_people(listed), n=T(zh=_people(n).zh, en=integer(n))
    )
    if listed >= n:
        head = T(zh="全部 {a}", en="All {a}").format(a=_people(listed))
    held = sum(c["future_value"] for c in figures["top"][:listed] if known(c.get("future_value")))
    if known(future) and future and listed < n:
        head = T(zh="{h}，占未来价值的 {p}", en="{h}: {p} of future value").format(h=head, p=percent(held / future, 0))
    rest = T(zh="。其余在 customer_value.parquet。", en=". The others are in customer_value.parquet.")
    stop = rest if listed < n else T(zh="。", en=".")
    return T(zh=head.zh + stop.zh, en=head.en + stop.en)


def left_out(figures: Figures) -> T:
    """Return how many lines were left out, with their money."""
    rows = figures.get("left_out") or []
    n = sum(r["rows"] or 0 for r in rows)
    if not n:
        return T(zh="没有漏掉任何一行。", en="No line was left out.")
    total = sum(r["money"] for r in rows if known(r.get("money")) and r.get("reason") != "summary")  # sums are no money
    lines = T(
        zh="{n} 行没算进来，金额合计 {m}。逐行原因见 rejected.csv。",
        en="{n} lines were left out, {m} in all. Row by row in rejected.csv.",
    )
    return lines.format(n=integer(n), m=amount(total, figures["meta"].get("currency")))
