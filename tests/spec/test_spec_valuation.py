"""The valuation's table work, on every engine, against numbers worked out by hand; and one whole run."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars import engine
from regulars.ingest import read_orders
from regulars.measure.lifetime import GammaGamma
from regulars.measure.margin import Margins
from regulars.segment.matrix import MatrixRule
from regulars.segment.tiers import TierRule
from regulars.simulate import Company, write_orders
from regulars.valuation import value_orders, write_customer_value
from regulars.valuation.by_spend import BySpend
from regulars.valuation.cohort import cohort_figures
from regulars.valuation.columns import TYPES, contract
from regulars.valuation.figures.matrix import matrix_cells
from regulars.valuation.figures.people import top_customers
from regulars.valuation.future import Future, with_values
from regulars.valuation.scoring import Histories, Scores, histories, with_scores
from regulars.valuation.settings import Settings

D = dt.date


def rows(frame, *columns):
    return engine.to_arrow(frame.select(*columns).sort(columns[0])).to_pylist()


def money(*values):
    return pa.array([None if v is None else Decimal(str(v)) for v in values], pa.decimal128(38, 4))


def ints(*values):
    return np.array(values, dtype=np.int64)


KNOWN = Histories(ints(0, 2), ints(0, 7), ints(10, 10), ints(1, 2))
SCORES = Scores(
    KNOWN,
    p_alive=np.array([0.5, 0.8]),
    given_expected=np.array([2.0, 6.0]),
    given_discounted=np.array([4.0, 10.0]),
    given_residual=np.array([6.0, 20.0]),
    given_variance=np.array([1.0, 1.0]),
    purchases_low=ints(0, 1),
    purchases_high=ints(3, 9),
    factor_low=np.array([1.0, 0.5]),
    factor_high=np.array([3.0, 2.0]),
    late_after_days=np.array([5.0, 5.0]),
    due_after_days=np.array([400.0, 3.4]),
)
# a: a repeat buyer; b: bought once; c: only sent back; d: like a, served at a loss
SUMMARY = pa.table(
    {
        "customer_id": ["d", "a", "b", "c"],
        "x": pa.array([2, 2, 0, None], pa.int64()),
        "t_x_days": pa.array([7, 7, 0, None], pa.int64()),
        "T_days": pa.array([10, 10, 10, None], pa.int64()),
        "mean_repeat_spend": [50.0, 50.0, None, None],
        "revenue": money(60, 60, 0, -5),
        "net_profit": money(-110, 50, 0, -2),
        "last_purchase": pa.array([D(2024, 2, 27), D(2024, 2, 27), D(2024, 3, 1), None]),
        "days_since_last_purchase": pa.array([6, 6, 4, None], pa.int64()),
    }
)


def test_histories_count_customers_and_round_nothing(on_engine):
    found = histories(on_engine(SUMMARY.slice(0, 3)))
    assert [a.tolist() for a in (found.x, found.t_x_days, found.T_days, found.count)] == [
        [0, 2], [0, 7], [10, 10], [1, 2]
    ]  # fmt: skip


def test_scores_come_back_to_those_who_have_a_history(on_engine):
    found = rows(with_scores(on_engine(SUMMARY), SCORES), "customer_id", "p_alive", "expected_purchases")
    assert [(r["customer_id"], r["p_alive"]) for r in found] == [("a", 0.8), ("b", 0.5), ("c", None), ("d", 0.8)]
    assert [r["expected_purchases"] for r in found] == pytest.approx([4.8, 1.0, None, 4.8])


def valued(on_engine, margins, basis):
    # Of Gamma-Gamma (4, 3, 100): a new customer spends 4·100/2 = 200, one with 2 × 50 spends 4·200/10 = 80.
    spend = GammaGamma.from_params(p=4.0, q=3.0, v=100.0)
    future = Future("by hand", SimpleNamespace(), BySpend(spend, margins), SCORES, {}, Settings())
    return with_values(with_scores(on_engine(SUMMARY), SCORES), future, basis=basis)


VALUES = (
    "expected_spend", "future_value", "future_value_low", "future_value_high", "residual_value", "value_at_risk",
    "customer_value",
)  # fmt: skip


def test_values_where_profit_is_known(on_engine):
    # The base keeps 0.5 of a unit and its purchase is 10, so its rate weighs as 40 of revenue: a keeps
    # (50 + 20)/100 = 0.7, d (−110 + 20)/100 = −0.9, b the base's 0.5.
    found = rows(valued(on_engine, Margins(0.5, 10.0), "net_profit"), "customer_id", *VALUES)
    a, b, c, d = ([None if r[name] is None else float(r[name]) for name in VALUES] for r in found)
    assert a == pytest.approx([80, 448, 70, 280, 896, 112, 498])
    assert b == pytest.approx([200, 200, 50, 150, 300, 200, 200])
    assert c == [None, None, None, None, None, None, -2]
    assert d == pytest.approx([80, -576, -360, -90, -1152, 0, -686])


def test_values_where_only_revenue_is_known(on_engine):
    found = rows(valued(on_engine, None, "revenue"), "customer_id", *VALUES)
    a, b, c, d = ([None if r[name] is None else float(r[name]) for name in VALUES] for r in found)
    assert a == d == pytest.approx([80, 640, 100, 400, 1280, 160, 700])
    assert b == pytest.approx([200, 400, 100, 300, 600, 400, 400])
    assert c == [None, None, None, None, None, None, -5]


def test_timing(on_engine):
    frame = valued(on_engine, None, "revenue")
    found = rows(frame, "customer_id", "at_risk", "usual_gap_days", "next_order_due")
    assert [tuple(r.values())[1:] for r in found] == [
        (True, 3.5, D(2024, 3, 1)), (False, None, None), (None, None, None), (True, 3.5, D(2024, 3, 1))
    ]  # fmt: skip
    assert [name for name in frame.collect_schema().names() if name.startswith("_")] == []


def test_the_contract_adds_what_is_not_known_and_leaves_the_rest_out(on_engine):
    table = engine.to_arrow(contract(on_engine(SUMMARY)).sort("customer_id"))
    assert table.column_names == ["customer_id", *TYPES]
    assert table["revenue"].to_pylist() == [
        Decimal("60.0000"),
        Decimal("0.0000"),
        Decimal("-5.0000"),
        Decimal("60.0000"),
    ]
    assert str(table.schema.field("revenue").type) == "decimal128(18, 4)"
    assert table["future_value"].null_count == table["tier"].null_count == 4


def test_cohorts_count_full_months_only(on_engine):
    bought = {
        1: [D(2024, 1, 1), D(2024, 1, 31), D(2024, 2, 29), D(2024, 4, 2)],
        2: [D(2024, 1, 15), D(2024, 3, 31)],
        3: [D(2024, 2, 1)],
        4: [D(2024, 4, 10)],
        5: [D(2024, 5, 1)],
    }
    customers = pa.table({"customer_id": list(bought), "first_purchase": [days[0] for days in bought.values()]})
    occasions = pa.table(
        {
            "customer_id": [c for c, days in bought.items() for _ in days],
            "occasion_date": [day for days in bought.values() for day in days],
        }
    )
    found = cohort_figures(on_engine(customers), on_engine(occasions), as_of=D(2024, 4, 20))["rows"]
    assert found == [
        {"cohort": "2024-01", "n": 2, "retention": [0.5, 0.5]},
        {"cohort": "2024-02", "n": 1, "retention": [0.0]},
        {"cohort": "2024-04", "n": 1, "retention": []},
    ]


PLACED = pa.table(
    {
        "customer_id": [1, 2, 3, 4, 5],
        "matrix": ["IV", "I", "I", "II", None],
        "net_profit": money(1000, -5, "0.5", 3, 7),
        "revenue": money(2000, 5, 1, 9, 9),
        "future_value": money(100, 1, 0, 100, None),
        "tier": ["gold", "bronze", "bronze", "silver", "silver"],
        "n_purchases": pa.array([9, 1, 1, 2, 0], pa.int64()),
        "last_purchase": [D(2024, 1, d) for d in (1, 2, 3, 4, 5)],
    }
)


def test_the_matrix_is_counted_in_cells(on_engine):
    found = matrix_cells(on_engine(PLACED), "net_profit")
    cells = {(c["i"], c["j"], c["key"]): (c["n"], c["value"]) for c in found["cells"]}
    assert sum(n for n, _ in cells.values()) == 4
    assert cells[(31, 31, "IV")] == (1, 1000.0)
    assert cells[(0, 1, "I")] == (1, -5.0)  # less than nothing sits in the first column, nothing in the first row
    assert found["x_edges"][-1] == pytest.approx(1000, rel=1e-4)
    assert 0.8 < found["y_edges"][0] < 1  # the smallest that anybody brings
    assert matrix_cells(on_engine(PLACED.slice(4)), "net_profit") is None


def shop(values):
    return pa.table({"matrix": ["I"] * len(values), "net_profit": money(*values), "future_value": money(*values)})


def test_customers_who_are_alike_fill_the_picture_as_well(on_engine):
    found = matrix_cells(on_engine(shop([1000 + 15 * i for i in range(200)] + [0] * 20)), "net_profit")
    assert len({c["i"] for c in found["cells"]}) > 15
    assert found["x_edges"][0] == pytest.approx(398.6, rel=0.01)  # a power of ten at least
    assert sum(c["n"] for c in found["cells"]) == 220


def test_the_picture_never_reaches_beyond_five_powers_of_ten(on_engine):
    found = matrix_cells(on_engine(shop([round(10 ** (k / 10), 4) for k in range(-10, 80)])), "net_profit")
    assert 5e4 < found["x_edges"][-1] / found["x_edges"][0] <= 1.01e5


def cohort_shop(starts):
    """Customers who first buy on the given days and again 40 and 100 days later."""
    days = [(c, start + dt.timedelta(days=d)) for c, start in enumerate(starts) for d in (0, 40, 100)]
    customers = pa.table({"customer_id": list(range(len(starts))), "first_purchase": starts})
    return customers, pa.table({"customer_id": [c for c, _ in days], "occasion_date": [day for _, day in days]})


def test_where_months_have_too_few_quarters_are_taken(on_engine):
    starts = [D(2024, m, 1 + k) for m in range(1, 7) for k in range(12)]
    customers, occasions = (on_engine(t) for t in cohort_shop(starts))
    found = cohort_figures(customers, occasions, as_of=D(2024, 12, 31))
    assert (found["unit"], found["why"]) == ("quarter", None)
    assert [(row["cohort"], row["n"], len(row["retention"])) for row in found["rows"]] == [
        ("2024-Q1", 36, 3), ("2024-Q2", 36, 2)
    ]  # fmt: skip
    assert found["rows"][0]["retention"][0] == 1.0
    cut = cohort_figures(customers, occasions, as_of=D(2024, 12, 30))
    assert [len(row["retention"]) for row in cut["rows"]] == [2, 1]  # a quarter that is not over is not counted


def test_months_are_kept_where_most_of_them_carry_a_share(on_engine):
    starts = [D(2024, m, 1 + k % 28) for m in (1, 2, 3) for k in range({1: 31, 2: 29, 3: 30}[m])]
    customers, occasions = (on_engine(t) for t in cohort_shop(starts))
    found = cohort_figures(customers, occasions, as_of=D(2024, 12, 31))
    assert (found["unit"], [row["n"] for row in found["rows"]]) == ("month", [31, 29, 30])


@pytest.mark.parametrize(
    ("starts", "why"),
    [
        (
            [D(2024, m, 5) for m in range(1, 8) for _ in range(4)],
            "no quarter has 30 new customers (4 at most)",
        ),
        ([D(2024, 12, 1 + k % 28) for k in range(50)], "no full month lies after a first purchase"),
    ],
    ids=["few", "short"],
)
def test_where_no_cohort_carries_a_share_words_say_why(on_engine, starts, why):
    customers, occasions = (on_engine(t) for t in cohort_shop(starts))
    found = cohort_figures(customers, occasions, as_of=D(2024, 12, 31))
    assert why in found["why"]["en"]
    assert found["why"]["zh"]


def test_the_most_valuable_come_first_and_ties_by_name(on_engine):
    rules = SimpleNamespace(
        matrix=MatrixRule(0.8, 500.0, 50.0, "net_profit", "future_value"),
        tiers=TierRule(500.0, 3.0, 0.1, 0.2, "net_profit"),
    )
    table = PLACED.append_column("customer_value", money(7, None, 3, 7, 9))
    one = SimpleNamespace(
        customers=on_engine(table),
        basis="net_profit",
        future=object(),
        rules=rules,
        orders=SimpleNamespace(currency="EUR"),
    )
    found = top_customers(one)
    assert [row["customer_id"] for row in found] == [5, 1, 4, 3]
    assert (found[1]["net_profit"], found[1]["last_purchase"]) == (1000.0, "2024-01-01")
    assert set(found[1]["why"]) == {"zh", "en"}


@pytest.fixture(scope="module")
def sold(tmp_path_factory):
    path = tmp_path_factory.mktemp("sold") / "orders.parquet"
    write_orders(Company(n_customers=80, seed=4, weeks=60, r=1.2, alpha=6.0, lines_per_order=1.5), path)
    return pq.read_table(path)


@pytest.fixture(scope="module")
def expected(sold, tmp_path_factory):
    path = tmp_path_factory.mktemp("expected") / "customers.parquet"
    with engine.session() as connection:
        write_customer_value(value_orders(read_orders(sold, connection=connection)).customers, path)
    return pq.read_table(path)


def test_a_whole_run_is_the_same_everywhere(on_engine, sold, expected, tmp_path):
    write_customer_value(value_orders(read_orders(on_engine(sold).to_native())).customers, tmp_path / "c.parquet")
    found = pq.read_table(tmp_path / "c.parquet")
    assert expected["future_value"].null_count == 0
    assert found.column_names == expected.column_names
    for name in expected.column_names:
        here, there = found[name].to_pylist(), expected[name].to_pylist()
        if isinstance(there[0], float | Decimal):
            here, there = ([np.nan if v is None else float(v) for v in column] for column in (here, there))
            np.testing.assert_allclose(here, there, rtol=1e-9, atol=1e-4, err_msg=name)
        else:
            assert (name, here) == (name, there)
