"""What stands in customer_value: the columns, numbers that can be, and nothing made up where the data carry nothing."""

import datetime as dt
import json
import math
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from regulars.valuation import future
from regulars.valuation.columns import TYPES

FUTURE = [
    "p_alive", "expected_purchases", "expected_purchases_low", "expected_purchases_high", "expected_spend",
    "future_value", "future_value_low", "future_value_high", "residual_value", "customer_value", "value_at_risk",
    "at_risk", "matrix",
]  # fmt: skip
ARROW = {"Date": "date32[day]", "String": "string", "Int64": "int64", "Float64": "double", "Boolean": "bool"}


def arrays(run, *names):
    return [np.array([math.nan if v is None else float(v) for v in run.table[n].to_pylist()]) for n in names]


def test_columns_and_types_are_the_contract(plain):
    assert plain.table.column_names == ["customer_id", *TYPES]
    for name, kind in TYPES.items():
        found = str(plain.table.schema.field(name).type)
        wanted = ARROW.get(getattr(kind, "__name__", ""), "decimal128(18, 4)")
        assert (name, found) == (name, wanted)


def test_one_row_a_customer_in_order(plain, lines):
    ids = plain.table["customer_id"].to_pylist()
    assert ids == sorted(set(lines["customer_no"].to_pylist()))


def test_probabilities_and_intervals_are_possible(plain):
    alive, low, mid, high = arrays(plain, "p_alive", "future_value_low", "future_value", "future_value_high")
    assert ((alive >= 0) & (alive <= 1)).all()
    assert (low <= high).all()
    assert (low[alive > 0.3] < mid[alive > 0.3]).all()
    assert (mid <= high)[alive > 0.3].all()  # of one who has surely gone the mean lies beyond nine tenths of nothing
    few, many = arrays(plain, "expected_purchases_low", "expected_purchases_high")
    assert ((few >= 0) & (few <= many)).all()
    expected, risk = arrays(plain, "expected_purchases", "value_at_risk")
    assert (expected >= 0).all()
    assert (risk >= 0).all()
    assert all(gate["passed"] for gate in plain.card["gates"])


def test_values_add_up(plain):
    rows = plain.table.to_pylist()
    assert all(r["customer_value"] == r["net_profit"] + r["future_value"] for r in rows)
    assert all(r["gross_profit"] == r["revenue"] - r["product_cost"] for r in rows)
    assert all(abs(r["residual_value"]) >= abs(r["future_value"]) - Decimal("0.0002") for r in rows)
    assert all(r["x"] == r["n_purchases"] - 1 for r in rows)
    assert all(r["rfm"] == f"{r['r_score']}{r['f_score']}{r['m_score']}" for r in rows)
    assert {r["matrix"] for r in rows} == {"I", "II", "III", "IV"}


def test_figures_agree_with_the_rows(plain):
    totals = plain.figures["totals"]
    assert totals["current_value"] == pytest.approx(plain.total("net_profit"))
    assert totals["future_value"]["value"] == pytest.approx(plain.total("future_value"))
    assert totals["still_buying"]["value"] == pytest.approx(plain.total("p_alive"))
    assert totals["future_value"]["low"] < totals["future_value"]["value"] < totals["future_value"]["high"]
    assert sum(c["n"] for c in plain.figures["matrix"]["cells"]) == plain.table.num_rows
    assert sum(level["n"] for level in plain.figures["pyramid"]) == plain.table.num_rows
    assert sum(plain.figures["p_alive"]["counts"]) == plain.table.num_rows
    assert len(plain.figures["contact"]) <= 15
    json.dumps([plain.figures, plain.card], allow_nan=False)


def test_a_model_that_fails_its_check_takes_its_own_columns_only(value, lines, plain, monkeypatch):
    def broken(law, spend, known, settings):
        scores = real(law, spend, known, settings)
        scores.p_alive[0] = math.nan
        return scores

    real = future.score
    monkeypatch.setattr(future, "score", broken)
    failed = value(lines)
    assert "failed its checks" in failed.not_enough.en
    assert [name for name in FUTURE if failed.table[name].null_count < failed.table.num_rows] == []
    kept = [
        "revenue",
        "net_profit",
        "lifetime_profit",
        "n_purchases",
        "mean_repeat_spend",
        "rfm",
        "tier",
        "visit_class",
    ]
    assert [name for name in kept if failed.column(name) != plain.column(name)] == []
    assert failed.figures["totals"]["future_value"] is None
    assert failed.figures["matrix"] is None


def test_a_customer_who_only_sent_back_has_a_past_and_no_future(value, lines, plain):
    row = lines.slice(0, 1).to_pylist()[0]
    refund = row | {
        "order_no": "R999999", "customer_no": "Z-REFUND", "quantity": -1, "amount": -row["unit_price"],
        "order_time": dt.datetime(2025, 5, 2, 12), "original_order_no": None,
    }  # fmt: skip
    run = value(pa.concat_tables([lines, pa.Table.from_pylist([refund], schema=lines.schema)]))
    found = next(r for r in run.table.to_pylist() if r["customer_id"] == "Z-REFUND")
    assert found["n_purchases"] == 0
    assert found["revenue"] == -row["unit_price"]
    assert found["net_profit"] == -(row["unit_price"] - row["unit_cost"])
    assert [name for name in FUTURE if found[name] is not None and name not in ("customer_value", "matrix")] == []
    others = {k: v for k, v in run.column("p_alive").items() if k != "Z-REFUND"}
    assert others == plain.column("p_alive")


def test_the_forecast_is_near_the_true_future(plain, company):
    import pyarrow.parquet as pq

    truth = pq.read_table(company.truth)
    real = sum(truth["future_profit"].to_pylist())
    assert 0.6 * real < plain.total("future_value") < 1.5 * real
    bought = sum(truth["future_purchases"].to_pylist())
    assert 0.7 * bought < plain.total("expected_purchases") < 1.4 * bought
    alive = dict(zip(truth["customer_id"].to_pylist(), truth["alive_at_end"].to_pylist(), strict=True))
    said = plain.column("p_alive")
    assert np.mean([said[c] for c in alive if alive[c]]) > np.mean([said[c] for c in alive if not alive[c]]) + 0.2
    assert abs(sum(said.values()) - sum(alive.values())) < 0.25 * len(said)
