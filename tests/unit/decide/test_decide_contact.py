"""Whom to contact first."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa

from regulars import engine
from regulars.decide import contact_first
from regulars.decide.contact import hardly_at_risk


def money(values):
    return pa.array([None if v is None else Decimal(str(v)) for v in values], pa.decimal128(38, 4))


def customers(n=40, **columns):
    ids = list(range(n))
    table = {
        "customer_id": ids,
        "net_profit": money([100] * n),
        "revenue": money([300] * n),
        "days_since_last_purchase": pa.array([35] * n, pa.int64()),
        "n_purchases": pa.array([4] * n, pa.int64()),
        "first_purchase": [dt.date(2026, 1, 1)] * n,
        "last_purchase": [dt.date(2026, 2, 1)] * n,
        "matrix": ["IV"] * n,
        "tier": ["gold"] * n,
    }
    return engine.frame(pa.table(table | columns))


def with_model(n=40, **columns):
    model = {
        "at_risk": [i % 2 == 0 for i in range(n)],
        "value_at_risk": [float(i) for i in range(n)],
        "usual_gap_days": [16.0] * n,
        "p_alive": [0.6] * n,
        "future_value": [500.0] * n,
    }
    return customers(n, **(model | columns))


def test_the_fifteen_with_most_at_risk_among_those_who_are_late():
    found = contact_first(with_model())
    assert [c.customer_id for c in found.contacts] == list(range(38, 8, -2))
    assert found.note is None
    first = found.contacts[0]
    assert (first.at_stake, first.why.zh, first.what.zh) == (
        38.0,
        "晚 19 天，平时 16 天一单",
        "今天打电话：问清原因，谈好下一单",
    )
    assert (first.net_profit, first.p_alive) == (Decimal("100.0000"), 0.6)


def test_equal_stakes_go_by_customer():
    found = contact_first(with_model(value_at_risk=[7.0] * 40))
    assert [c.customer_id for c in found.contacts] == list(range(0, 30, 2))


def test_nobody_late_is_said():
    found = contact_first(with_model(at_risk=[False] * 40))
    assert found.contacts == ()
    assert found.note.en == "Nobody is unusually late."


def test_nothing_at_stake_is_no_reason_to_call():
    found = contact_first(with_model(value_at_risk=[0.0] * 40))
    assert found.contacts == ()
    assert found.note.en.startswith("20 unusually late, but no profit is expected")


def test_a_one_time_buyer_has_no_rhythm():
    found = contact_first(with_model(n_purchases=pa.array([1] * 40, pa.int64())))
    assert found.contacts[0].why.zh == "只买过一次，35 天没再来"


def test_what_to_do_follows_the_class():
    kinds = contact_first(
        with_model(4, matrix=["I", None, "II", None], at_risk=[True] * 4, tier=["bronze", "gold", None, None])
    )
    assert {c.customer_id: c.what.en.split(":")[0] for c in kinds.contacts} == {
        1: "Call today",
        2: "Call or write",
        3: "Call or write",
    }


def test_who_has_probably_left_gets_one_win_back_call_whatever_the_class():
    found = contact_first(with_model(p_alive=[0.05] * 40))
    assert found.contacts[0].what.zh == "多半已经走了：打一次挽回电话，问清原因，不成就放下"


def test_without_future_value_good_customers_who_are_late_come_by_current_value():
    found = contact_first(
        customers(
            6,
            net_profit=money([10, 50, 50, 900, -1, 70]),
            days_since_last_purchase=pa.array([21, 35, 35, 20, 90, 35], pa.int64()),
            tier=["gold", "gold", "silver", "gold", "gold", "bronze"],
        )
    )
    # 31 days in three gaps: late after twice 10.33 days.
    assert [c.customer_id for c in found.contacts] == [1, 2, 0]
    assert found.contacts[0].why.en == "25 days late, usually one order in 10 days"
    assert found.contacts[0].at_stake == Decimal("50.0000")
    assert "还估不出未来价值" in found.note.zh


def test_a_model_that_knows_nothing_counts_as_none():
    empty = pa.array([None] * 40, pa.float64())
    found = contact_first(with_model(value_at_risk=empty, at_risk=pa.array([None] * 40, pa.bool_())))
    assert found.by == "net_profit"
    assert len(found.contacts) == 15


def test_thin_data_is_no_error():
    found = contact_first(customers(2, n_purchases=pa.array([1, 2], pa.int64())))
    assert found.contacts == ()
    assert found.note.en.startswith("Not enough data")


def test_no_good_customer_late_is_said():
    found = contact_first(customers(3, days_since_last_purchase=pa.array([1, 2, 3], pa.int64())))
    assert found.note.en == "No good customer is unusually late."


def test_where_the_model_sees_nobody_leave_what_they_bring_now_decides():
    brings = money(range(40))
    found = contact_first(
        with_model(value_at_risk=[0.001 * (40 - i) for i in range(40)], net_profit=brings), risk_tells=False
    )
    assert [c.customer_id for c in found.contacts[:2]] == [38, 36]
    assert (found.by, found.contacts[0].at_stake) == ("net_profit", Decimal(38))
    assert hardly_at_risk({"future_value": {"value": 5000.0}, "value_at_risk": {"value": 4.0}})
    assert not hardly_at_risk({"future_value": {"value": 5000.0}, "value_at_risk": {"value": 400.0}})
    assert not hardly_at_risk({"future_value": None, "value_at_risk": None})
