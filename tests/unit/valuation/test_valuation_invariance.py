"""What must not change a valuation, and what must change it in a known way."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

CURRENT = ["revenue", "product_cost", "net_profit", "lifetime_profit", "n_purchases", "mean_repeat_spend"]
AS_OF = dt.date(2025, 3, 31)
AFTER = dt.datetime(2025, 4, 1)
MONEY = pa.decimal128(18, 2)


def shuffled(table, seed=1):
    return table.take(np.random.default_rng(seed).permutation(len(table)))


def test_the_same_bytes_whatever_order_and_threads(value, lines, plain):
    assert value(shuffled(lines), threads=1).bytes == plain.bytes


def test_the_same_orders_twice_are_the_same_orders(value, lines, plain):
    assert value(pa.concat_tables([lines, shuffled(lines, 2)])).bytes == plain.bytes


@pytest.fixture(scope="module")
def earlier(value, lines):
    return value(lines, as_of=AS_OF)


def test_what_comes_after_the_day_changes_nothing(value, lines, earlier):
    late = pc.greater_equal(lines["order_time"], AFTER)
    assert pc.any(late).as_py()
    assert value(lines.filter(pc.invert(late)), as_of=AS_OF).bytes == earlier.bytes
    amount = pc.if_else(late, pc.multiply(lines["amount"], 50), lines["amount"]).cast(MONEY)
    other = pc.if_else(late, pc.binary_join_element_wise("new-", lines["customer_no"], ""), lines["customer_no"])
    altered = lines.set_column(lines.schema.get_field_index("amount"), "amount", amount)
    altered = altered.set_column(altered.schema.get_field_index("customer_no"), "customer_no", other)
    assert value(altered, as_of=AS_OF).bytes == earlier.bytes


def test_another_unit_of_money_is_the_same_company(value, lines, plain):
    scaled = lines
    for name in ("unit_price", "amount", "unit_cost"):
        at = scaled.schema.get_field_index(name)
        scaled = scaled.set_column(at, name, pc.multiply(scaled[name], 100).cast(MONEY))
    run = value(scaled)
    for name in ("p_alive", "expected_purchases", "rfm", "tier", "visit_class", "usual_gap_days", "at_risk"):
        assert run.column(name) == plain.column(name)
    for name in ("revenue", "net_profit", "lifetime_profit"):
        assert run.column(name) == {k: v * 100 for k, v in plain.column(name).items()}
    for name in ("future_value", "future_value_low", "future_value_high", "value_at_risk"):
        before, after = plain.column(name), run.column(name)
        found = np.array([[float(before[k]) * 100, float(after[k])] for k in before])
        np.testing.assert_allclose(found[:, 1], found[:, 0], rtol=2e-3, atol=1.0)
    moved = [k for k, v in run.column("matrix").items() if v != plain.column("matrix")[k]]
    assert len(moved) <= 2  # one that stands on a line may step over it


def test_a_customer_s_past_does_not_depend_on_the_others(value, lines, plain):
    half = lines.filter(pc.less(lines["customer_no"], sorted(lines["customer_no"].to_pylist())[len(lines) // 2]))
    run = value(half, as_of=max(plain.table["as_of"].to_pylist()))
    assert 50 < run.table.num_rows < plain.table.num_rows
    for name in CURRENT:
        everyone = plain.column(name)
        assert run.column(name) == {k: everyone[k] for k in run.column(name)}


def test_a_longer_horizon_and_a_lower_rate_are_worth_more(value, lines, plain):
    near, dear = value(lines, horizon_days=91), value(lines, discount_rate=0.5)
    assert near.total("future_value") < dear.total("future_value") < plain.total("future_value")
    assert near.column("p_alive") == dear.column("p_alive") == plain.column("p_alive")
    assert dear.total("residual_value") < plain.total("residual_value") == near.total("residual_value")
