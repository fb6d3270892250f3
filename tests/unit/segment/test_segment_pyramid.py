"""Three triangles: how many, what they bring, what is spent."""

from decimal import Decimal

import pyarrow as pa
import pytest

from regulars import engine
from regulars.segment import pyramid


def money(*values):
    return pa.array([None if v is None else Decimal(v) for v in values], pa.decimal128(38, 4))


def levels(**more):
    table = {
        "matrix": ["IV", "III", "I", "I", None],
        "net_profit": money("60", "30", "-5", "-5", "999"),
        "future_value": [40.0, 0.0, -5.0, 5.0, None],
        **more,
    }
    return {level.key: level for level in pyramid(engine.frame(pa.table(table)))}


def test_levels_count_customers_and_profit_now_and_to_come():
    found = levels()
    assert list(found) == ["IV", "III", "II", "I"]
    assert (found["I"].n, found["I"].share_n) == (2, 0.5)
    assert found["IV"].profit == Decimal("100")
    assert found["IV"].share_profit == pytest.approx(100 / 120)


def test_a_level_that_loses_money_has_a_negative_share():
    assert levels()["I"].share_profit == pytest.approx(-10 / 120)
    assert sum(level.share_profit for level in levels().values()) == pytest.approx(1)


def test_an_empty_level_is_there_with_nothing():
    assert (levels()["II"].n, levels()["II"].profit) == (0, 0)


def test_resources_are_unknown_without_cost_data_never_zero():
    for more in ({}, {"cost_to_serve": money(None, None, None, None, None)}):
        assert {level.resources for level in levels(**more).values()} == {None}


def test_resources_add_up_what_is_known():
    found = levels(cost_to_serve=money("1", "1", "2", None, "9"), marketing_cost=money("0", None, "1", "3", None))
    assert found["I"].resources == Decimal("6")
    assert found["I"].share_resources == pytest.approx(6 / 8)


def test_where_the_whole_makes_no_profit_shares_say_nothing():
    found = pyramid(engine.frame(pa.table({"matrix": ["I"], "net_profit": money("-1"), "future_value": [0.5]})))
    assert {level.share_profit for level in found} == {None}


def test_without_classes_there_is_no_pyramid():
    table = {"matrix": pa.array([None], pa.string()), "net_profit": money("1"), "future_value": [None]}
    assert pyramid(engine.frame(pa.table({**table, "future_value": pa.array([None], pa.float64())}))) == []
