"""Current value, classes, concentration and actions: the same on every engine."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from regulars import engine
from regulars.decide import assign, contact_first
from regulars.measure.concentration import concentration
from regulars.measure.current import current_value
from regulars.measure.margin import Margin
from regulars.segment import crosstab, matrix, pyramid, rfm, rfm_cells, tier_summary, tiers, visit_summary, visits

D = Decimal
DAY = dt.date


def money(*values):
    return pa.array([None if v is None else D(str(v)) for v in values], pa.decimal128(38, 4))


def rows(frame, *columns, key="customer_id"):
    table = engine.to_arrow(frame.select(*dict.fromkeys((key, *columns))))
    return [tuple(row[c] for c in columns) for row in sorted(table.to_pylist(), key=lambda row: row[key])]


LINES = pa.table(
    {
        "customer_id": ["a", "a", "a", "b", "b", "c"],
        "business_date": [
            DAY(2025, 1, 1), DAY(2026, 3, 1), DAY(2026, 4, 1), DAY(2026, 5, 1), DAY(2026, 7, 1), DAY(2025, 6, 30),
        ],
        "category": ["x", "x", "y", None, "x", "y"],
        "net_amount": money("100", "50", "-10.5", "20", "99", "7"),
        "cost_amount": money("60", "30", None, "10", "1", "2"),
        "is_product": [True, True, True, False, True, True],
    }
)  # fmt: skip
AMOUNTS = ("revenue", "product_cost", "gross_profit", "net_profit", "lifetime_revenue", "lifetime_profit")


@pytest.mark.parametrize(
    ("margin", "basis", "expected"),
    [
        (
            None,
            "revenue",
            [
                (D("39.5"), None, None, None, D("139.5"), None),
                (D(20), None, None, None, D(20), None),
                (D(0), None, None, None, D(7), None),
            ],
        ),
        (
            Margin(None, {"y": D("0.5")}),
            "net_profit",
            [
                (D("39.5"), D("24.75"), D("14.75"), D("14.75"), D("139.5"), D("54.75")),
                (D(20), D(10), D(10), D(10), D(20), D(10)),
                (D(0), D(0), D(0), D(0), D(7), D(5)),
            ],
        ),
        (
            Margin(D("0.3333"), {}),
            "net_profit",
            [
                (D("39.5"), D("22.9996"), D("16.5004"), D("16.5004"), D("139.5"), D("56.5004")),
                (D(20), D(10), D(10), D(10), D(20), D(10)),
                (D(0), D(0), D(0), D(0), D(7), D(5)),
            ],
        ),
    ],
)
def test_current_value(on_engine, margin, basis, expected):
    found = current_value(on_engine(LINES), as_of=DAY(2026, 6, 30), margin=margin)
    assert found.basis == basis
    assert rows(found.customers, *AMOUNTS) == expected


def test_current_value_of_one_rate_for_all(on_engine):
    without = LINES.set_column(4, "cost_amount", money(*[None] * 6))
    found = current_value(on_engine(without), as_of=DAY(2026, 6, 30), margin=Margin(D("0.35")))
    assert rows(found.customers, "net_profit", "lifetime_profit") == [
        (D("13.825"), D("48.825")), (D(7), D(7)), (D(0), D("2.45"))
    ]  # fmt: skip


def test_current_value_with_some_unknown_costs_and_costs_to_serve(on_engine):
    few = LINES.set_column(3, "net_amount", money("100", "500", "-10.5", "20", "99", "7"))
    costs = on_engine(pa.table({"customer_id": ["b"], "cost_to_serve": money("2.5")}))
    found = current_value(on_engine(few), as_of=DAY(2026, 6, 30), costs=costs)
    assert found.basis == "net_profit"
    assert rows(found.customers, "net_profit", "cost_to_serve", "lifetime_profit") == [
        (None, None, None), (D("7.5"), D("2.5"), D(10)), (D(0), None, D(5))
    ]  # fmt: skip


def customers(**more):
    n = 10
    return pa.table(
        {
            "customer_id": list(range(n)),
            "days_since_last_purchase": pa.array([1, 1, 1, 5, 6, 7, 8, 100, 200, None], pa.int64()),
            "n_purchases": pa.array([1, 1, 1, 1, 1, 1, 2, 3, 9, None], pa.int64()),
            "first_purchase": [DAY(2026, 1, 1)] * n,
            "last_purchase": [DAY(2026, 1, 11)] * n,
            "lifetime_revenue": money(10, 10, 10, 10, 10, 20, 30, 40, 50, 0),
            "net_profit": money(-3, 0, 0, 1, 1, 1, 2, 3, 10, 5),
            "future_value": pa.array([0, 1, 2, 3, 4, 5, 6, 7, 8.25, None], pa.float64()),
            **more,
        }
    )


def test_rfm(on_engine):
    scored, edges = rfm(on_engine(customers()))
    assert [r for (r,) in rows(scored, "rfm")] == [
        "512", "512", "512", "412", "312", "213", "224", "144", "155", None
    ]  # fmt: skip
    assert edges.as_dict() == {"r": [5, 6, 7, 100], "f": [2, 3, 9], "m": [10, 20, 30, 50]}
    cells = rfm_cells(scored, value="net_profit")
    assert cells[-1] == {"r": 5, "f": 1, "n": 3, "value": D("-3.0000")}
    assert sum(cell["n"] for cell in cells) == 9


def test_matrix_pyramid_and_strategy(on_engine):
    classed, rule = matrix(on_engine(customers(cost_to_serve=money(*[1] * 9, None))))
    assert (rule.current, rule.future) == (5, 7)
    assert [m for (m,) in rows(classed, "matrix")] == [*["I"] * 7, "II", "IV", None]
    assert rows(classed, "matrix_reason")[7:] == [
        ("low_now_high_later",), ("high_now_high_later",), ("not_enough_data",)
    ]  # fmt: skip
    levels = {level.key: level for level in pyramid(classed)}
    assert [(levels[k].n, levels[k].profit, levels[k].resources) for k in ("IV", "III", "II", "I")] == [
        (1, D("18.25"), D(1)), (0, D(0), D(0)), (1, D(10), D(1)), (7, D(23), D(7))
    ]  # fmt: skip
    assigned = assign(classed)
    assert rows(assigned, "strategy", "resource_grade", "strategy_reason")[6:] == [
        ("release", "none", "class_I"),
        ("rebuild", "suitable", "class_II"),
        ("enhance", "heaviest", "class_IV"),
        (None, None, "not_enough_data"),
    ]


def test_matrix_without_any_future(on_engine):
    blank = customers(future_value=pa.array([None] * 10, pa.float64()))
    classed, rule = matrix(on_engine(blank))
    assert not rule.known
    assert set(rows(classed, "matrix", "matrix_reason")) == {(None, "not_enough_data")}
    assert pyramid(classed) == []


def test_a_cause_overrides_the_lowest_class(on_engine):
    frame = on_engine(pa.table({"customer_id": [1, 2], "matrix": ["I", "IV"], "cause": ["price", "price"]}))
    assert rows(assign(frame), "strategy", "strategy_reason") == [("automate", "cause_price"), ("enhance", "class_IV")]


def test_tiers(on_engine):
    tiered, rule = tiers(on_engine(customers(matrix=["I"] * 9 + ["IV"])))
    assert (rule.gold, rule.silver) == (10, 3)
    assert [t for (t,) in rows(tiered, "tier")] == [*["bronze"] * 7, "silver", "gold", "silver"]
    assert tier_summary(tiered) == [
        {"key": "gold", "n": 1, "current": D(10), "share": 0.5},
        {"key": "silver", "n": 2, "current": D(8), "share": 0.4},
        {"key": "bronze", "n": 7, "current": D(2), "share": 0.1},
    ]
    assert {"matrix": "IV", "tier": "silver", "n": 1} in crosstab(tiered)


def test_visits(on_engine):
    bought = {0: (8, 11, 0), 1: (1, 1, 0), 2: (0, 0, 1), 3: (0, 3, 0), 4: (10, 0, 0)}
    pairs = [
        (who, DAY(2026, month, 1 + i))
        for who, (june, may, april) in bought.items()
        for month, n in ((6, june), (5, may), (4, april))
        for i in range(n)
    ]
    occasions = pa.table({"customer_id": [p[0] for p in pairs], "occasion_date": [p[1] for p in pairs]})
    seen, _ = visits(on_engine(customers()), on_engine(occasions), as_of=DAY(2026, 6, 30))
    assert rows(seen, "visit_class", "visit_class_before", "visit_change", "visit_reason", "visits_month")[:6] == [
        ("B", "A", "down", "down", 8),
        ("C", "C", "same", "same", 1),
        (None, "D", None, "none", 0),
        ("D", "C", "down", "down", 0),
        ("A", None, None, "new_or_back", 10),
        (None, None, None, "none", 0),
    ]
    summary = visit_summary(seen)
    assert summary["downgrades"] == 2
    assert summary["classes"][0] == {"key": "A", "n": 1, "before": 1}
    running, _ = visits(on_engine(customers()), on_engine(occasions), as_of=DAY(2026, 6, 5))
    assert rows(running, "visit_class", "visits_running")[:2] == [("A", 5), ("C", 1)]


def test_concentration(on_engine):
    found = concentration(on_engine(customers()))
    assert (found.total, found.n_negative, found.negative_value) == (D(20), 1, D(-3))
    assert (found.top10, found.top20, found.share_for_80) == (0.5, 0.75, 0.3)
    assert found.points[1:4] == ((0.1, 0.5), (0.2, 0.75), (0.3, 0.9))


def test_contact_first_by_value_at_risk(on_engine):
    table = customers(
        at_risk=[True] * 6 + [False] * 4,
        value_at_risk=pa.array([1, 5, 5, 9, None, 0, 99, 99, 99, 99], pa.float64()),
        usual_gap_days=[1.0] * 10,
        matrix=["IV"] * 10,
    )
    found = contact_first(on_engine(table), n=2)
    assert [(c.customer_id, c.at_stake) for c in found.contacts] == [(3, 9.0), (1, 5.0)]
    assert found.contacts[1].last_purchase == DAY(2026, 1, 11)


def test_contact_first_without_a_model(on_engine):
    found = contact_first(on_engine(customers(tier=["gold"] * 10)))
    assert [(c.customer_id, c.at_stake, c.usual_gap_days) for c in found.contacts] == [(8, D(10), 1.25), (7, D(3), 5.0)]
