"""Figures to draw reports from: made up, the same every time, and with as much ugliness as real shops have."""

from __future__ import annotations

import math
from datetime import date, timedelta
from random import Random
from typing import Any

AS_OF = date(2026, 6, 30)
HOSTILE = "</script><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://x.example","pay")'
CLASSES = ("IV", "III", "II", "I")
NAMES = (
    "悦栖酒店集团（华东）",
    "麦野烘焙连锁",
    "榕树下餐饮管理",
    "O'Brien & Søns <Ltd>",
    HOSTILE,
    FORMULA,
    "{b}|{a|x} 50%",
    "C-" + "9" * 200,
)


def t(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _person(random: Random, i: int, future: bool) -> dict[str, Any]:
    current = round(random.lognormvariate(9.2 - i / 260, 0.5) * (-0.2 if i % 41 == 40 else 1), 2)
    p_alive = round(min(0.999, random.betavariate(6, 1.2)), 4)
    value = round(abs(current) * p_alive * random.uniform(0.7, 1.5), 2)
    matrix = ("IV" if value > 2500 else "III") if current > 2500 else ("II" if value > 2500 else "I")
    gap = random.randint(0, 90)
    return {
        "customer_id": NAMES[i] if i < len(NAMES) else 10_000 + i * 7,
        "matrix": matrix if future else None,
        "tier": "gold" if i < 842 else "silver",
        "visit_class": random.choice(["A", "B", "C", "D", None]),
        "rfm": f"{max(1, 5 - gap // 20)}{random.randint(2, 5)}{random.randint(3, 5)}",
        "net_profit": current,
        "revenue": round(abs(current) * 2.4, 2),
        "future_value": value if future else None,
        "low": round(value * 0.62, 2) if future else None,
        "high": round(value * 1.44, 2) if future else None,
        "p_alive": p_alive if future else None,
        "n_purchases": random.randint(2, 240),
        "last_purchase": str(AS_OF - timedelta(days=gap)),
        "why": t(
            f"近 12 个月净利 {current:,.0f}，在前 20% 之内；{gap} 天前买过。",
            f"Net profit {current:,.0f} in 12 months, in the top 20%; bought {gap} days ago.",
        ),
    }


def _contact(people: list[dict[str, Any]], future: bool) -> list[dict[str, Any]]:
    rows = []
    for i, person in enumerate(people[:15]):
        days, gap = 31 + 7 * i, 9.5 + i
        rows.append(
            {
                "customer_id": person["customer_id"],
                "matrix": person["matrix"],
                "tier": "gold",
                "at_stake": 86_400 - 5_000 * i if future else person["net_profit"],
                "why": t(
                    f"已 {days} 天没有下单，平常 {gap:.0f} 天一单。",
                    f"No order for {days} days; usually one every {gap:.0f}.",
                ),
                "what": t(
                    "打电话问近况，确认下一单的时间和数量。",
                    "Call, ask how things are, agree the date and size of the next order.",
                ),
                "last_purchase": str(AS_OF - timedelta(days=days)),
                "days_since": days,
                "usual_gap_days": gap,
                "p_alive": 0.71 - i * 0.03 if future else None,
                "future_value": person["future_value"],
                "net_profit": person["net_profit"],
            }
        )
    return rows


def _concentration() -> dict[str, Any]:
    points = [[0.0, 0.0]]
    points += [
        [i / 100, round(min(1.028, 1.03 * (1 - math.exp(-i / 10.5))) - (max(0, i - 84) / 16) ** 3 * 0.028, 4)]
        for i in range(1, 101)
    ]
    points[-1] = [1.0, 1.0]
    return {
        "points": points,
        "top10": 0.631,
        "top20": 0.8765,
        "share_for_80": 0.158,
        "n_negative": 1801,
        "negative_value": -476_000.0,
        "tail": t(
            "排名 1,000 之后的 7,420 位合计带来净利的 21%。",
            "The 7,420 after the first thousand bring 21% of net profit together.",
        ),
    }


def _matrix(random: Random, people: list[dict[str, Any]]) -> dict[str, Any]:
    edges = [0.0] + [round(10 ** (1 + k / 5), 2) for k in range(26)]
    cells = []
    for i in range(26):
        for j in range(26):
            n = int(
                260
                * math.exp(-(((i - 9) / 6) ** 2) - (((j - 8) / 5.5) ** 2) - 0.6 * ((i - j) / 7) ** 2)
                * random.uniform(0.3, 1.5)
            )
            if n:
                key = ("IV" if j >= 13 else "III") if i >= 13 else ("II" if j >= 13 else "I")
                cells.append({"i": i, "j": j, "n": n, "value": round(n * (edges[i] + edges[i + 1]) / 2, 2), "key": key})
    keys = [
        {"customer_id": p["customer_id"], "current": p["net_profit"], "future": p["future_value"], "key": p["matrix"]}
        for p in people[:8]
    ]
    return {
        "threshold_current": 2512.4,
        "threshold_future": 2430.9,
        "quantile": 0.8,
        "x_edges": edges,
        "y_edges": edges,
        "cells": cells,
        "key_customers": keys,
    }


def _cohorts(random: Random) -> dict[str, Any]:
    rows = []
    for k in range(18):
        n = 24 if k == 9 else 150 + random.randint(0, 180)
        label = f"{2025 + k // 12}-{k % 12 + 1:02d}"
        rows.append(
            {
                "cohort": label,
                "n": n,
                "retention": [
                    round(0.13 + 0.3 * math.exp(-m / 2.2) + random.uniform(-0.02, 0.02), 4) for m in range(17 - k)
                ],
            }
        )
    return {"rows": rows, "min_size": 30}


def _tracking(random: Random) -> dict[str, Any]:
    actual, model, total = [], [], 0.0
    for week in range(79):
        total += 225 + week * 0.9 + random.uniform(-30, 30) + (160 if week % 52 == 46 else 0)
        actual.append(round(total))
        model.append(round(week * 226 + week * week * 0.44 + 200))
    return {"weeks": list(range(79)), "actual": actual, "model": model, "split_week": 52, "start": "2025-01-01"}


def _holdout() -> dict[str, Any]:
    def row(
        name: Any, kind: str, bias: float, rmse: float, spearman: float | None, gini: float, capture: float
    ) -> dict[str, Any]:
        return {
            "name": name,
            "kind": kind,
            "bias": bias,
            "rmse": rmse,
            "mae": rmse * 0.6,
            "spearman": spearman,
            "gini": gini,
            "capture20": capture,
            "total_actual": 7_481,
            "total_expected": 7_481 * (1 + bias),
        }

    return {
        "origin": "2025-12-31",
        "until": "2026-06-30",
        "horizon_days": 182,
        "chosen": "MBG/NBD",
        "coverage90": 0.912,
        "mean_width": 3.42,
        "pit": [0.094, 0.101, 0.108, 0.11, 0.097, 0.092, 0.103, 0.099, 0.093, 0.103],
        "total_interval": [7_310, 7_720],
        "contains": True,
        "models": [
            row("MBG/NBD", "model", 0.009, 2.21, 0.67, 0.81, 0.783),
            row("Pareto/NBD", "model", -0.014, 2.22, 0.66, 0.80, 0.781),
            row("BG/NBD", "model", 0.043, 2.35, 0.61, 0.77, 0.77),
            row(t("沿用去年同期", "Same as last year"), "baseline", -0.078, 2.94, 0.58, 0.7, 0.71),
            row(t("人均相同", "Everyone the same"), "baseline", 0.021, 4.1, None, 0.0, 0.2),
        ],
    }


def _static() -> dict[str, Any]:
    return {
        "tiers": [
            {"key": "gold", "n": 842, "current": 12_410_000.0, "share": 0.73},
            {"key": "silver", "n": 1684, "current": 3_910_000.0, "share": 0.23},
            {"key": "bronze", "n": 5894, "current": 680_000.0, "share": 0.04},
        ],
        "visits": {
            "month": "2026-06-01",
            "classes": [
                {"key": "A", "n": 212, "before": 240},
                {"key": "B", "n": 640, "before": 611},
                {"key": "C", "n": 2904, "before": 2950},
                {"key": "D", "n": 1020, "before": 977},
            ],
            "downgrades": 1311,
            "moves": [
                ["A", "A", 160],
                ["A", "B", 61],
                ["A", "C", 15],
                ["A", "D", 4],
                ["B", "A", 40],
                ["B", "B", 390],
                ["B", "C", 151],
                ["B", "D", 30],
                ["C", "A", 12],
                ["C", "B", 180],
                ["C", "C", 1758],
                ["C", "D", 1000],
            ],
        },
        "crosstab": [
            {"matrix": m, "tier": k, "n": n}
            for m, ns in zip(CLASSES, [(700, 209, 0), (130, 480, 39), (8, 300, 594), (4, 695, 5261)], strict=True)
            for k, n in zip(("gold", "silver", "bronze"), ns, strict=True)
        ],
        "left_out": [
            {
                "reason": "no_customer",
                "text": t("没有客户编号", "No customer number"),
                "rows": 8214,
                "money": 1_283_400.0,
                "overlaps": {"test": 20, "no_customer": 11},
            },
            {
                "reason": "duplicate",
                "text": t("完全重复", "Exact duplicates"),
                "rows": 1107,
                "money": 214_900.0,
                "overlaps": {},
            },
            {
                "reason": "zero_price",
                "text": t("单价为零", "Zero price"),
                "rows": 642,
                "money": 0.0,
                "overlaps": {"no_customer": 4},
            },
            {
                "reason": "after",
                "text": t("估值日之后", "After the valuation date"),
                "rows": 88,
                "money": None,
                "overlaps": {},
            },
        ],
        "mapping": [
            {"canonical": "customer_id", "column": "客户编号", "how": "header"},
            {"canonical": "ordered_at", "column": "下单时间", "how": t("表头", "header")},
            {"canonical": "net_amount", "column": HOSTILE, "how": t("内容", "content")},
        ],
        "notes": [
            t(
                "12 行退货没有找到原订单，按退货当天入账。",
                "12 returns matched no order and are booked on their own day.",
            )
        ],
        "weak": [
            t(
                "成本只到商品一级：服务成本没有记录，净利偏高。",
                "Costs stop at the product: cost to serve is not recorded, so net profit reads high.",
            ),
            t(
                "38% 的客户只买过一次：他们的未来价值几乎全靠同类客户推断。",
                "38% bought only once: their future value rests almost entirely on customers like them.",
            ),
            t(
                "预测不懂季节：春节前后的订单会被低估。",
                "The forecast knows no season: orders around Chinese New Year will be underrated.",
            ),
        ],
    }


def sample_figures(*, n_top: int = 1000, seed: int = 7) -> dict[str, Any]:
    """A whole shop of 8,420 customers."""
    random = Random(seed)
    people = [_person(random, i, True) for i in range(n_top)]
    pyramid = [
        {
            "key": k,
            "n": n,
            "share_n": n / 8420,
            "current": round(p * 0.55, 2),
            "profit": p,
            "share_profit": p / 17e6,
            "resources": r,
            "share_resources": r / 4210,
            "strategy": t(szh, sen),
            "resource_grade": t(gzh, gen),
        }
        for k, n, p, r, szh, sen, gzh, gen in (
            ("IV", 909, 10_440_000.0, 1010, "极力保持，一对一", "Keep and enhance, one to one", "重中之重", "Heaviest"),
            ("III", 649, 4_155_000.0, 884, "重点保持，防被挖走", "Keep; rivals want them", "重点", "Heavy"),
            ("II", 902, 2_881_000.0, 926, "适度加投，挖潜力", "Invest more, grow them", "适当", "Suitable"),
            (
                "I",
                5960,
                -476_000.0,
                1390,
                "先查原因，默认不加投",
                "Find the cause first; no extra spending",
                "不投入",
                "None",
            ),
        )
    ]
    cells = [
        {
            "r": r,
            "f": f,
            "n": int(40 + 900 * math.exp(-((r - 1) ** 2 + (f - 1) ** 2) / 9) * (1.6 if r == f else 1)),
            "value": round(4000 * 3.1 ** ((r + f) / 2.4), 2),
        }
        for r in range(1, 6)
        for f in range(1, 6)
        if (r, f) != (5, 1)
    ]
    return {
        "meta": {
            "source": "orders_2021_2026.csv",
            "as_of": str(AS_OF),
            "first_date": "2021-01-04",
            "last_date": "2026-06-30",
            "currency": "CNY",
            "basis": "net_profit",
            "n_customers": 8420,
            "n_lines": 214_306,
            "horizon_days": 364,
            "discount_rate": 0.1,
            "version": "0.1.0",
            "model": {
                "name": "MBG/NBD",
                "reason": t(
                    "在前两段留出期误差最小，差别在一个标准误内时取更简单的。",
                    "Smallest error on the earlier hold-outs; the simpler one within one standard error.",
                ),
            },
        },
        "totals": {
            "current_value": 17e6,
            "lifetime_value": 61.2e6,
            "future_value": {"value": 17.86e6, "low": 16.9e6, "high": 18.83e6},
            "still_buying": {"value": 5312.4, "low": 5190.0, "high": 5440.0},
            "alive80": 4410,
            "value_at_risk": {"value": 1.946e6, "n": 412},
        },
        "not_enough": None,
        "contact": _contact(people, True),
        "concentration": _concentration(),
        "pyramid": pyramid,
        "matrix": _matrix(random, people),
        "rfm": {
            "edges": {"r": [14, 35, 80, 190], "f": [2, 4, 7, 15], "m": [120.0, 410.5, 1200.0, 4210.0]},
            "cells": cells,
        },
        "cohort": _cohorts(random),
        "p_alive": {
            "edges": [k / 10 for k in range(11)],
            "counts": [1290, 410, 260, 230, 240, 280, 400, 900, 1410, 3000],
        },
        "tracking": _tracking(random),
        "holdout": _holdout(),
        "top": people,
        **_static(),
    }


def thin_figures() -> dict[str, Any]:
    """A shop so young that only current value can be said: everything that may be null is."""
    figures = sample_figures(n_top=3)
    random = Random(1)
    figures["meta"] |= {
        "currency": None,
        "basis": "revenue",
        "n_customers": 3,
        "n_lines": 5,
        "model": None,
        "source": "frame",
    }
    figures["totals"] = {
        "current_value": 420.5,
        "lifetime_value": 420.5,
        "future_value": None,
        "still_buying": None,
        "alive80": None,
        "value_at_risk": None,
    }
    figures["not_enough"] = t("没有一位客户买过第二次。", "No customer has bought a second time.")
    for key in ("matrix", "rfm", "cohort", "p_alive", "tracking", "holdout"):
        figures[key] = None
    people = [_person(random, i + 10, False) for i in range(3)]
    for person in people:
        person |= {"net_profit": None, "why": None, "visit_class": None}
    figures["top"], figures["contact"] = people, []
    figures["pyramid"] = [
        {
            "key": k,
            "n": 0,
            "share_n": None,
            "current": None,
            "profit": None,
            "share_profit": None,
            "resources": None,
            "share_resources": None,
            "strategy": None,
            "resource_grade": None,
        }
        for k in CLASSES
    ]
    figures["visits"] = {
        "month": "2026-06-01",
        "classes": [{"key": k, "n": 0, "before": None} for k in "ABCD"],
        "downgrades": 0,
        "moves": [],
    }
    figures["tiers"] = [
        {"key": "gold", "n": 1, "current": 400.0, "share": 0.95},
        {"key": "silver", "n": 0, "current": 0.0, "share": 0.0},
        {"key": "bronze", "n": 2, "current": 20.5, "share": 0.05},
    ]
    figures["crosstab"], figures["left_out"], figures["mapping"], figures["notes"] = [], [], [], []
    figures["concentration"] = {
        "points": [[0.0, 0.0], [0.333, 0.95], [1.0, 1.0]],
        "top10": None,
        "top20": None,
        "share_for_80": 0.333,
        "n_negative": 0,
        "negative_value": 0.0,
        "tail": None,
    }
    return figures
